"""An outside effect whose end nobody knows is shown to a person, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from functions.outbox_sweeper.open_effects import OPEN_FOR
from shared.errors import EffectUnknown
from shared.runtime.effects import Effects
from tests.functions.outbox_sweeper.rig import Broken


class Killed(BaseException):
    """The process ends here."""


def die() -> dict[str, Any]:
    raise Killed


def begin(broken: Broken, key: str, tenant: str = "autohaus") -> None:
    with pytest.raises(Killed):
        Effects(broken.harness.tenant(tenant)).perform(key, die)


def asked(broken: Broken) -> list[tuple[str, str]]:
    told = broken.harness.events("attention-requested")
    return [(event["tenantid"], event["data"]["subject"]) for event in told]


def test_an_effect_without_an_end_is_asked_about_once_in_its_tenant(broken: Broken) -> None:
    begin(broken, "sms-1")
    begin(broken, "sms-2", "northside")
    broken.clock.ahead = OPEN_FOR + timedelta(seconds=1)
    assert broken.sweep()["asked"] == 2
    assert broken.sweep()["asked"] == 0
    assert asked(broken) == [("autohaus", "effects/sms-1"), ("northside", "effects/sms-2")]


def test_an_effect_found_unknown_after_it_was_asked_about_is_not_asked_about_again(broken: Broken) -> None:
    begin(broken, "sms-1")
    broken.clock.ahead = OPEN_FOR + timedelta(seconds=1)
    broken.sweep()
    with pytest.raises(EffectUnknown):
        Effects(broken.harness.tenant()).perform("sms-1", die)
    assert broken.sweep()["asked"] == 0


def test_an_effect_that_may_still_be_at_work_is_left_alone(broken: Broken) -> None:
    begin(broken, "sms-1")
    broken.clock.ahead = OPEN_FOR - timedelta(seconds=5)
    assert broken.sweep()["asked"] == 0


def test_what_ended_is_not_asked_about(broken: Broken) -> None:
    Effects(broken.harness.tenant()).perform("sms-1", lambda: {"id": "1"})
    broken.clock.ahead = OPEN_FOR * 2
    assert broken.sweep()["asked"] == 0
    assert asked(broken) == []
