"""What comes by the calendar: rent, payroll, statements, accruals, taxes, contracts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from tests.benchmarks.made_books.business import Trade, business_day_from_end, is_closed
from tests.benchmarks.made_books.posting import Posting

# Lane, category, direction, day of the month, amount at size 1, spread, payee.
MONTHLY = (
    ("A", "rent", "expense", 1, 21_000.0, 0.0, "Harbor Properties"),
    ("B", "rent", "expense", 1, 8_400.0, 0.0, "Harbor Properties"),
    ("A", "insurance", "expense", 3, 8_900.0, 0.03, "Mutual of Lakes"),
    ("A", "advertising", "expense", 5, 13_500.0, 0.12, "Signal Media"),
    ("B", "warranty_income", "income", 10, 17_500.0, 0.2, "Manufacturer"),
    ("B", "utilities", "expense", 12, 3_300.0, 0.15, "City Power"),
    ("A", "payroll", "expense", 15, 41_000.0, 0.04, "Staff"),
    ("B", "payroll", "expense", 15, 22_000.0, 0.04, "Staff"),
    ("A", "tax", "expense", 20, 26_000.0, 0.18, "State revenue"),
)
# The same on the month's last open day.
MONTH_END = (
    ("A", "payroll", "expense", 47_000.0, 0.12, "Staff"),
    ("B", "payroll", "expense", 23_000.0, 0.05, "Staff"),
    ("A", "floorplan_interest", "expense", 14_000.0, 0.08, "First Auto Credit"),
    ("B", "parts_purchase", "expense", 7_800.0, 0.18, "OEM Counter"),
    ("C", "transport", "expense", 4_600.0, 0.12, "Two Rivers Auto Move"),
    ("A", "bank_fees", "expense", 380.0, 0.15, "County Bank"),
)


def shifted(day: date) -> date:
    """The next open day: nobody posts on a closed one."""
    while is_closed(day):
        day += timedelta(days=1)
    return day


def periodic(trade: Trade, on: date) -> Iterator[Posting]:
    """What is due on this day."""
    yield from _monthly(trade, on)
    if not is_closed(on) and business_day_from_end(on) == 0:
        yield from _month_end(trade, on)
    yield from _contracts(trade, on)
    if on.month == 4 and on == shifted(date(on.year, 4, 10)):
        paid = trade.near(19_000 * trade.size, 0.05)
        yield Posting(on, "A", "insurance", "expense", paid, "Annual garage policy", "Mutual of Lakes")
    if on.month in (3, 6, 9, 12) and on == shifted(date(on.year, on.month, 15)):
        paid = trade.near(29_000 * trade.size, 0.12)
        yield Posting(on, "A", "income_tax", "expense", paid, "Quarterly estimate", "Treasury")


def _monthly(trade: Trade, on: date) -> Iterator[Posting]:
    for lane, category, direction, day, amount, spread, payee in MONTHLY:
        if on != shifted(date(on.year, on.month, day)):
            continue
        winter = 1.6 if category == "utilities" and on.month in (12, 1, 2) else 1.0
        size = max(trade.size, 0.4)
        exact = round(amount * size * winter, 2) if not spread else trade.near(amount * size * winter, spread)
        paper = f"{category[:3].upper()}{lane}-{on:%Y%m}"
        text = category.replace("_", " ").capitalize()
        yield Posting(on, lane, category, direction, exact, text, payee, paper)


def _month_end(trade: Trade, on: date) -> Iterator[Posting]:
    for lane, category, direction, amount, spread, payee in MONTH_END:
        paid = trade.near(amount * max(trade.size, 0.4), spread)
        text = f"{category.replace('_', ' ').capitalize()}, month end"
        # Closing takes a few days: half of these are posted in the new month.
        late = 0.3 if trade.random.random() < 0.5 else trade.random.uniform(1, 5)
        yield Posting(on, lane, category, direction, paid, text, payee, late_days=late)


def _contracts(trade: Trade, on: date) -> Iterator[Posting]:
    """Equal amounts under one contract number, again and again: not posted twice."""
    if on.weekday() == 1 and (on - trade.start).days // 7 % 2 == 0 and not is_closed(on):
        yield Posting(on, "A", "cleaning", "expense", 640.0, "Cleaning, two weeks", "Bright Crew", "CT-2281")
    if on == shifted(date(on.year, on.month, 8)):
        yield Posting(on, "B", "equipment_lease", "expense", 1_875.0, "Lift lease", "LeaseCo", "LS-77120")
