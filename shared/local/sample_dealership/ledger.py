"""Eighteen months of postings in four lanes, with the seasons of the business and a few corrections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from shared.local.sample_dealership.business_days import (
    SUNDAY,
    days,
    days_to_month_end,
    months_before,
    sales_factor,
    service_factor,
)
from shared.local.sample_dealership.profiles import Profile
from shared.local.sample_dealership.random_parts import rounded, stream

Row = dict[str, Any]
MONTHS = 18

_HAULERS = ("Lakeshore Auto Transport", "Prairie Haulers", "I-94 Carriers")
_SUPPLIERS = ("Midway Parts Supply", "Great Lakes Auto Parts", "OEM Direct")
_AUCTIONS = ("Chicago Auto Auction", "Badger Auction", "Trade-in")

# Lane, category, day of the month, amount at pace 1, who is paid, what for.
_MONTHLY: tuple[tuple[str, str, int, float, str, str], ...] = (
    ("A", "rent", 1, 24_000, "Sheridan Properties", "Rent showroom and lot"),
    ("B", "rent", 1, 9_500, "Sheridan Properties", "Rent workshop"),
    ("D", "rent", 1, 2_600, "Sheridan Properties", "Rent rental desk"),
    ("A", "insurance", 3, 9_800, "Prairie Mutual", "Garage keepers and stock insurance"),
    ("C", "insurance", 3, 1_900, "Prairie Mutual", "Fleet insurance"),
    ("D", "insurance", 3, 2_900, "Prairie Mutual", "Rental fleet insurance"),
    ("A", "advertising", 5, 16_500, "Lake Effect Media", "Advertising"),
    ("B", "utilities", 12, 3_900, "Northern Power", "Power and gas workshop"),
    ("A", "utilities", 12, 2_700, "Northern Power", "Power and gas showroom"),
    ("A", "payroll", 15, 46_000, "Staff", "Payroll sales, first half"),
    ("B", "payroll", 15, 13_500, "Staff", "Payroll service, first half"),
    ("C", "payroll", 15, 4_200, "Staff", "Payroll transport, first half"),
    ("D", "payroll", 15, 2_400, "Staff", "Payroll rental, first half"),
    ("A", "payroll", 28, 46_000, "Staff", "Payroll sales, second half"),
    ("B", "payroll", 28, 13_500, "Staff", "Payroll service, second half"),
    ("C", "payroll", 28, 4_200, "Staff", "Payroll transport, second half"),
    ("D", "payroll", 28, 2_400, "Staff", "Payroll rental, second half"),
)


@dataclass(frozen=True)
class Day:
    """One day of business with its own randomness; `pace` scales counts, `today` is where growth ends."""

    random: Random
    on: date
    today: date
    pace: float

    def count(self, mean: float) -> int:
        """How many of something that happens `mean` times a day on average at pace 1."""
        left, events = self.random.expovariate(1.0), 0
        while left < mean * self.pace:
            events += 1
            left += self.random.expovariate(1.0)
        return events

    def around(self, mean: float, spread: float) -> float:
        """An amount near `mean`, never below a fifth of it; `spread` is its standard deviation."""
        return max(mean / 5, self.random.gauss(mean, spread))

    def entry(self, lane: str, category: str, amount: float, description: str, **more: str) -> Row:
        return {
            "occurred_on": self.on.isoformat(),
            "lane": lane,
            "category": category,
            "amount": rounded(round(amount, 2)),
            "description": description,
            **more,
        }


def ledger(
    profile: Profile, vehicles: Sequence[Row], deals: Sequence[Row], *, seed: int, today: date
) -> list[Row]:
    """Rows of kind `ledger_entries`, oldest first; corrections come after what they correct."""
    random = stream(seed, profile.tenant_id, "ledger")
    posted = [
        entry
        for date_ in days(months_before(today, MONTHS), today)
        for entry in _day(Day(random, date_, today, profile.pace))
    ]
    posted += _won_deals(random, vehicles, deals)
    posted.sort(key=lambda entry: entry["occurred_on"])
    numbered = [{"entry_id": f"GL-{100_000 + number}", **entry} for number, entry in enumerate(posted)]
    return numbered + corrections(random, numbered, today)


def corrections(random: Random, posted: Sequence[Row], today: date) -> list[Row]:
    """Two mistakes found in a hundredth of the months' invoices: posted twice, or with a wrong amount."""
    invoices = [row for row in posted if row["category"] in ("transport", "parts_purchase", "advertising")]
    wrong = random.sample(invoices, min(len(invoices), 3 + len(invoices) // 100))
    return [_correction(random, row, number, today) for number, row in enumerate(wrong)]


def _correction(random: Random, row: Row, number: int, today: date) -> Row:
    posted_twice = random.random() < 0.5
    amount = (
        -float(row["amount"]) if posted_twice else -round(float(row["amount"]) * random.uniform(0.05, 0.3), 2)
    )
    found = min(
        today, date.fromordinal(date.fromisoformat(row["occurred_on"]).toordinal() + random.randint(2, 20))
    )
    return {
        **{name: row[name] for name in ("lane", "category", "counterparty") if name in row},
        "entry_id": f"GLC-{500 + number}",
        "occurred_on": found.isoformat(),
        "amount": rounded(amount),
        "description": "Posted twice" if posted_twice else "Invoice amount corrected",
        "corrects": row["entry_id"],
    }


def _day(day: Day) -> Iterator[Row]:
    yield from _fixed_costs(day)
    if day.on.weekday() == SUNDAY:
        return
    yield from _sales(day)
    yield from _service(day)
    yield from _transport(day)
    yield from _rental(day)


def _sales(day: Day) -> Iterator[Row]:
    for number in range(day.count(2.3 * sales_factor(day.on, day.today))):
        price = round(day.random.lognormvariate(10.2, 0.36), -2) - 5
        deal = f"V-{day.on:%y%m%d}-{number + 1}"
        yield day.entry("A", "sales", price, "Vehicle sold", document_number=deal)
        cost = price * day.random.uniform(0.87, 0.95)
        auction = day.random.choice(_AUCTIONS)
        yield day.entry(
            "A", "vehicle_purchase", cost, "Cost of vehicle", document_number=deal, counterparty=auction
        )
        if day.random.random() < 0.45:
            reserve = day.around(1_250, 420)
            yield day.entry("A", "finance_income", reserve, "Finance reserve", document_number=deal)


def _service(day: Day) -> Iterator[Row]:
    for number in range(day.count(4.2 * service_factor(day.on, day.today))):
        order = f"S-{day.on:%y%m%d}-{number + 1}"
        hours = day.random.lognormvariate(0.75, 0.6)
        yield day.entry("B", "labour", hours * 148, "Repair order labour", document_number=order)
        if day.random.random() < 0.8:
            parts = day.random.lognormvariate(5.1, 0.8)
            yield day.entry("B", "parts", parts, "Repair order parts", document_number=order)
    if day.on.weekday() in (1, 4):
        amount = day.around(1_500, 350) * max(day.pace, 0.1) * service_factor(day.on, day.today)
        supplier = day.random.choice(_SUPPLIERS)
        yield day.entry("B", "parts_purchase", amount, "Parts delivery", counterparty=supplier)


def _transport(day: Day) -> Iterator[Row]:
    # Steady on purpose: a fee of thousands must stand out from it.
    for _ in range(max(1 if day.pace >= 1 else 0, day.count(1.6))):
        hauler = day.random.choice(_HAULERS)
        yield day.entry("C", "transport", day.around(465, 95), "Vehicle transport", counterparty=hauler)
    yield day.entry(
        "C", "fuel", day.around(170, 40) * max(day.pace, 0.3), "Diesel", counterparty="Lakeside Fuel"
    )
    for _ in range(day.count(1.1)):
        yield day.entry("C", "transport_income", day.around(560, 120), "Delivery for a customer")


def _rental(day: Day) -> Iterator[Row]:
    summer = 1.25 if day.on.month in (6, 7, 8) else 1.0
    for _ in range(day.count(2.4 * summer)):
        length = 1 + int(day.random.expovariate(1 / 3))
        yield day.entry("D", "rental", length * day.around(68, 14), f"Rental, {length} days")
    if day.random.random() < 0.25 * day.pace:
        yield day.entry("D", "maintenance", day.around(240, 90), "Rental fleet maintenance")


def _fixed_costs(day: Day) -> Iterator[Row]:
    scale = max(day.pace, 0.22)
    for lane, category, due, amount, payee, text in _MONTHLY:
        if day.on.day == due:
            exact = amount if category == "rent" else day.around(amount, amount * 0.05)
            yield day.entry(lane, category, exact * scale, text, counterparty=payee)
    if day.on.month % 3 == 0 and days_to_month_end(day.on) == 0:
        yield day.entry(
            "A", "tax", day.around(31_000, 4_000) * scale, "Quarterly tax", counterparty="State revenue"
        )


def _won_deals(random: Random, vehicles: Sequence[Row], deals: Sequence[Row]) -> Iterator[Row]:
    """The deals still in the books have their postings, with the VIN."""
    costs = {row["vin"]: row["cost"] for row in vehicles if "cost" in row}
    for deal in deals:
        if deal["stage"] != "won":
            continue
        about = {
            "occurred_on": deal["closed_on"],
            "lane": "A",
            "vin": deal["vin"],
            "document_number": deal["deal_number"],
        }
        yield {**about, "category": "sales", "amount": deal["amount"], "description": "Vehicle sold"}
        cost = costs[deal["vin"]]
        yield {**about, "category": "vehicle_purchase", "amount": cost, "description": "Cost of vehicle"}
