"""Every text message leaves here and nowhere else: decided, written down, then handed over once."""

from __future__ import annotations

from datetime import timedelta

from functions.text_sender.deciding import decide_on, needs_decision
from functions.text_sender.sending import is_begun, send
from shared.events.texting import TextRequested
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork
from shared.texting.delivery import UNDERWAY, WAITING
from shared.texting.request import text_path

TRIED_AGAIN_AFTER = timedelta(minutes=10)


def send_text(event: TextRequested, work: UnitOfWork) -> None:
    """Retried with back-off while the provider is away, then put off; safe to run any number of times.

    The decision is committed before the provider is called, so whatever dies in between, the next run goes on
    with it instead of deciding and sending again.
    """
    path = text_path(event.text_id)
    text = work.require(path).data
    if needs_decision(text, is_begun=is_begun(work, event.text_id), now=work.now):
        if decide_on(work, text).verdict != "send":
            return
        work.checkpoint()
        text = work.require(path).data
    if text["state"] in UNDERWAY:
        send(work, text)


def put_off(event: TextRequested, work: UnitOfWork) -> None:
    """The last delivery failed: it is tried again later, after a new decision where it surely never left."""
    text = work.require(text_path(event.text_id)).data
    if text["state"] not in UNDERWAY | WAITING:
        return
    state = "unknown" if is_begun(work, event.text_id) else "deferred"
    due_at = work.now + TRIED_AGAIN_AFTER
    work.put(text_path(event.text_id), {**text, "state": state, "due_at": due_at, "updated_at": work.now})
    detail = {"verdict": "defer", "reason": "provider_away", "purpose": text["purpose"]}
    work.audit("text.put_off", subject=text_path(event.text_id), detail=detail)


text_sender = entry_point(__file__, send_text, put_off)
