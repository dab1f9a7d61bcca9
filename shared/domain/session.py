"""A chat session: its document, its messages and the frames a screen receives.

`sessions/{id}`                 state, counters, the latest frame, the conversation's own state
`sessions/{id}/messages/{seq}`  what was said
`sessions/{id}/frames/{seq}`    what was answered, numbered without gaps

A session's messages are answered in order: `handled_seq` is the last message whose meaning is
settled, `answered_seq` the last one whose answer stands in a frame.

A session of channel `sms` is answered by text message besides, to its field `phone` or to the number of
the staff record of its `user_id`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from shared.domain.record import document_path
from shared.errors import NotFound, NotYetInOrder
from shared.ports import Data
from shared.runtime.work import UnitOfWork
from shared.settings import public_base
from shared.texting.frame_words import in_words
from shared.texting.request import Purpose, Recipient, request_text

KEPT = timedelta(days=30)

OVERTAKEN_KEPT = 100

SMS = "sms"
"""The channel of a session that a member of staff has by text message."""

FrameType = Literal["MOUNT_PLATE", "CLARIFICATION", "REMEMBERED", "FORGOTTEN", "HANDOFF", "ERROR"]


class Frame(BaseModel):
    """What a socket and the session document receive. Extra fields depend on the type.

    MOUNT_PLATE: `plate_id`, `title`, `dataset` (rows) with `columns`, `details` (name → rows) with
    `detail_columns` (name → columns), `follow_ups` (questions to ask next), …, all in `docs/frames.md`;
    CLARIFICATION: `question`, `options`; REMEMBERED and FORGOTTEN: `text`, `memory_id`; HANDOFF and ERROR:
    `text`.
    """

    model_config = ConfigDict(extra="allow")

    type: FrameType
    message_id: str


def new_session(*, user_id: str, channel: str, now: datetime) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "channel": channel,
        "state": "ACTIVE",
        "created_at": now,
        "updated_at": now,
        "expires_at": now + KEPT,
        "last_seq": 0,
        "handled_seq": 0,
        "answered_seq": 0,
        "overtaken": {"handled_seq": [], "answered_seq": []},
        "apologised": [],
        "frame_seq": 0,
        "conversation": {},
        "latest": None,
    }


def message_path(session_id: str, seq: int) -> str:
    return f"sessions/{session_id}/messages/{seq:08d}"


def frame_path(session_id: str, seq: int) -> str:
    return f"sessions/{session_id}/frames/{seq:08d}"


def read_session(work: UnitOfWork, session_id: str, user_id: str) -> Data:
    """The session of this user. Raises `NotFound` for another user's as for none at all."""
    document = work.get(f"sessions/{session_id}")
    if document is None or document.data["user_id"] != user_id:
        raise NotFound(f"there is no session [{session_id}]")
    return document.data


def await_turn(
    session: Data, field: str, seq: int, *, received_at: datetime, now: datetime, wait_seconds: float
) -> None:
    """Raises `NotYetInOrder` while an earlier message is not yet past `field`.

    Only for `wait_seconds` after the message came in: an earlier one that never gets through (it may
    lie in the dead letters) must not hold up the conversation for ever.
    """
    if session[field] < seq - 1 and now - received_at < timedelta(seconds=wait_seconds):
        raise NotYetInOrder(f"message {seq} waits: {field} is {session[field]}")


def is_past(session: Data, field: str, seq: int) -> bool:
    """The message has been through this step already; one that was only overtaken has not."""
    return bool(session[field] >= seq and seq not in session["overtaken"][field])


def owes_answer(session: Data, field: str, seq: int) -> bool:
    """Nothing was said about the message yet, not even an apology."""
    return not is_past(session, field, seq) and seq not in session["apologised"]


def moved_past(session: Data, field: str, seq: int, *, final: bool = True) -> dict[str, Any]:
    """The session's fields once message `seq` is past `field`.

    Earlier ones it did not wait for any longer are remembered as overtaken, and so is `seq` itself when
    this is not final: when they arrive at last (the sweeper published them, an operator replayed them)
    they are still answered, once.
    """
    overtaken = {*session["overtaken"][field], *range(session[field] + 1, seq)}
    overtaken = overtaken - {seq} if final else overtaken | {seq}
    kept = sorted(overtaken)[-OVERTAKEN_KEPT:]
    return {field: max(session[field], seq), "overtaken": {**session["overtaken"], field: kept}}


def answer(
    work: UnitOfWork,
    session_id: str,
    seq: int,
    frame: Frame,
    *,
    settled: bool = False,
    final: bool = True,
    **changes: Any,
) -> int:
    """Appends the frame, marks message `seq` as answered, applies `changes` to the session document. Who
    talks by text message gets it in words, by text message.

    `settled` also marks its meaning as settled: the frame is all that comes of the message. Not `final`
    is an apology: a replay of the message may still be answered.

    Answers the frame's number. The session document carries the latest frame, so one listener on it
    misses nothing but what came in a burst; the burst is in `frames`.
    """
    session = {**work.require(f"sessions/{session_id}").data, **changes}
    if not final:
        session["apologised"] = [*session["apologised"], seq][-OVERTAKEN_KEPT:]
    for field in ("handled_seq", "answered_seq") if settled else ("answered_seq",):
        session |= moved_past(session, field, seq, final=final)
    return _append(work, session_id, session, frame)


def show(work: UnitOfWork, session_id: str, frame: Frame) -> int:
    """Appends a frame that answers nothing: something the person should see now. Answers its number."""
    return _append(work, session_id, work.require(f"sessions/{session_id}").data, frame)


def _append(work: UnitOfWork, session_id: str, session: Data, frame: Frame) -> int:
    number: int = session["frame_seq"] + 1
    content = {
        **frame.model_dump(mode="json"),
        "session_id": session_id,
        "seq": number,
        "at": work.now.isoformat(),
    }
    work.create(frame_path(session_id, number), {**content, "expires_at": work.now + KEPT})
    work.put(
        f"sessions/{session_id}",
        {**session, "frame_seq": number, "latest": content, "updated_at": work.now},
    )
    if session["channel"] == SMS:
        _say_by_text(work, session_id, session, content)
    return number


def _say_by_text(work: UnitOfWork, session_id: str, session: Data, content: Data) -> None:
    """The frame's number makes the key: however often its cause is handled, it is texted once."""
    staff_id = session["user_id"]
    phone = session.get("phone") or _phone_of(work, staff_id)
    if not phone:
        work.audit("answer.not_texted", subject=f"sessions/{session_id}", detail={"reason": "no_phone"})
        return
    link = f"{public_base(work.tenant.settings)}/chat/{session_id}"
    request_text(
        work,
        to=Recipient(phone, staff_id=staff_id),
        purpose=Purpose.STAFF_MESSAGE,
        body=in_words(content, link=link, zone=work.tenant.zone),
        key=f"answer:{session_id}:{content['seq']}",
        link=link,
    )


def _phone_of(work: UnitOfWork, staff_id: str) -> str:
    member = work.get(document_path("staff", staff_id))
    return str(member.data.get("phone") or "") if member else ""
