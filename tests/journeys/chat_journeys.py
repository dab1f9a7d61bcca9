"""A question comes in, a plate comes out. Run on every profile."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from shared.ports import FinishedSpan
from tests.journeys.lead_journeys import somebody, take_in
from tests.journeys.product import Product, answer_to, ask, eventually, told

QUESTION = "Show me the financials for Lane A"


def entry(amount: str, lane: str = "A", **more: Any) -> dict[str, Any]:
    today = date.today().isoformat()
    identity = f"GL-{uuid.uuid4().hex[:12]}"
    return {
        "entry_id": identity,
        "occurred_on": today,
        "lane": lane,
        "category": "sales",
        "amount": amount,
        **more,
    }


def trace_of(product: Product, accepted: Mapping[str, Any]) -> list[FinishedSpan]:
    (message,) = told(product, "message-received", lambda data: data["message_id"] == accepted["message_id"])
    trace_id = message.message.attributes["ce-traceparent"].split("-")[1]
    return product.platform.spans.trace(trace_id)


class ChatJourneys:
    def test_a_question_is_answered_with_a_plate(self, product: Product) -> None:
        frame = answer_to(product, ask(product, QUESTION))
        assert (frame["type"], frame["plate_id"]) == ("MOUNT_PLATE", "FINANCE_CHART")
        assert isinstance(frame["dataset"], list)

    def test_the_session_document_carries_the_plate(self, product: Product) -> None:
        accepted = ask(product, QUESTION)
        frame = answer_to(product, accepted)
        session = product.platform.tenant("autohaus").documents.get(f"sessions/{accepted['session_id']}")
        assert session and session.data["latest"]["plate_id"] == frame["plate_id"]

    def test_a_question_over_the_socket_is_answered_there(self, product: Product) -> None:
        with product.socket(persona="ceo") as socket:
            socket.say(text=QUESTION)
            frame = socket.hear()
            assert (frame["type"], frame["plate_id"]) == ("MOUNT_PLATE", "FINANCE_CHART")
            socket.say(text="Which Hondas do we have in stock?", session_id=frame["session_id"])
            second = socket.hear()
        assert (second["plate_id"], second["seq"]) == ("INVENTORY_TABLE", frame["seq"] + 1)

    def test_a_socket_that_was_away_gets_what_it_missed_once(self, product: Product) -> None:
        first = ask(product, QUESTION)
        answer_to(product, first)
        second = ask(product, "Show me open repair orders", session_id=first["session_id"])
        answer_to(product, second)
        with product.socket(persona="ceo", session_id=first["session_id"], after=1) as socket:
            assert socket.hear()["message_id"] == second["message_id"]

    def test_an_open_question_is_asked_back_and_its_answer_resumes_the_first(self, product: Product) -> None:
        lead = somebody()
        take_in(product, lead)
        first = ask(product, "Pull up the customer")
        question = answer_to(product, first)
        assert question["type"] == "CLARIFICATION" and question["question"]
        second = ask(product, lead["email"], session_id=first["session_id"])
        frame = answer_to(product, second)
        assert (frame["type"], frame["plate_id"]) == ("MOUNT_PLATE", "CRM_CARD")
        assert lead["last_name"] in str(frame["dataset"])

    def test_what_is_out_of_scope_gets_help(self, product: Product) -> None:
        frame = answer_to(product, ask(product, "What is the airspeed of an unladen swallow?"))
        assert (frame["type"], frame["plate_id"]) == ("MOUNT_PLATE", "HELP")

    def test_posted_money_is_in_the_plate_to_the_cent(self, product: Product) -> None:
        rows = [
            entry("1234.56", category="transport", lane="C"),
            entry("0.44", category="transport", lane="C"),
        ]
        report = product.call("POST", "/api/records/ledger_entries", json=rows, api_key=True)
        assert report.status == 200, report.text

        def settled() -> dict[str, Any] | None:
            accepted = ask(product, "Show me the financials for Lane C this month")
            frame = answer_to(product, accepted)
            return frame if frame["dataset"] else None

        frame = eventually(settled, "the entries in the plate")
        ids = {row["entry_id"] for row in rows}
        assert ids <= {one for row in frame["dataset"] for one in row.get("row_ids", ())}
        assert sum(row["expense"] for row in frame["dataset"]) == 1235.00
        assert frame["newest_at"]

    def test_a_plate_of_one_dealership_shows_nothing_of_another(self, product: Product) -> None:
        secret = somebody()
        take_in(product, secret, tenant="northside")
        accepted = ask(product, f"Look up {secret['email']}")
        assert secret["last_name"] not in str(answer_to(product, accepted)["dataset"])

    def test_the_health_of_the_system_is_answered_from_its_ledger(self, product: Product) -> None:
        answer_to(product, ask(product, QUESTION))

        def plates() -> dict[str, Any] | None:
            frame = answer_to(product, ask(product, "What is our error rate today?"))
            assert frame["plate_id"] == "SYSTEM_HEALTH_DASHBOARD"
            return frame if frame["dataset"][0]["plate_count"] else None

        frame = eventually(plates, "plates in the ledger")
        steps = {step["name"]: step for step in frame["details"]["steps"]}
        assert steps["membrane"]["count"] >= 1 and steps["POST chat"]["p95_ms"] > 0
        (row,) = frame["dataset"]
        assert row["error_rate"] is not None and row["plate_p95_ms"] > 0

    def test_a_message_and_its_plate_are_one_trace(self, product: Product) -> None:
        accepted = ask(product, QUESTION)
        answer_to(product, accepted)
        wanted = ("POST chat", "membrane", "plate_composer")

        def spans() -> dict[str, FinishedSpan] | None:
            found = {span.name: span for span in trace_of(product, accepted)}
            return found if set(wanted) <= set(found) else None

        found = eventually(spans, "the spans of the hops")
        chat, membrane, composer = (found[name] for name in wanted)
        assert (chat.parent_id, membrane.parent_id) == ("", chat.span_id)
        assert composer.parent_id == membrane.span_id
        assert chat.started_at <= membrane.started_at <= composer.started_at <= datetime.now(UTC)
