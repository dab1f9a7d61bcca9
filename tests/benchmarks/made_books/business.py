"""A dealership's ordinary postings, day by day, as its accounting makes them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.benchmarks.made_books.posting import Posting

HAULERS = (("Lake Haulage", 425.0), ("Ridge Carriers", 0.0), ("Two Rivers Auto Move", 0.0))
SUPPLIERS = ("Axle & Sons", "North Parts", "OEM Counter")
LENDERS = ("First Auto Credit", "County Bank")
FIXED_HOLIDAYS = {(1, 1), (7, 4), (12, 25), (12, 24)}
SEASON = (0.78, 0.85, 1.12, 1.15, 1.14, 1.04, 1.0, 1.02, 0.97, 0.98, 0.93, 0.97)


def is_closed(day: date) -> bool:
    """Sundays, fixed holidays, Memorial and Labor Day, Thanksgiving."""
    if day.weekday() == 6 or (day.month, day.day) in FIXED_HOLIDAYS:
        return True
    memorial = day.month == 5 and day.weekday() == 0 and day.day > 24
    labor = day.month == 9 and day.weekday() == 0 and day.day <= 7
    return memorial or labor or (day.month == 11 and day.weekday() == 3 and 22 <= day.day <= 28)


def business_day_from_end(day: date) -> int:
    """0 on the month's last open day, 1 on the one before, …"""
    left, ahead = 0, day + timedelta(days=1)
    while ahead.month == day.month:
        left += not is_closed(ahead)
        ahead += timedelta(days=1)
    return left


@dataclass(frozen=True)
class Trade:
    """One dealership: `size` scales counts, `growth` a year's; `start` is its first day in the books."""

    random: Random
    size: float
    growth: float
    start: date

    def day(self, on: date) -> Iterator[Posting]:
        if is_closed(on):
            return
        grown = 1 + self.growth * (on - self.start).days / 365
        busy = self.size * grown * SEASON[on.month - 1] * (1.25 if is_closed(on - timedelta(days=1)) else 1.0)
        yield from self._sales(on, busy)
        yield from self._service(on, busy)
        yield from self._transport(on, busy)
        yield from self._rental(on, busy)
        yield from self._now_and_then(on)

    def count(self, mean: float) -> int:
        limit, product, events = math.exp(-min(mean, 500)), self.random.random(), 0
        while product > limit:
            product *= self.random.random()
            events += 1
        return events

    def near(self, mean: float, share: float) -> float:
        """Lognormal with this median; `share` is about its relative spread."""
        return round(mean * math.exp(self.random.gauss(0, share)), 2)

    def _paper(self, prefix: str, on: date) -> str:
        return f"{prefix}-{on:%y%m%d}-{self.random.randrange(10_000):04d}"

    def _sales(self, on: date, busy: float) -> Iterator[Posting]:
        push = 1.7 if business_day_from_end(on) < 3 else 1.0
        weekday = (0.8, 0.8, 0.85, 0.95, 1.1, 1.7)[on.weekday()]
        for _ in range(self.count(2.0 * busy * push * weekday)):
            paper, price = self._paper("D", on), round(self.near(25_500, 0.34), -1)
            yield Posting(on, "A", "sales", "income", price, "Unit delivered", document=paper)
            cost = round(price * self.random.uniform(0.86, 0.96), 2)
            yield Posting(on, "A", "vehicle_purchase", "expense", cost, "Cost of unit", document=paper)
            if self.random.random() < 0.5:
                paid = on + timedelta(days=self.random.randint(2, 5))
                reserve, lender = self.near(1_150, 0.35), self.random.choice(LENDERS)
                yield Posting(paid, "A", "finance_income", "income", reserve, "Reserve", lender, paper)
        if on.weekday() == 2:
            for _ in range(self.count(2.5 * busy)):
                cost, paper = self.near(14_500, 0.3), self._paper("AU", on)
                yield Posting(
                    on, "A", "vehicle_purchase", "expense", cost, "Auction unit", "Midland Auction", paper
                )

    def _service(self, on: date, busy: float) -> Iterator[Posting]:
        half = 0.55 if on.weekday() == 5 else 1.0
        for _ in range(self.count(5 * busy * half)):
            order = self._paper("RO", on)
            hours = self.near(2.0, 0.6)
            yield Posting(on, "B", "labour", "income", round(hours * 152, 2), "Labour", document=order)
            if self.random.random() < 0.75:
                yield Posting(
                    on, "B", "parts", "income", self.near(180, 0.8), "Parts on order", document=order
                )
            if self.random.random() < 0.06:
                paid = self.near(340, 0.4)
                yield Posting(on, "B", "sublet", "expense", paid, "Sublet repair", "Glass & Trim", order)
        if on.weekday() in (0, 2, 4):
            supplier = self.random.choice(SUPPLIERS)
            order, amount = self._paper("PO", on), self.near(1_050 * busy, 0.28)
            yield Posting(on, "B", "parts_purchase", "expense", amount, "Stock order", supplier, order)
            if self.random.random() < 0.1:  # the rest of a delivery comes later, under the same number
                later = on + timedelta(days=self.random.randint(2, 6))
                rest = round(amount * self.random.uniform(0.1, 0.5), 2)
                yield Posting(later, "B", "parts_purchase", "expense", rest, "Back order", supplier, order)

    def _transport(self, on: date, busy: float) -> Iterator[Posting]:
        for _ in range(self.count(1.5 * busy)):
            hauler, flat = self.random.choice(HAULERS)
            fee = flat or self.near(455, 0.25)
            paper = self._paper("H", on) if self.random.random() < 0.7 else ""
            yield Posting(on, "C", "transport", "expense", fee, "Unit moved", hauler, paper)
        if on.weekday() == 4:
            fee = self.near(1_250 * busy, 0.2)
            yield Posting(
                on, "C", "transport", "expense", fee, "Weekly dealer trades", "Ridge Carriers", late_days=1.5
            )
        yield Posting(on, "C", "fuel", "expense", self.near(165 * busy, 0.22), "Fuel cards", "FleetFuel")
        for _ in range(self.count(0.9 * busy)):
            yield Posting(on, "C", "transport_income", "income", self.near(520, 0.25), "Delivery charged")
        if on.weekday() == 0:
            yield Posting(on, "C", "tolls", "expense", self.near(85 * busy, 0.2), "Toll account", "Tollway")

    def _rental(self, on: date, busy: float) -> Iterator[Posting]:
        for _ in range(self.count(2.2 * busy)):
            days = 1 + int(self.random.expovariate(0.35))
            yield Posting(on, "D", "rental", "income", round(days * self.near(64, 0.15), 2), "Rental closed")
        if self.random.random() < 0.2 * min(busy, 3):
            paid = self.near(210, 0.5)
            yield Posting(on, "D", "maintenance", "expense", paid, "Rental upkeep", "Quick Lube")

    def _now_and_then(self, on: date) -> Iterator[Posting]:
        if self.random.random() < 0.12:
            paid = self.near(160 * self.size, 0.7)
            yield Posting(on, "A", "office", "expense", paid, "Office supplies", "Paper Barn")
        if self.random.random() < 0.08:
            paid = self.near(420, 0.6)
            yield Posting(on, "B", "tools", "expense", paid, "Tools and shop", "Tool Truck")
        if self.random.random() < 0.25:
            paid = self.near(310, 0.45)
            yield Posting(
                on,
                "A",
                "reconditioning",
                "expense",
                paid,
                "Detail and dents",
                "Shine Works",
                self._paper("RC", on),
            )
