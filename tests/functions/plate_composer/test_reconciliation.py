"""Every business figure that is shown is the ledger's, reckoned a second time without SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from shared.events.conversation import AttentionRequested
from shared.ports import Write
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork
from shared.testing.harness import Harness, running
from tests.functions.plate_composer.conftest import Asking, take_in
from tests.functions.plate_composer.ledger_rows import Ledger
from tests.functions.plate_composer.reckoning import differences
from tests.said import nothing

TODAY = datetime.now(UTC).date()
AROUND = {"start": (TODAY - timedelta(days=1)).isoformat(), "end": (TODAY + timedelta(days=1)).isoformat()}
"""Whatever the hour and the zone, what happens now is in it."""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(tmp_path_factory.mktemp("product")) as product:
        yield product


@pytest.fixture(scope="module")
def busy(product: Harness) -> Harness:
    live_through_a_day(product)
    return product


def live_through_a_day(product: Harness) -> None:
    """On which everything happens that a figure counts."""
    _sell(product)
    _ask(product)
    _text(product)
    product.settle()


def _sell(product: Harness) -> None:
    for name in ("ann", "bob", "cem"):
        lead = {"source": "WEB_LEAD", "email": f"{name}@example.com"}
        assert product.call("POST", "/api/crm/intake", json=lead, api_key=True).status < 300
    row = {"opened_on": "2026-11-02", "customer_name": "Somebody"}
    for number, stage, email in (
        ("D1", "new", "ann@example.com"),
        ("D2", "contacted", "bob@example.com"),
        ("D1", "won", "ann@example.com"),
        ("D3", "won", "nobody@example.com"),
    ):
        take_in(product, "deals", {**row, "deal_number": number, "stage": stage, "customer_email": email})


def _ask(product: Harness) -> None:
    asking = Asking(product, "s1")
    for intent in ("FINANCE", "SERVICE", "SERVICE", "INVENTORY", "OUT_OF_SCOPE"):
        asking.ask(intent)
    asking.ask("FINANCE", roles=("mechanic",))
    asking.deliver(asking.event("SERVICE", seq=99).model_copy(update={"session_id": "nobody"}))
    broken = Write("repair_orders/broken", {"status": "open"})
    product.tenant().documents.commit([broken])
    event = asking.event("SERVICE")
    assert asking.deliver(event).status == 500
    product.tenant().documents.commit([Write("repair_orders/broken", None)])
    assert asking.deliver(event, attempt=2).status == 200
    product.tenant().documents.commit([broken])
    assert asking.deliver(asking.event("SERVICE"), attempt=12).status == 500
    product.tenant().documents.commit([Write("repair_orders/broken", None)])
    member = {"staff_id": "ceo", "role": "operator", "phone": "+13125550147", "active": True}
    product.tenant().documents.commit([Write("staff/ceo", member)])
    product.deliver("attention_dispatcher", AttentionRequested.model_validate(AttentionRequested.example))


def _text(product: Harness) -> None:
    """As texts, threads and matters tell it, without waiting for a carrier or for people."""
    told: list[tuple[str, str, dict[str, Any]]] = [
        ("t1", "text.decided", {"verdict": "send", "purpose": "service"}),
        ("t1", "text.moved", {"state": "delivered", "purpose": "service"}),
        ("t2", "text.decided", {"verdict": "defer", "purpose": "service"}),
        ("t2", "text.decided", {"verdict": "send", "purpose": "service"}),
        ("t2", "text.moved", {"state": "undelivered", "purpose": "service"}),
        ("t3", "text.decided", {"verdict": "refuse", "purpose": "marketing"}),
        ("t4", "text.decided", {"verdict": "defer", "purpose": "service"}),
        ("t5", "text.decided", {"verdict": "send", "purpose": "reply"}),
        ("t5", "text.unknown", {"purpose": "reply"}),
    ]
    matter = {"kind": "handoff", "waited_seconds": 90, "round": 1}
    waited: list[tuple[str, str, dict[str, Any]]] = [
        ("threads/c1", "thread.answered", {"department": "service", "waited_seconds": 61.5}),
        ("threads/c2", "thread.answered", {"department": "service", "waited_seconds": None}),
        ("threads/c3", "thread.answered", {"department": "service", "waited_seconds": 600.0}),
        ("attention_items/a", "attention.acknowledged", matter),
        ("attention_items/a", "attention.resolved", {**matter, "waited_seconds": 900}),
        ("attention_items/a", "attention.resolved", {**matter, "round": 2, "waited_seconds": 30}),
    ]
    told = [(f"texts/{text}", kind, about) for text, kind, about in told] + waited
    for number, (subject, kind, about) in enumerate(told):

        def tell(work: UnitOfWork, subject: str = subject, kind: str = kind, about: Any = about) -> None:
            work.audit(kind, subject=subject, detail=about)

        run_unit(product.platform, Cause(f"text-{number}", "text_sender", "autohaus", "c"), tell)


def ledger_rows(product: Harness) -> list[dict[str, Any]]:
    return [e["data"] for e in product.events("audit-recorded", 100_000) if e["tenantid"] == "autohaus"]


def dashboard(product: Harness, session_id: str) -> tuple[dict[str, Any], Ledger]:
    """The plate, and the ledger it has to agree with: as it was before the question, whose own rows have its
    very instant."""
    product.settle()
    before = ledger_rows(product)
    frame = Asking(product, session_id).ask("SYSTEM_HEALTH", period=AROUND)
    start, end = (datetime.fromisoformat(part) for part in frame["dataset"][0]["id"].split("/"))
    return frame, Ledger(before, start, end, datetime.fromisoformat(frame["as_of"]))


def test_every_figure_of_the_systems_health_is_the_ledgers(busy: Harness) -> None:
    frame, ledger = dashboard(busy, "s-health")
    nothing(differences(frame, ledger))
    (row,) = frame["dataset"]
    assert row["failed_count"] == 0 and row["dead_lettered_count"] == 1 and row["rejected_count"] == 1
    plates = {plate["intent"]: plate["plate_count"] for plate in frame["details"]["plates"]}
    assert plates["ATTENTION"] == 1, "a panel nobody asked for is a plate, too"
    assert frame["details"]["leads"][0]["deal_count"] == 2 and frame["details"]["leads"][0]["won_count"] == 1


def test_each_list_says_how_old_it_is(busy: Harness) -> None:
    frame, _ = dashboard(busy, "s-age")
    assert set(frame["detail_ages"]) == {"chain", "hops", "plates", "leads", "texts", "waits"}
    assert all(age["data_age_seconds"] is not None for age in frame["detail_ages"].values())
    assert frame["data_age_seconds"] is not None


def test_rows_told_twice_change_no_figure(busy: Harness) -> None:
    stored = busy.platform.bus_operations.recent("audit-recorded", 100_000)
    busy.platform.bus.publish([one.message for one in stored])
    nothing(differences(*dashboard(busy, "s-twice")))


def test_a_figure_nobody_reckons_is_noticed(busy: Harness) -> None:
    frame, ledger = dashboard(busy, "s-new")
    frame["columns"] = [{"name": "profit", "label": "Profit", "unit": "USD"}]
    frame["dataset"][0]["profit"] = 5
    assert any("profit: shown 5, which nobody reckons" in line for line in differences(frame, ledger))


# money

ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "lane": st.sampled_from("ABCD"),
            "category": st.sampled_from(["sales", "parts", "labour", "transport"]),
            "direction": st.sampled_from(["income", "expense"]),
            "amount": st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2).map(str),
            "occurred_on": st.integers(0, 40).map(lambda days: (TODAY - timedelta(days=days)).isoformat()),
            "corrected_by": st.none() | st.decimals(-99, 99, places=2).filter(bool).map(str),
            "is_sent_twice": st.booleans(),
        }
    ),
    min_size=1,
    max_size=12,
)
WITHOUT_SHRINKING = (Phase.explicit, Phase.generate)
"""Books only grow, so a failure of the tenth example is not met by the first again."""
MONTH = {"start": (TODAY - timedelta(days=40)).isoformat(), "end": (TODAY + timedelta(days=1)).isoformat()}


class Books:
    """Posts entries under new numbers each time, and remembers what the ledger was told."""

    def __init__(self, product: Harness) -> None:
        self.product, self.posted = product, 0
        self.asking = Asking(product, "s-books")

    def post(self, entries: list[dict[str, Any]]) -> None:
        rows = []
        for entry in entries:
            self.posted += 1
            sent = {
                name: value for name, value in entry.items() if name not in ("corrected_by", "is_sent_twice")
            }
            rows += [{**sent, "entry_id": f"E{self.posted}"}] * (2 if entry["is_sent_twice"] else 1)
            if entry["corrected_by"]:
                correction = {"entry_id": f"E{self.posted}c", "corrects": f"E{self.posted}"}
                rows.append({**sent, **correction, "amount": entry["corrected_by"]})
        take_in(self.product, "ledger_entries", *rows)

    def ledger(self, lane: str | None) -> list[dict[str, Any]]:
        told = {
            one["data"]["entry_id"]: one["data"]
            for one in self.product.events("money-entry-recorded", 100_000)
        }
        return [row for row in told.values() if lane in (None, row["lane"])]


@pytest.fixture(scope="module")
def books(product: Harness) -> Books:
    return Books(product)


def sums(rows: list[dict[str, Any]]) -> dict[str, Decimal]:
    found = dict.fromkeys(("income", "expense", "net"), Decimal(0))
    for row in rows:
        amount = Decimal(row["amount"])
        found[row["direction"]] += amount
        found["net"] += amount if row["direction"] == "income" else -amount
    return found


def shown_sums(rows: list[dict[str, Any]]) -> dict[str, Decimal]:
    return {
        name: sum((Decimal(str(row[name])) for row in rows), Decimal(0))
        for name in ("income", "expense", "net")
    }


@settings(max_examples=12, deadline=None, phases=WITHOUT_SHRINKING)
@given(entries=ENTRIES, lane=st.none() | st.sampled_from("ABCD"))
def test_money_is_the_ledgers_to_the_cent(
    books: Books, entries: list[dict[str, Any]], lane: str | None
) -> None:
    books.post(entries)
    about: dict[str, Any] = {"lane": lane} if lane else {}
    frame = books.asking.ask("FINANCE", period=MONTH, **about)
    rows = books.ledger(lane)
    assert shown_sums(frame["dataset"]) == sums(rows)
    assert shown_sums(frame["details"]["total"]) == sums(rows)
    split = "by_category" if lane else "by_lane"
    assert shown_sums(frame["details"][split]) == sums(rows)
    assert sum(row["entry_count"] for row in frame["dataset"]) == len(rows)
    _check_days(frame, rows)


def _check_days(frame: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Week by week, and each figure's evidence is entries of that week."""
    by_week: dict[date, list[dict[str, Any]]] = defaultdict(list)
    first = date.fromisoformat(MONTH["start"])
    for row in rows:
        day = date.fromisoformat(row["occurred_on"])
        by_week[max(first, day - timedelta(days=day.weekday()))].append(row)
    for shown in frame["dataset"]:
        own = by_week.pop(date.fromisoformat(shown["period_start"]), [])
        assert shown_sums([shown]) == sums(own)
        assert set(shown["row_ids"]) <= {row["entry_id"] for row in own}
    assert not by_week, "no week with an entry is left out"
