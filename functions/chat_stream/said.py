"""What a client sends over the socket, and the errors it is answered when that cannot be read."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError, model_validator

from shared.domain.chat_message import ChatMessage, FrameNumber, SessionId
from shared.errors import Rejected, Transient
from shared.runtime.reply import invalid

MAX_BYTES = 65_536
"""Of one message over the socket: 4,000 characters, each escaped at its longest, and room."""


class Resumed(BaseModel):
    """`{"session_id": …}` alone: show me this session. `after` is the number of the last frame I have."""

    session_id: SessionId
    after: FrameNumber | None = None


class Said(ChatMessage):
    """`{"text": …}`: without `session_id` a new session begins."""

    after: FrameNumber | None = None


class _Anything(BaseModel):
    text: Any = None
    session_id: Any = None

    @model_validator(mode="after")
    def _is_something(self) -> _Anything:
        if self.text is None and self.session_id is None:
            raise ValueError("text or session_id is expected")
        return self


def read_said(raw: str) -> Said | Resumed:
    """Raises `Rejected` naming the field."""
    try:
        kind = Resumed if _Anything.model_validate_json(raw).text is None else Said
        return kind.model_validate_json(raw)
    except ValidationError as error:
        raise invalid(error) from error


def error_frame(error: Exception, session_id: str | None = None) -> dict[str, Any]:
    """An ERROR frame outside any session's order, so its `seq` is null."""
    if isinstance(error, Rejected):
        text = str(error)
    elif isinstance(error, Transient):
        text = "Not available right now; please say it again."
    else:
        text = "Something failed on our side; please say it again."
    frame: dict[str, Any] = {"type": "ERROR", "session_id": session_id, "message_id": None, "seq": None}
    frame["text"] = text
    if isinstance(error, Rejected) and error.errors:
        frame["field"] = error.errors[0].field or "text"
    return frame
