"""The messages of a session are answered in order, but nobody waits for ever for one that got lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.session import Frame, answer, await_turn, is_past, new_session
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


def test_a_message_is_past_what_it_or_a_later_one_has_been_through() -> None:
    assert [is_past({"handled_seq": 2}, "handled_seq", seq) for seq in (1, 2, 3)] == [True, True, False]


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
