"""What a person says in a chat: the message that is stored, numbered and told to the other capabilities."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, field_validator

from shared.domain.session import KEPT, message_path, new_session, read_session
from shared.events.conversation import MessageReceived
from shared.ports import Data, Document, Query
from shared.runtime.auth import Caller
from shared.runtime.work import UnitOfWork

MAX_TEXT = 4_000
"""Characters of one message."""

FRAMES_AT_ONCE = 100

FrameNumber = Annotated[int, Field(ge=0, le=2**53)]
SessionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$")]


class ChatMessage(BaseModel):
    """What a person sends: `text` of 1 to 4,000 characters; without `session_id` a new session begins."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
    session_id: SessionId | None = None

    @field_validator("text")
    @classmethod
    def _readable(cls, text: str) -> str:
        if "\x00" in text:
            raise ValueError("a NUL character cannot be read; send text")
        return text


class Accepted(BaseModel):
    """The message is stored; its answer comes as a frame of the session."""

    session_id: str
    message_id: str
    seq: int


def user_id(caller: Caller) -> str:
    """The signed-in user's own id, as sessions and events name it."""
    return caller.id.removeprefix("users/")


def accept_message(work: UnitOfWork, caller: Caller, message: ChatMessage) -> Accepted:
    """Stores the message as the session's next one and emits `message-received`.

    Raises `NotFound` for a session that is not this user's.
    """
    user = user_id(caller)
    session_id, session = _session(work, user, message.session_id)
    seq, message_id = session["last_seq"] + 1, work.new_id()
    work.put(
        f"sessions/{session_id}",
        {**session, "last_seq": seq, "updated_at": work.now, "expires_at": work.now + KEPT},
    )
    said: dict[str, Any] = {"message_id": message_id, "seq": seq, "user_id": user, "text": message.text}
    work.create(
        message_path(session_id, seq), {**said, "received_at": work.now, "expires_at": work.now + KEPT}
    )
    work.emit(
        MessageReceived(
            **said,
            session_id=session_id,
            received_at=work.now,
            channel=session["channel"],
            roles=caller.roles,
        )
    )
    return Accepted(session_id=session_id, message_id=message_id, seq=seq)


def _session(work: UnitOfWork, user: str, session_id: str | None) -> tuple[str, Data]:
    new_id = work.new_id()
    if session_id is None:
        return new_id, new_session(user_id=user, channel="chat", now=work.now)
    return session_id, read_session(work, session_id, user)


def frames_after(session_id: str, seq: int, limit: int = FRAMES_AT_ONCE) -> Query:
    """The session's frames with a number above `seq`, in order."""
    return Query(f"sessions/{session_id}/frames", (("seq", ">", seq),), ("seq",), limit)


def shown(frame: Document) -> dict[str, Any]:
    """The frame as a screen receives it."""
    return {key: value for key, value in frame.data.items() if key != "expires_at"}
