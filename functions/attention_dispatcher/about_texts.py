"""Matters about messages themselves: an alert that did not arrive must not be told by another of its kind."""

from __future__ import annotations

from shared.attention.item import STAFF, Item, from_document
from shared.attention.look import not_delivered
from shared.attention.rules import Rules
from shared.events.conversation import AttentionRequested
from shared.ports import Data
from shared.runtime.work import UnitOfWork

ALERT, TO_STAFF = "attention:", frozenset({"staff_alert", "staff_message"})
TEXT_EFFECT, POST_EFFECT = "effects/sms:", "effects/post:"


def alert_not_delivered(work: UnitOfWork, request: AttentionRequested, rules: Rules) -> bool:
    """True when the text was an alert of a matter: that one climbs at once, and no second matter is made."""
    text = _text_of(work, request) if request.kind == "delivery_failed" else None
    key = str(text.get("key") or "") if text else ""
    if not key.startswith(ALERT):
        return False
    _, item_id, round_, level = key.split(":")
    known = work.get(f"attention_items/{item_id}")
    if known is None:
        return False
    not_delivered(work, from_document(known.data), rules, round_=int(round_), level=int(level))
    return True


def avoided(work: UnitOfWork, request: AttentionRequested, item: Item) -> list[str]:
    """What must not be used to tell about this."""
    if request.subject.startswith(POST_EFFECT):
        return [*item.avoids, *({"slack"} - set(item.avoids))]
    text = _text_of(work, request)
    if text is None or text.get("purpose") not in TO_STAFF:
        return item.avoids
    whom = {STAFF + str(text.get("staff_id"))} if request.kind == "delivery_failed" else {"sms"}
    return [*item.avoids, *sorted(whom - set(item.avoids))]


def _text_of(work: UnitOfWork, request: AttentionRequested) -> Data | None:
    path = request.detail
    if request.subject.startswith(TEXT_EFFECT):
        path = f"texts/{request.subject.removeprefix(TEXT_EFFECT)}"
    found = work.get(path) if path.startswith("texts/") else None
    return found.data if found else None
