"""A whole set of books from a seed: a year and a quarter of history, then half a year that is watched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from tests.benchmarks.made_books.business import Trade
from tests.benchmarks.made_books.mishaps import ONCE, Drawer, slow_drift
from tests.benchmarks.made_books.periodic import periodic, shifted
from tests.benchmarks.made_books.posting import Books, Posting

START = date(2025, 1, 1)
WATCHED_FROM, WATCHED_TO = date(2026, 4, 1), date(2026, 9, 30)
SIZES = (0.5, 1.0, 2.5)
TENANT = "autohaus"


def books(seed: int) -> Books:
    """The same seed gives the same books."""
    random = Random(f"books {seed}")
    trade = Trade(random, SIZES[seed % len(SIZES)], random.uniform(-0.03, 0.1), START)
    postings = [one for day in _days(START, WATCHED_TO) for one in (*trade.day(day), *periodic(trade, day))]
    postings = [one for one in postings if one.on <= WATCHED_TO]
    postings += _new_category(trade)
    approved, approvals = _approved_purchases(trade)
    drawer = Drawer(random, trade.size, [*postings, *approved])
    _spoil(drawer)
    postings = [*drawer.postings, *_corrections(random, drawer.postings)]
    rows = _numbered(_heard_of(random, postings), drawer)
    return Books(rows, drawer.labels, approvals, WATCHED_FROM, WATCHED_TO)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _spoil(drawer: Drawer) -> None:
    """Eleven mishaps, a fortnight or so apart, in random order, and one price that creeps."""
    # First: what is copied later is copied as it then stands.
    slow_drift(drawer, WATCHED_FROM + timedelta(days=drawer.random.randint(0, 14)))
    order = list(ONCE)
    drawer.random.shuffle(order)
    for place, mishap in enumerate(order):
        mishap(drawer, WATCHED_FROM + timedelta(days=5 + 15 * place + drawer.random.randrange(6)))


def _new_category(trade: Trade) -> Iterator[Posting]:
    """A line of cost that begins in the watched half-year, with a larger first bill."""
    begun = shifted(WATCHED_FROM + timedelta(days=trade.random.randint(20, 60)))
    yield Posting(begun, "B", "charging_power", "expense", 2_900.0, "Connection fee", "City Power")
    for week in range(1, 30):
        day = shifted(begun + timedelta(days=7 * week))
        if day <= WATCHED_TO:
            yield Posting(
                day, "B", "charging_power", "expense", trade.near(310, 0.15), "Charging", "City Power"
            )


def _approved_purchases(trade: Trade) -> tuple[list[Posting], list[dict[str, Any]]]:
    """Large bills somebody with the right to do so had approved."""
    postings, approvals = [], []
    for number, (lane, category, amount, payee) in enumerate(
        (("B", "tools", 9_800.0, "Lift Works"), ("A", "reconditioning", 14_200.0, "Hail Repair Crew"))
    ):
        day = shifted(WATCHED_FROM + timedelta(days=trade.random.randint(10, 170)))
        paper = f"APPR-{number}"
        postings.append(Posting(day, lane, category, "expense", amount, "As approved", payee, paper))
        approvals.append(
            {
                "document_number": paper,
                "amount_usd": amount,
                "valid_from": day - timedelta(days=20),
                "valid_to": day + timedelta(days=20),
            }
        )
    return postings, approvals


def _corrections(random: Random, postings: Sequence[Posting]) -> Iterator[Posting]:
    """One invoice in a hundred is put right within three weeks, properly."""
    for one in postings:
        if one.payee and one.document and one.mishap < 0 and not one.corrects and random.random() < 0.01:
            found = shifted(one.on + timedelta(days=random.randint(2, 20)))
            share = 1.0 if random.random() < 0.5 else random.uniform(0.05, 0.3)
            back = -round(one.amount * share, 2)
            if found <= WATCHED_TO and back:
                yield replace(one, on=found, amount=back, text="Put right", corrects=one.document)


def _heard_of(random: Random, postings: Sequence[Posting]) -> list[Posting]:
    """Most rows come the same night, some days later; one week nothing comes, then all at once."""
    outage = WATCHED_FROM + timedelta(days=random.randint(30, 150))
    heard = []
    for one in postings:
        late = one.late_days
        if late < 1:
            late += random.choices((0, random.uniform(1, 3), random.uniform(4, 9)), (75, 20, 5))[0]
        if outage <= one.on <= outage + timedelta(days=3):
            late = max(late, (outage + timedelta(days=4) - one.on).days + 0.3)
        heard.append(replace(one, late_days=late))
    return heard


def _numbered(postings: Sequence[Posting], drawer: Drawer) -> list[dict[str, Any]]:
    """Ids in order of the day; corrections name the id of the row whose paper they carry."""
    ordered = sorted(postings, key=lambda one: (one.on, bool(one.corrects)))
    by_paper: dict[tuple[str, str], str] = {}
    rows = []
    for number, one in enumerate(ordered):
        entry_id = f"JE-{number:06d}"
        if one.document and not one.corrects:
            by_paper.setdefault((one.document, one.category), entry_id)
        if one.mishap >= 0:
            drawer.labels[one.mishap].entry_ids.append(entry_id)
        rows.append(_row(entry_id, one, by_paper.get((one.corrects, one.category))))
    return rows


def _row(entry_id: str, one: Posting, corrects: str | None) -> dict[str, Any]:
    evening = datetime(one.on.year, one.on.month, one.on.day, 18, tzinfo=UTC)
    return {
        "entry_id": entry_id,
        "tenant_id": TENANT,
        "occurred_on": one.on,
        "lane": one.lane,
        "category": one.category,
        "direction": one.direction,
        "amount": f"{one.amount:.2f}",
        "currency": "USD",
        "description": one.text,
        "document_number": one.document or None,
        "counterparty": one.payee or None,
        "corrects": corrects,
        "recorded_at": evening + timedelta(days=one.late_days),
    }
