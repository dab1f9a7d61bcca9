"""What Twilio reports of a text of ours: written down when it is news, whatever order it comes in."""

from __future__ import annotations

from collections.abc import Mapping

from shared.observability import log
from shared.ports import Document, Query
from shared.runtime.work import UnitOfWork
from shared.texting.delivery import of_provider
from shared.texting.progress import move
from shared.texting.request import text_path


def take_status(form: Mapping[str, str], work: UnitOfWork, *, text_id: str = "") -> None:
    """`form` holds Twilio's fields, `text_id` stands in the address that was given when the text was sent.

    A report about a text nobody knows, or with a word nobody knows, is logged and changes nothing: Twilio
    would only repeat it.
    """
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    state = of_provider(form.get("MessageStatus") or form.get("SmsStatus") or "")
    text = _text(work, text_id, sid)
    if text is None or state is None or not _is_the_same(text, sid):
        log("WARNING", "a delivery report was not used", known=text is not None, understood=state is not None)
        return
    code = form.get("ErrorCode", "") if state in ("failed", "undelivered") else ""
    move(work, text.data, state, provider_id=sid, error_code=code)


def _text(work: UnitOfWork, text_id: str, sid: str) -> Document | None:
    if text_id:
        return work.get(text_path(text_id))
    found = work.query(Query("texts", (("provider_id", "==", sid),), limit=1)) if sid else []
    return found[0] if found else None


def _is_the_same(text: Document, sid: str) -> bool:
    """A report that came before our own record names a message we do not know yet; any other has to fit."""
    return not text.data["provider_id"] or text.data["provider_id"] == sid
