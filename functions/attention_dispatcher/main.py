"""What somebody should look at is brought to them by the way its urgency asks for."""

from __future__ import annotations

from functions.attention_dispatcher.about_texts import alert_not_delivered, avoided
from shared.attention.item import KEPT, from_document, item_id_of, roll_up_key
from shared.attention.look import look_at
from shared.attention.requests import taken_in
from shared.attention.rules import attention_rules
from shared.events.conversation import AttentionRequested
from shared.runtime.entry import entry_point
from shared.runtime.push import Delivery
from shared.runtime.work import UnitOfWork


def bring_to_people(request: AttentionRequested, delivery: Delivery, work: UnitOfWork) -> None:
    """Rolls the request up and looks at the matter at once; the clock goes on from there.

    Retried with back-off while a store is away. A request that was taken in changes nothing any more.
    """
    rules = attention_rules()
    if alert_not_delivered(work, request, rules):
        return
    key = roll_up_key(kind=request.kind, subject=request.subject, group=request.group)
    path = f"attention_items/{item_id_of(key)}"
    request_path = f"{path}/requests/{delivery.envelope.id}"
    known, taken = work.get_many([path, request_path])
    if taken is not None:
        return
    item = taken_in(from_document(known.data) if known else None, request, rules, work.now)
    item = item.with_(avoids=avoided(work, request, item))
    content = request.model_dump(mode="json")
    work.create(request_path, {**content, "requested_at": work.now, "expires_at": work.now + KEPT})
    look_at(work, item, rules)


attention_dispatcher = entry_point(__file__, bring_to_people)
