"""A signed-in user says something and reads the answers, without a socket."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel

from shared.domain.chat_message import (
    Accepted,
    ChatMessage,
    FrameNumber,
    accept_message,
    frames_after,
    shown,
    user_id,
)
from shared.domain.session import read_session
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.inject import QueryModel
from shared.runtime.reply import Answer, Says
from shared.runtime.work import UnitOfWork


class After(QueryModel):
    """`after` is the number of the last frame the client has."""

    after: FrameNumber = 0


class Frames(BaseModel):
    """What was answered after the frame asked from, at most 100; ask again from `seq` of the last."""

    session_id: str
    state: str
    frame_seq: int
    """The number of the session's newest frame."""
    frames: list[dict[str, Any]]


def take_message(
    message: ChatMessage, work: UnitOfWork, caller: Caller
) -> Annotated[Answer, Says(Accepted, 202)]:
    """Answers 202 with the session and the message; the answer itself comes as a frame."""
    accepted: Accepted = accept_message(work, caller, message)
    return Answer(202, accepted)


def show_frames(session_id: str, query: After, work: UnitOfWork, caller: Caller) -> Frames:
    """The frames of one's own session, for clients that poll."""
    session = read_session(work, session_id, user_id(caller))
    return Frames(
        session_id=session_id,
        state=session["state"],
        frame_seq=session["frame_seq"],
        frames=[shown(frame) for frame in work.query(frames_after(session_id, query.after))],
    )


chat = entry_point(__file__, take_message, show_frames)
