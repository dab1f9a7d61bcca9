"""Every text finds its person: a customer's the colleague who answers, a colleague's the customer."""

from __future__ import annotations

from functions.thread_router.conversation import route_customer_text
from functions.thread_router.routing import Routed
from functions.thread_router.staff_text import staff_with, take_staff_text
from shared.events.conversation import AttentionRequested
from shared.events.inbox import TextReceived, TextRouted
from shared.inbox.rules import read_rules
from shared.inbox.thread import inbound_path
from shared.ports import Data
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork


def route_text(received: TextReceived, work: UnitOfWork) -> None:
    """Retried with back-off while a store is away; a text that is routed already is left alone, one that was
    given up is routed when an operator replays it."""
    path = inbound_path(received.text_sid)
    text = work.require(path).data
    if text["state"] not in ("received", "unrouted"):
        return
    routed = _route(work, text)
    thread = routed.thread
    thread_id, staff_id = (thread.thread_id, thread.assigned_staff_id) if thread else ("", "")
    # The files are fetched meanwhile and written into the same document: only these fields are changed.
    work.put(path, {**text, "state": routed.outcome, "thread_id": thread_id})
    work.emit(
        TextRouted(
            text_sid=received.text_sid,
            thread_id=thread_id,
            outcome=routed.outcome,
            department=thread.department if thread else "",
            staff_id=staff_id,
            is_new_person=routed.is_new_person,
            received_at=text["received_at"],
        )
    )


def _route(work: UnitOfWork, text: Data) -> Routed:
    if text["sender"] == text["own_number"]:
        # Whatever texts us from our own number is an echo: answering it would answer ourselves.
        return Routed("noted")
    who, rules = staff_with(work, text["sender"]), read_rules(work)
    return take_staff_text(work, who, text, rules) if who else route_customer_text(work, text, rules)


def report_unrouted(received: TextReceived, work: UnitOfWork) -> None:
    """After the last failed attempt: the text is kept, and a person is told that nobody has read it."""
    text = work.get(inbound_path(received.text_sid))
    if text is None or text.data["state"] != "received":
        return
    work.put(text.path, {**text.data, "state": "unrouted"})
    work.emit(
        AttentionRequested(
            subject=text.path,
            kind="unanswered_customer",
            summary="A text came in and could not be passed on; somebody has to read it",
            urgency="high",
            roles=("operator",),
            detail=text.path,
            group=f"unrouted:{received.text_sid}",
        )
    )


thread_router = entry_point(__file__, route_text, report_unrouted)
