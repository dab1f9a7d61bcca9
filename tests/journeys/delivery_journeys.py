"""What the bus may do to the product: deliver twice, deliver what nobody can handle. Run on every profile."""

from __future__ import annotations

import uuid
from typing import Any

from shared.domain.session import new_session
from shared.manifest import all_manifests
from shared.ports import Query, StoredMessage, Write
from shared.testing.harness import push_of
from tests.journeys.chat_journeys import QUESTION
from tests.journeys.lead_journeys import somebody, take_in
from tests.journeys.product import Product, answer_to, ask, eventually, told

EVERY = 100_000
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
        published = self._published(product)
        events = {one.message.attributes["ce-id"] for one in published}
        delivered = 0
        for consumer in (one for one in all_manifests() if one.kind == "event"):
            for stored in (one for one in published if one.message.topic == consumer.subscribes):
                response = product.deliver(consumer.name, push_of(stored.message))
                assert response.status == 200 and response.json()["reason"] == "done before", response.text
                delivered += 1
        assert delivered >= 2
        assert contents(product, accepted["session_id"]) == before
        assert {one.message.attributes["ce-id"] for one in self._published(product)} == events

    def _published(self, product: Product) -> list[StoredMessage]:
        """All but the ledger's rows: the health of the system may be asked for meanwhile."""
        found = product.platform.bus_operations.recent(None, EVERY)
        return [one for one in found if one.message.topic != "audit-recorded"]

    def test_a_poison_event_goes_to_the_dead_letters_and_the_others_go_on(self, product: Product) -> None:
        session_id = f"broken-{uuid.uuid4().hex[:8]}"
        session = new_session(user_id="ceo", channel="chat", now=product.platform.clock.now())
        tenant = product.platform.tenant("autohaus")
        accepted_session = {**session, "conversation": "no conversation", "handled_seq": "none"}
        tenant.documents.commit([Write(f"sessions/{session_id}", accepted_session)])
        poison = ask(product, QUESTION, session_id=session_id)
        assert answer_to(product, ask(product, QUESTION))["type"] == "MOUNT_PLATE"
        letter = eventually(lambda: self._letter(product, poison["message_id"]), "the dead letter", 90)
        assert "TypeError" in letter["reason"] or "ValidationError" in letter["reason"], letter
        assert answer_to(product, ask(product, QUESTION))["type"] == "MOUNT_PLATE"

    def _letter(self, product: Product, message_id: str) -> dict[str, Any] | None:
        """As an operator sees it."""
        (stored,) = told(product, "message-received", lambda data: data["message_id"] == message_id)
        response = product.call("GET", "/api/operations/dead-letters", persona="operator")
        assert response.status == 200, response.text
        letters: list[dict[str, Any]] = response.json()["letters"]
        event_id = stored.message.attributes["ce-id"]
        return next((one for one in letters if one["event_id"] == event_id), None)
