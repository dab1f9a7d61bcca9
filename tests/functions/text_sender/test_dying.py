"""The process dies at any moment and starts again: at most one text leaves, and none is lost silently."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from shared.ports import Write
from shared.texting.request import Purpose
from tests.functions.text_rig import CUSTOMER, Died, TextDesk, text_desk

COMMITS = 7
"""Of one delivery: lease, decision, its messages handed on, claim, its end, what came of it, handed on."""
CLAIMED, CALLED = (4, "after"), (5, "before")
"""Between these two stands the call itself: whether it was made, only the provider can tell."""
LEASE_AND_CLAIM = timedelta(seconds=70)


def go_on(desk: TextDesk, text_id: str) -> None:
    """What the bus, the clock and the sweeper do afterwards, for some hours."""
    for attempt in range(2, 6):
        desk.clock.time += LEASE_AND_CLAIM
        desk.deliver(text_id, attempt=attempt)
        desk.harness.product.run("outbox_sweeper")
    for _ in range(3):
        desk.clock.time += timedelta(minutes=61)
        desk.release()


def known_end(desk: TextDesk, text_id: str) -> str:
    """How it ended; a person has been asked where nobody can tell."""
    state = str(desk.text(text_id)["state"])
    if state == "unknown":
        desk.harness.product.run("outbox_sweeper")
        assert [one["kind"] for one in desk.attention()] == ["effect_unknown"]
        assert desk.document(f"effects/sms:{text_id}")["state"] == "unknown"
    return state


def dies_at(desk: TextDesk, moment: str, number: int) -> None:
    """Once, before or after the commit of that number."""

    def die(present: int, _: Sequence[Write]) -> None:
        if present == number:
            setattr(desk.documents, moment, lambda _number, _writes: None)
            raise Died

    setattr(desk.documents, moment, die)


@pytest.mark.parametrize("is_blind", [False, True], ids=["the provider knows", "the provider cannot tell"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("place", range(1, COMMITS + 1))
def test_dying_around_any_commit(tmp_path: Path, place: int, moment: str, is_blind: bool) -> None:
    with text_desk(tmp_path) as desk:
        desk.messenger.blind = is_blind
        text_id = desk.ask(key="ro-7")
        dies_at(desk, moment, desk.documents.commits + place)
        with pytest.raises(Died):
            desk.deliver(text_id)
        go_on(desk, text_id)
        assert desk.ask(key="ro-7") == text_id, "whoever asked runs again too"
        sent, end = desk.sent(), known_end(desk, text_id)
        died = (place, moment)
        nobody_knows = died == CLAIMED or (died == CALLED and is_blind)
        assert end == ("unknown" if nobody_knows else "sent")
        assert sent == ([] if died == CLAIMED else [CUSTOMER])


def test_every_commit_of_a_send_is_among_them(tmp_path: Path) -> None:
    with text_desk(tmp_path) as desk:
        text_id = desk.ask()
        before = desk.documents.commits
        desk.deliver(text_id)
        assert desk.documents.commits - before == COMMITS


@pytest.mark.parametrize("is_blind", [False, True], ids=["the provider knows", "the provider cannot tell"])
def test_dying_between_the_call_and_its_record(tmp_path: Path, is_blind: bool) -> None:
    with text_desk(tmp_path) as desk:
        desk.messenger.fail_after, desk.messenger.blind = Died(), is_blind
        text_id = desk.ask()
        with suppress(Died):
            desk.deliver(text_id)
        desk.messenger.fail_after = None
        go_on(desk, text_id)
        assert desk.sent() == [CUSTOMER]
        assert known_end(desk, text_id) == ("unknown" if is_blind else "sent")


def test_dying_in_the_tick_that_releases_loses_nothing(tmp_path: Path) -> None:
    for place in (1, 2):
        for moment in ("before", "after"):
            with text_desk(tmp_path / f"{moment}{place}") as desk:
                desk.clock.time += timedelta(hours=11)
                text_id = desk.ask(Purpose.SERVICE)
                desk.deliver(text_id)
                assert desk.text(text_id)["state"] == "deferred"
                desk.clock.time = desk.text(text_id)["due_at"]
                dies_at(desk, moment, desk.documents.commits + place)
                with pytest.raises(Died):
                    desk.harness.product.run("text_clock")
                for _ in range(3):
                    desk.clock.time += timedelta(minutes=2)
                    desk.harness.product.run("outbox_sweeper")
                    desk.harness.product.run("text_clock")
                    for one in desk.harness.events("text-requested")[1:]:
                        desk.deliver(one["data"]["text_id"], cause=one["id"])
                assert desk.sent() == [CUSTOMER], f"died {moment} commit {place} of the tick"
