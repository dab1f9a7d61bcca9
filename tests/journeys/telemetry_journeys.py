"""What the system did is asked in plain words, and every figure of the answer is the ledger's. Run on every
profile."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import combinations
from typing import Any

from shared.events.conversation import AttentionRequested
from tests.functions.plate_composer.ledger_rows import Ledger, moment
from tests.functions.plate_composer.reckoning import differences
from tests.journeys.attention_journeys import hire, somewhere, tell
from tests.journeys.lead_journeys import somebody, take_in
from tests.journeys.product import Product, answer_to, ask, eventually

QUESTION = "What is our error rate today?"


def ledger_rows(product: Product) -> list[dict[str, Any]]:
    stored = product.platform.bus_operations.recent("audit-recorded", 100_000)
    own = [one.message for one in stored if one.message.attributes["ce-tenantid"] == "autohaus"]
    return [json.loads(message.data) for message in own]


def dashboard(product: Product) -> dict[str, Any]:
    frame = answer_to(product, ask(product, QUESTION))
    assert (frame["type"], frame["plate_id"]) == ("MOUNT_PLATE", "SYSTEM_HEALTH_DASHBOARD")
    return frame


def by_id(frame: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in frame["details"][name]}


def sell(product: Product) -> None:
    """A lead that becomes a deal, and a sale."""
    lead = somebody()
    take_in(product, lead)
    row = {"opened_on": "2026-11-02", "customer_name": "Ann Lee", "customer_email": lead["email"]}
    for stage in ("new", "won"):
        deal = {**row, "deal_number": f"D-{lead['last_name']}", "stage": stage}
        report = product.call("POST", "/api/records/deals", json=[deal], api_key=True)
        assert report.status == 200, report.text


class TelemetryJourneys:
    def test_the_answer_shows_chain_errors_plates_leads_and_texts_with_their_age(
        self, product: Product
    ) -> None:
        hire(product)
        answer_to(product, ask(product, "Show me the financials for Lane A"))
        sell(product)
        request = {"kind": "trip_problem", "summary": "A truck broke down", "urgency": "critical"}
        subject = somewhere()
        tell(
            product,
            AttentionRequested.model_validate({**request, "subject": subject, "roles": ["operator"]}),
            subject.replace("/", "-"),
        )

        def shown() -> dict[str, Any] | None:
            frame = dashboard(product)
            (leads,) = frame["details"]["leads"]
            is_whole = leads["won_count"] and "staff_alert" in by_id(frame, "texts")
            is_timed = all(step["sample_count"] for step in frame["details"]["chain"])
            return frame if is_whole and is_timed and "FINANCE" in by_id(frame, "plates") else None

        frame = eventually(shown, "leads, texts and plates in the ledger")
        chain = by_id(frame, "chain")
        assert list(chain) == [
            "enrichment",
            "router",
            "plate_composer",
            "attention_dispatcher",
            "text_sender",
        ]
        for step in chain.values():
            assert step["sample_count"] >= 1 and step["p95_ms"] >= step["p50_ms"] >= 0, step
            assert step["unit_count"] >= 1 and 0 <= step["error_rate"] <= 1, step
        (leads,) = frame["details"]["leads"]
        assert leads["deal_p50_hours"] is not None and leads["won_p50_hours"] is not None
        ages = frame["detail_ages"]
        assert all(
            ages[name]["data_age_seconds"] is not None for name in ("chain", "plates", "leads", "texts")
        )

    def test_every_figure_of_the_answer_is_the_ledgers(self, product: Product) -> None:
        unlike: list[list[str]] = []

        def agreeing() -> bool:
            before = ledger_rows(product)
            frame = answer_to(product, ask(product, "What is our error rate this month?"))
            unlike.append(least_unlike(frame, before, ledger_rows(product)))
            return not unlike[-1]

        try:
            eventually(agreeing, "a moment at which little is under way")
        except AssertionError as error:
            raise AssertionError(f"{unlike[-1][:5]}") from error


MOST_UNDERWAY = 6


def least_unlike(
    frame: dict[str, Any], before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> list[str]:
    """The differences from the ledger with some of the rows that were on their way while one asked: the
    question's own, such as its request, may have been in the warehouse already."""
    start, end = (datetime.fromisoformat(part) for part in frame["dataset"][0]["id"].split("/"))
    as_of = datetime.fromisoformat(frame["as_of"])
    known = {row["event_id"] for row in before}
    late = [row for row in after if row["event_id"] not in known and moment(row) <= as_of]
    if len(late) > MOST_UNDERWAY:
        return [f"{len(late)} rows were on their way"]
    choices = [list(some) for count in range(len(late) + 1) for some in combinations(late, count)]
    found = [differences(frame, Ledger([*before, *some], start, end, as_of)) for some in choices]
    return min(found, key=len)
