"""What needs a person reaches one, climbs until somebody takes it, and says why. Run on every profile."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.events.base import Event
from shared.events.conversation import AttentionRequested
from shared.ports import Query, Write
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from tests.journeys.product import Product, answer_to, ask, eventually
from tests.journeys.text_journeys import webhook

STAFF = [
    {"staff_id": "advisor", "name": "Ann Lee", "role": "advisor", "phone": "+13125550171"},
    {"staff_id": "operator", "name": "Olga May", "role": "operator", "phone": "+13125550172"},
    {"staff_id": "ceo", "name": "Carl Dee", "role": "ceo", "phone": "+13125550173"},
]
NEVER_QUIET = {"quiet_start": "00:00", "quiet_end": "00:00", "texts_per_day": 100}


def hire(product: Product) -> None:
    """The staff, who may be texted at the hour the test happens to run."""
    report = product.call("POST", "/api/records/staff", json=STAFF, persona="operator")
    assert report.status == 200, report.text
    for member in STAFF:
        path = "/api/attention/me/preferences"
        assert product.call("PUT", path, json=NEVER_QUIET, persona=member["staff_id"]).status == 200


def tell(product: Product, event: Event, cause: str) -> None:
    """As a capability that met something does: in a commit of its own, published from the outbox."""
    run_unit(product.platform, Cause(cause, "journey", "autohaus", cause), lambda work: work.emit(event))


def somewhere() -> str:
    return f"trips/{uuid.uuid4().hex[:12]}"


def listed(product: Product, subject: str, persona: str) -> dict[str, Any] | None:
    answer = product.call("GET", "/api/attention?limit=200", persona=persona)
    assert answer.status == 200, answer.text
    return next((one for one in answer.json()["items"] if one["subject"] == subject), None)


def texts(product: Product, prefix: str) -> list[dict[str, Any]]:
    found = product.platform.tenant("autohaus").documents.query(Query("texts"))
    return [dict(one.data) for one in found if one.data["key"].startswith(prefix)]


def alerts(product: Product, item: Mapping[str, Any]) -> list[dict[str, Any]]:
    return texts(product, f"attention:{item['item_id']}:")


def pass_by(product: Product, item: Mapping[str, Any], span: timedelta) -> None:
    """As if it had happened so long ago: every moment of the matter moves back."""
    documents = product.platform.tenant("autohaus").documents
    known = documents.get(f"attention_items/{item['item_id']}")
    assert known is not None
    moments = ("requested_at", "last_requested_at", "due_at", "escalate_at", "next_at", "digest_at")
    earlier = {name: known.data[name] - span for name in moments if known.data[name] is not None}
    documents.commit([Write(known.path, {**known.data, **earlier}, known.version)])


class AttentionJourneys:
    def test_who_asks_for_a_person_is_on_a_persons_list_and_screen(self, product: Product) -> None:
        hire(product)
        answer_to(product, ask(product, "Show me open repair orders", persona="operator"), persona="operator")
        accepted = ask(product, "Let me talk to a human", persona="sales")
        subject = f"sessions/{accepted['session_id']}"
        item = eventually(lambda: listed(product, subject, "operator"), "the handoff in the list")
        assert item["band"] == "normal" and item["why"][0] == "It was brought to you by name."

        def frame() -> bool:
            newest = Query(
                "sessions", (("user_id", "==", "operator"), ("channel", "==", "chat")), ("-updated_at",), 1
            )
            (session,) = product.platform.tenant("autohaus").documents.query(newest)
            latest = session.data["latest"]
            return bool(latest["plate_id"] == "ATTENTION_CARD" and latest["message_id"] == item["item_id"])

        eventually(frame, "the panel in the operator's conversation")
        assert alerts(product, item) == []

    def test_what_nobody_takes_climbs_with_one_text_a_level_until_somebody_does(
        self, product: Product
    ) -> None:
        hire(product)
        subject = somewhere()
        request = AttentionRequested(
            subject=subject,
            kind="trip_problem",
            summary="A truck broke down",
            urgency="critical",
            roles=("advisor",),
        )
        for _ in range(2):
            tell(product, request, subject.replace("/", "-"))  # the same message, told twice
        item = eventually(lambda: listed(product, subject, "advisor"), "the matter in the list")
        eventually(lambda: alerts(product, item), "the text of the first level")
        for _ in range(4):
            pass_by(product, item, timedelta(minutes=11))
            for _ in range(2):
                assert product.run("attention_clock").status == 200
        sent = {text["key"].rsplit(":", 1)[1]: text["staff_id"] for text in alerts(product, item)}
        # Another advisor would be next; there is none, and nobody is texted the same twice in a row.
        assert sent == {"0": "advisor", "2": "operator", "3": "ceo"}
        taken = product.call("POST", f"/api/attention/{item['item_id']}/acknowledge", json={}, persona="ceo")
        assert (taken.status, taken.json()["taken_by"]) == (200, "ceo")
        shown = product.call("GET", f"/api/attention/{item['item_id']}", persona="ceo").json()
        ways = [(one["level"], one["outcome"]) for one in shown["decisions"] if one["way"] == "sms"]
        assert sorted(ways) == [(0, "sent"), (1, "nobody"), (2, "sent"), (3, "sent")]
        assert shown["count"] == 1

    def test_every_post_in_the_staffs_chat_comes_to_an_end(self, product: Product) -> None:
        subject = somewhere()
        request = {"kind": "trip_problem", "summary": "A truck broke down", "urgency": "critical"}
        tell(
            product,
            AttentionRequested.model_validate({**request, "subject": subject}),
            subject.replace("/", "-"),
        )
        item = eventually(lambda: listed(product, subject, "operator"), "the matter in the list")

        def settled() -> bool:
            found = product.platform.tenant("autohaus").documents.query(Query("staff_posts"))
            own = [one.data for one in found if one.data["key"].startswith(f"attention:{item['item_id']}:")]
            return [post["state"] in ("sent", "failed") for post in own] == [True]

        eventually(settled, "one post with an end")

    def test_who_asks_by_text_is_asked_back_and_answered_by_text(self, product: Product) -> None:
        hire(product)
        phone = STAFF[2]["phone"]

        def answered(number: int) -> list[dict[str, Any]]:
            """Every answer that has left for the phone, oldest first."""
            sent = [text for text in texts(product, "answer:") if text["to"] == phone]
            left = [text for text in sent if text["state"] in ("queued", "sent", "delivered")]
            return sorted(left, key=lambda text: text["requested_at"]) if len(left) >= number else []

        webhook(product, "Pull up the customer", sender=phone)
        (question,) = eventually(lambda: answered(1), "the question back")
        assert question["body"].startswith("Which customer") and question["purpose"] == "staff_message"
        webhook(product, "nobody.at.all@example.com", sender=phone)
        answer = eventually(lambda: answered(2), "the answer to the first question")[1]
        assert answer["key"].rpartition(":")[0] == question["key"].rpartition(":")[0], "one conversation"
        assert "nobody.at.all@example.com" in answer["body"] and len(answer["body"]) <= 320
