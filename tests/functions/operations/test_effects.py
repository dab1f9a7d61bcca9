"""A person says whether an outside effect happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.errors import EffectUnknown
from shared.runtime.effects import Effects
from shared.testing.harness import Harness, running

EFFECTS = "/api/operations/effects"


class LateClock:
    late = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.late


class Killed(BaseException):
    """The process ends here."""


def die() -> dict[str, Any]:
    raise Killed


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Harness]:
    """With an effect `sms-1` whose end nobody knows."""
    clock = LateClock()
    with running(tmp_path, replaced={"clock": lambda _: clock}) as harness:
        effects = Effects(harness.tenant())
        with pytest.raises(Killed):
            effects.perform("sms-1", die)
        clock.late = timedelta(minutes=5)
        with pytest.raises(EffectUnknown):
            effects.perform("sms-1", die)
        yield harness


def decide(product: Harness, happened: Any, tenant: str = "autohaus") -> int:
    path = f"{EFFECTS}/sms-1/decision"
    return product.call("POST", path, json={"happened": happened}, persona="operator", tenant=tenant).status


def test_an_unknown_effect_is_listed_in_its_tenant_alone(product: Harness) -> None:
    listed = product.call("GET", EFFECTS, persona="operator").json()["effects"]
    assert [effect["effect_id"] for effect in listed] == ["sms-1"]
    assert product.call("GET", EFFECTS, persona="operator", tenant="northside").json()["effects"] == []
    assert decide(product, True, "northside") == 404


def test_an_effect_that_happened_is_not_performed_again(product: Harness) -> None:
    assert decide(product, True) == 204
    result = Effects(product.tenant()).perform("sms-1", die)
    assert result == {"decided_by": "users/operator"}
    assert decide(product, False) == 409


def test_an_effect_that_did_not_happen_is_performed_by_the_next_delivery(product: Harness) -> None:
    assert decide(product, False) == 204
    assert Effects(product.tenant()).perform("sms-1", lambda: {"id": "1"}) == {"id": "1"}


def test_a_decision_that_is_none_is_refused(product: Harness) -> None:
    assert decide(product, "perhaps") == 422
