"""The messages of a session are answered in order, but nobody waits for ever for one that got lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.session import Frame, answer, await_turn, is_past, moved_past, new_session
from shared.errors import NotYetInOrder
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from tests.unit.runtime.rig import World

RECEIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)


def turn(seq: int, *, handled: int, waited_s: float) -> None:
    await_turn(
        {"handled_seq": handled},
        "handled_seq",
        seq,
        received_at=RECEIVED,
        now=RECEIVED + timedelta(seconds=waited_s),
        wait_seconds=20,
    )


@given(seq=st.integers(1, 50), handled=st.integers(0, 50), waited_s=st.floats(0, 60))
def test_a_message_waits_exactly_while_an_earlier_one_is_open_and_its_time_is_not_over(
    seq: int, handled: int, waited_s: float
) -> None:
    has_to_wait = handled < seq - 1 and timedelta(seconds=waited_s) < timedelta(seconds=20)
    if has_to_wait:
        with pytest.raises(NotYetInOrder, match=f"message {seq} waits"):
            turn(seq, handled=handled, waited_s=waited_s)
    else:
        turn(seq, handled=handled, waited_s=waited_s)


def test_a_message_that_was_only_overtaken_is_not_past() -> None:
    session = new_session(user_id="ann", channel="chat", now=RECEIVED)
    session |= moved_past(session, "handled_seq", 3)
    assert [is_past(session, "handled_seq", seq) for seq in (1, 2, 3, 4)] == [False, False, True, False]
    session |= moved_past(session, "handled_seq", 1)
    assert [is_past(session, "handled_seq", seq) for seq in (1, 2, 3, 4)] == [True, False, True, False]
    assert session["handled_seq"] == 3


def test_a_message_that_was_apologised_for_can_still_be_answered_by_a_replay() -> None:
    session = new_session(user_id="ann", channel="chat", now=RECEIVED)
    session |= moved_past(session, "answered_seq", 1, final=False)
    assert not is_past(session, "answered_seq", 1)
    assert is_past({**session, **moved_past(session, "answered_seq", 1)}, "answered_seq", 1)


@given(st.permutations(range(1, 9)))
def test_in_whatever_order_messages_arrive_each_gets_through_once(order: list[int]) -> None:
    session = new_session(user_id="ann", channel="chat", now=RECEIVED)
    for seq in order:
        assert not is_past(session, "answered_seq", seq)
        session |= moved_past(session, "answered_seq", seq)
        assert is_past(session, "answered_seq", seq)
    assert session["answered_seq"] == 8 and session["overtaken"]["answered_seq"] == []


def test_frames_are_numbered_without_gaps_and_the_answer_never_goes_back(world: World) -> None:
    session: dict[str, Any] = new_session(user_id="ann", channel="chat", now=RECEIVED)

    def reply(name: str, seq: int) -> int:
        frame = Frame.model_validate({"type": "HANDOFF", "message_id": name, "text": name})
        return run_unit(
            world.platform,
            Cause(name, "composer", "t1", "x"),
            lambda work: answer(work, "s1", seq, frame, state="RESOLVED"),
        )

    run_unit(world.platform, Cause("c", "chat", "t1", "x"), lambda work: work.create("sessions/s1", session))
    assert [reply("second", 2), reply("first", 1), reply("third", 3)] == [1, 2, 3]
    stored = world.data("sessions/s1")
    assert (stored["frame_seq"], stored["answered_seq"], stored["state"]) == (3, 3, "RESOLVED")
    assert stored["latest"]["text"] == "third"
    assert world.data("sessions/s1/frames/00000002")["text"] == "first"
