"""A busy store delays the owner and stops nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shared.admin import patience
from shared.admin.patience import TRIES, patiently
from shared.admin.restore import import_tenant
from shared.errors import InvalidInput, Unavailable
from shared.testing.harness import settings_for
from tests.unit.admin.owner import Owner, manifest_of, silent


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE_S", 0.001)


class Busy:
    """Fails so many times, then answers."""

    def __init__(self, times: int, error: Exception) -> None:
        self.left, self.error, self.calls = times, error, 0

    def __call__(self) -> str:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise self.error
        return "done"


def test_what_is_busy_for_a_while_is_asked_again() -> None:
    busy = Busy(TRIES - 1, Unavailable("busy"))
    assert patiently(busy) == "done" and busy.calls == TRIES


def test_what_stays_away_is_given_up_and_what_is_wrong_at_once() -> None:
    with pytest.raises(Unavailable):
        patiently(away := Busy(TRIES, Unavailable("away")))
    with pytest.raises(InvalidInput):
        patiently(wrong := Busy(1, InvalidInput("wrong")))
    assert (away.calls, wrong.calls) == (TRIES, 1)


def test_an_import_outlasts_a_store_that_fails_every_other_time(tmp_path: Path) -> None:
    data = tmp_path / "data"
    owner = Owner(settings_for(data), tmp_path, ("--data-dir", str(data), "--as", "test"))
    owner.make("harbor")
    export = owner.export("harbor")
    owner.done("tenant", "delete", "harbor", "--export", str(export), "--yes")
    with owner.admin() as admin:
        documents: Any = admin.platform.documents
        commit, calls = documents.commit, []

        def every_other(writes: Any) -> Any:
            calls.append(len(writes))
            if len(calls) % 2 == 0:
                raise Unavailable("busy")
            return commit(writes)

        documents.commit = every_other
        import_tenant(admin, admin.place(str(export)), with_accounts=True, progress=silent)
    assert len(calls) > 10 and owner.content("harbor") == manifest_of(export).content_sha256
