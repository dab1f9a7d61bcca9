"""What the bus may do to the product: deliver twice, deliver what nobody can handle. Run on every profile."""

from __future__ import annotations

import json
import uuid
from typing import Any

from shared.domain.session import new_session
from shared.manifest import all_manifests
from shared.ports import Query, Write
from shared.testing.harness import push_of
from tests.journeys.chat_journeys import QUESTION
from tests.journeys.lead_journeys import somebody, take_in
from tests.journeys.product import Product, answer_to, ask, eventually

COLLECTIONS = ("persons", "leads", "sessions")


def contents(product: Product, session_id: str) -> dict[str, Any]:
    """What the dealership's documents say, without what only marks time."""
    tenant = product.platform.tenant("autohaus").documents
    collections = (*COLLECTIONS, f"sessions/{session_id}/frames", f"sessions/{session_id}/messages")
    return {one.path: dict(one.data) for name in collections for one in tenant.query(Query(name))}


class DeliveryJourneys:
    def test_the_second_delivery_of_every_event_changes_nothing(self, product: Product) -> None:
        take_in(product, somebody())
        accepted = ask(product, QUESTION)
        answer_to(product, accepted)
        eventually(lambda: not product.platform.documents.query(Query("outbox")), "an empty outbox")
        before = contents(product, accepted["session_id"])
        events = {one.message.attributes["ce-id"] for one in self._events(product)}
        delivered = 0
        for consumer in (one for one in all_manifests() if one.kind == "event"):
            for stored in product.platform.bus_operations.recent(consumer.subscribes, 1000):
                response = product.deliver(consumer.name, push_of(stored.message))
                assert response.status == 200 and response.json()["reason"] == "done before", response.text
                delivered += 1
        assert delivered >= 2
        assert contents(product, accepted["session_id"]) == before
        assert {one.message.attributes["ce-id"] for one in self._events(product)} == events

    def _events(self, product: Product) -> list[Any]:
        topics = {topic for one in all_manifests() for topic in one.publishes} - {"audit-recorded"}
        return [
            one for topic in sorted(topics) for one in product.platform.bus_operations.recent(topic, 1000)
        ]

    def test_a_poison_event_goes_to_the_dead_letters_and_the_others_go_on(self, product: Product) -> None:
        session_id = f"broken-{uuid.uuid4().hex[:8]}"
        session = new_session(user_id="ceo", channel="chat", now=product.platform.clock.now())
        tenant = product.platform.tenant("autohaus")
        accepted_session = {**session, "conversation": "no conversation", "handled_seq": "none"}
        tenant.documents.commit([Write(f"sessions/{session_id}", accepted_session)])
        poison = ask(product, QUESTION, session_id=session_id)
        assert answer_to(product, ask(product, QUESTION))["type"] == "MOUNT_PLATE"
        letter = eventually(lambda: self._letter(product, poison["message_id"]), "the dead letter", 90)
        assert letter["reason"]
        assert answer_to(product, ask(product, QUESTION))["type"] == "MOUNT_PLATE"

    def _letter(self, product: Product, message_id: str) -> dict[str, Any] | None:
        for letter in product.platform.bus_operations.dead_letters(100):
            if json.loads(letter.message.data).get("message_id") == message_id:
                response = product.call("GET", "/api/operations/dead-letters", persona="operator")
                assert response.status == 200, response.text
                return {"reason": letter.reason}
        return None
