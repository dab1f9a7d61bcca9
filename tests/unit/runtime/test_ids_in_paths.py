"""Ids from outside become parts of document paths, and the names Firestore keeps for itself are none."""

from __future__ import annotations

import pytest

from shared.errors import Malformed
from shared.events.base import read_envelope
from tests.unit.runtime.shell import Shell

NO_IDS = ["..", ".", "__x__", "a/b", "-", "", "x" * 129]


@pytest.mark.parametrize("no_id", NO_IDS)
def test_a_path_with_what_is_no_id_leads_nowhere(shell: Shell, no_id: str) -> None:
    answer = shell.call("GET", f"/api/bells/{no_id}", headers=shell.token("ceo"))
    assert answer.status == 404
    assert b"tenants" not in answer.encoded()


@pytest.mark.parametrize("attribute", ["ce-id", "ce-tenantid"])
@pytest.mark.parametrize("no_id", NO_IDS)
def test_an_event_with_what_is_no_id_is_malformed(attribute: str, no_id: str) -> None:
    attributes = {f"ce-{name}": "x" for name in ("id", "source", "type", "tenantid")}
    attributes |= {"ce-time": "2026-11-20T09:00:00+00:00", attribute: no_id}
    with pytest.raises(Malformed, match=attribute):
        read_envelope(attributes, b"{}")
