"""What goes wrong in books: each mishap changes or adds rows and says where it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from tests.benchmarks.made_books.periodic import shifted
from tests.benchmarks.made_books.posting import Label, Posting

LIMIT = 5_000.0
"""Purchases from here on need an approval."""


@dataclass
class Drawer:
    """The postings so far; a mishap takes some out and puts others in."""

    random: Random
    size: float
    postings: list[Posting]
    labels: list[Label] = field(default_factory=list)

    def label(self, kind: str, like: Posting, first_on: date, last_on: date) -> int:
        self.labels.append(Label(kind, like.lane, like.category, like.direction, first_on, last_on))
        return len(self.labels) - 1

    def pick(self, on: date, fits: Callable[[Posting], bool], days: int = 12) -> Posting | None:
        """An ordinary row near the day."""
        near = [
            one
            for one in self.postings
            if on <= one.on <= on + timedelta(days=days) and one.mishap < 0 and not one.corrects and fits(one)
        ]
        return self.random.choice(near) if near else None

    def swap(self, old: Posting, new: Posting) -> None:
        self.postings[self.postings.index(old)] = new


def odd_fee(drawer: Drawer, on: date) -> None:
    """One bill far above what the category usually brings."""
    category, lane, usual = drawer.random.choice(
        (("transport", "C", 455), ("fuel", "C", 165), ("sublet", "B", 340), ("reconditioning", "A", 310))
    )
    amount = round(usual * max(1, drawer.size) * drawer.random.uniform(6, 16), 2)
    day = shifted(on)
    like = Posting(day, lane, category, "expense", amount, "Special charge", "Walk-in vendor")
    place = drawer.label("odd_fee", like, day, day)
    drawer.postings.append(replace(like, mishap=place))


def slipped_decimal(drawer: Drawer, on: date) -> None:
    """Ten times what the paper says."""
    kinds = ("transport", "labour", "parts_purchase", "rental", "transport_income", "reconditioning")
    row = drawer.pick(on, lambda one: one.category in kinds and 150 < one.amount < 6_000)
    if row is not None:
        place = drawer.label("slipped_decimal", row, row.on, row.on)
        drawer.swap(row, replace(row, amount=round(row.amount * 10, 2), mishap=place))


def billing_run(drawer: Drawer, on: date) -> None:
    """Somebody's system bills the same day many times over, each bill of a usual size."""
    day = shifted(on)
    like = Posting(day, "C", "transport", "expense", 0, "Unit moved", "Ridge Carriers")
    place = drawer.label("billing_run", like, day, day)
    for number in range(drawer.random.randint(9, 14) * max(1, round(drawer.size))):
        amount = round(drawer.random.uniform(380, 560), 2)
        paper = f"RUN-{day:%y%m%d}-{number}"
        drawer.postings.append(replace(like, amount=amount, document=paper, mishap=place))


def posted_twice(drawer: Drawer, on: date) -> None:
    """The same invoice entered a second time, days later, by somebody else."""
    row = drawer.pick(
        on, lambda one: bool(one.document and one.payee) and one.amount > 300 and one.direction == "expense"
    )
    if row is not None:
        again = shifted(row.on + timedelta(days=drawer.random.randint(1, 12)))
        place = drawer.label("posted_twice", row, again, again)
        drawer.postings.append(replace(row, on=again, mishap=place))


def posted_twice_without_number(drawer: Drawer, on: date) -> None:
    """A bill without a number entered twice, on the same or the next day."""
    row = drawer.pick(
        on,
        lambda one: (
            bool(one.payee)
            and not one.document
            and one.amount > 300
            and one.amount != 425.0
            and one.direction == "expense"
        ),
        days=20,
    )
    if row is not None:
        again = shifted(row.on + timedelta(days=drawer.random.randint(0, 1)))
        place = drawer.label("posted_twice_without_number", row, again, again)
        drawer.postings.append(replace(row, on=again, mishap=place))


def wrong_direction(drawer: Drawer, on: date) -> None:
    """Booked on the other side."""
    kinds = ("transport", "parts_purchase", "labour", "rental", "fuel", "transport_income", "parts")
    row = drawer.pick(on, lambda one: one.category in kinds and one.amount > 250)
    if row is not None:
        turned = "income" if row.direction == "expense" else "expense"
        wrong = replace(row, direction=turned)
        place = drawer.label("wrong_direction", wrong, row.on, row.on)
        drawer.swap(row, replace(wrong, mishap=place))


def correction_with_wrong_sign(drawer: Drawer, on: date) -> None:
    """Meant to take a bill back, it books it once more."""
    row = drawer.pick(
        on, lambda one: one.direction == "expense" and bool(one.payee) and 300 < one.amount < 9_000
    )
    if row is not None:
        found = shifted(row.on + timedelta(days=drawer.random.randint(1, 9)))
        place = drawer.label("wrong_sign", row, found, found)
        marked = replace(row, document=row.document or f"C-{place}-{row.on:%y%m%d}")
        drawer.swap(row, marked)
        wrong = replace(
            marked, on=found, text="Posted twice, reversed", corrects=marked.document, mishap=place
        )
        drawer.postings.append(wrong)


def split_purchase(drawer: Drawer, on: date) -> None:
    """One purchase above the limit in parts below it."""
    category, lane = drawer.random.choice((("tools", "B"), ("office", "A"), ("reconditioning", "A")))
    payee = drawer.random.choice(("Summit Equipment", "Prime Fixtures", "Delta Compressors"))
    day = shifted(on)
    like = Posting(day, lane, category, "expense", 0, "Equipment, part", payee)
    parts = drawer.random.randint(2, 4)
    place = drawer.label("split", like, day, day + timedelta(days=4))
    for number in range(parts):
        low = 0.8 if parts == 2 else 0.6
        amount = round(LIMIT * drawer.random.uniform(low, 0.985), 2)
        part = shifted(day + timedelta(days=drawer.random.choice((0, 0, 1, 2)) if number else 0))
        drawer.postings.append(
            replace(like, on=part, amount=amount, document=f"SP-{place}-{number}", mishap=place)
        )


def slow_drift(drawer: Drawer, on: date) -> None:
    """A price creeps up by 7 to 9 per cent every two weeks for sixteen weeks and stays there."""
    category = drawer.random.choice(("fuel", "transport", "parts_purchase"))
    rate = drawer.random.uniform(0.07, 0.09)
    rows = [one for one in drawer.postings if one.category == category and one.on >= on and one.mishap < 0]
    if not rows:
        return
    place = drawer.label("slow_drift", rows[0], on + timedelta(days=28), on + timedelta(days=168))
    for row in rows:
        steps = min(8.0, (row.on - on).days / 14)
        drawer.swap(row, replace(row, amount=round(row.amount * (1 + rate) ** steps, 2), mishap=place))


ONCE: tuple[Callable[[Drawer, date], None], ...] = (
    odd_fee,
    slipped_decimal,
    billing_run,
    posted_twice,
    posted_twice_without_number,
    wrong_direction,
    correction_with_wrong_sign,
    split_purchase,
    odd_fee,
    slipped_decimal,
    posted_twice,
)
