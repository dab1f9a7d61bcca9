"""An outside effect happens at most once and is never lost silently, wherever the process dies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from shared.errors import CosError, EffectUnknown, LeaseHeld, Rejected, Unavailable
from shared.runtime.effects import CLAIM_SECONDS, Effects
from tests.unit.runtime.rig import Killed, World


class Provider:
    """The outside: counts what really happened and may remember it."""

    def __init__(self, *, remembers: bool = False) -> None:
        self.happened = 0
        self.asked: list[datetime] = []
        self.remembers = remembers
        self.failure: BaseException | None = None
        self.fails_after = False

    def call(self) -> Mapping[str, Any]:
        failure, self.failure = self.failure, None
        if failure is not None and not self.fails_after:
            raise failure
        self.happened += 1
        if failure is not None:
            raise failure
        return {"receipt": self.happened}

    def look_up(self, since: datetime) -> Mapping[str, Any] | None:
        self.asked.append(since)
        return {"receipt": self.happened} if self.remembers and self.happened else None


def perform(world: World, provider: Provider) -> Mapping[str, Any]:
    return Effects(world.platform.tenant("t1")).perform("sms", provider.call, look_up=provider.look_up)


def test_it_happens_once_however_often_it_is_asked_for(world: World) -> None:
    provider = Provider()
    results = [perform(world, provider) for _ in range(3)]
    assert results == [{"receipt": 1}] * 3
    assert provider.happened == 1


def test_each_tenant_has_its_own_effects(world: World) -> None:
    provider = Provider()
    perform(world, provider)
    Effects(world.platform.tenant("t2")).perform("sms", provider.call)
    assert provider.happened == 2


def test_what_surely_did_not_happen_may_be_tried_again(world: World) -> None:
    provider = Provider()
    provider.failure = Unavailable("refused the connection")
    with pytest.raises(Unavailable):
        perform(world, provider)
    assert perform(world, provider) == {"receipt": 1}


def test_what_the_provider_refused_for_good_is_not_tried_again(world: World) -> None:
    provider = Provider()
    provider.failure = Rejected("opted out")
    for _ in range(2):
        with pytest.raises(Rejected, match="opted out"):
            perform(world, provider)
    assert provider.happened == 0


def test_a_claim_at_work_is_waited_for(world: World) -> None:
    provider = Provider()
    provider.failure = Killed()
    with pytest.raises(Killed):
        perform(world, provider)
    world.clock.pass_by(CLAIM_SECONDS - 1)
    with pytest.raises(LeaseHeld):
        perform(world, provider)
    assert provider.asked == []


@pytest.mark.parametrize("fails_after", [False, True])
def test_a_call_with_an_unclear_end_is_never_repeated_but_given_to_a_human(
    world: World, fails_after: bool
) -> None:
    provider = Provider()
    provider.failure, provider.fails_after = TimeoutError("no answer"), fails_after
    with pytest.raises(TimeoutError):
        perform(world, provider)
    world.clock.pass_by(CLAIM_SECONDS)
    for _ in range(2):
        with pytest.raises(EffectUnknown):
            perform(world, provider)
    assert provider.happened == fails_after
    assert world.data("effects/sms")["state"] == "unknown"


def test_a_call_that_says_itself_that_its_end_is_unclear_is_asked_about_at_once(world: World) -> None:
    provider = Provider(remembers=True)
    provider.failure, provider.fails_after = EffectUnknown("no answer"), True
    with pytest.raises(EffectUnknown):
        perform(world, provider)
    assert world.data("effects/sms")["state"] == "unknown"
    assert perform(world, provider) == {"receipt": 1}
    assert provider.happened == 1


def test_a_provider_that_remembers_settles_an_unknown_claim(world: World) -> None:
    provider = Provider(remembers=True)
    claimed_at = world.clock.now()
    provider.failure, provider.fails_after = Killed(), True
    with pytest.raises(Killed):
        perform(world, provider)
    world.clock.pass_by(CLAIM_SECONDS)
    assert perform(world, provider) == perform(world, provider) == {"receipt": 1}
    assert provider.happened == 1
    assert provider.asked == [claimed_at]


@pytest.mark.parametrize("remembers", [False, True])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("healthy", range(4))
@pytest.mark.parametrize("error", [Killed(), Unavailable("the store is down")])
def test_dying_at_any_store_call_never_repeats_it_and_ends_in_a_result_or_with_a_human(
    world: World, error: BaseException, healthy: int, after: bool, remembers: bool
) -> None:
    provider = Provider(remembers=remembers)
    world.store.faults.arm(error, healthy=healthy, after=after)
    ends: list[str] = []
    for _ in range(6):
        try:
            perform(world, provider)
            ends.append("done")
        except (CosError, Killed) as failure:
            ends.append(type(failure).__name__)
        world.clock.pass_by(CLAIM_SECONDS + 1)
    assert provider.happened <= 1
    assert ends[-1] in {"done", "EffectUnknown"}
    if ends[-1] == "done":
        assert provider.happened == 1
    if remembers and provider.happened:
        assert ends[-1] == "done"
