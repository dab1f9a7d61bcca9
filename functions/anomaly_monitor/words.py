"""A finding in plain words: every figure from a row, nobody's name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from functions.anomaly_monitor.finding import Finding

SHOWN_ROWS = 3


def summary(finding: Finding) -> str:
    """One or two sentences that fit a text message."""
    what = f"{finding.category.replace('_', ' ').capitalize()} (lane {finding.lane})"
    return _SENTENCES[finding.family](finding, what)


def money(amount: Decimal) -> str:
    return f"${amount:,.2f}"


def _day(day: date) -> str:
    return f"{day:%b} {day.day}"


def _rows(finding: Finding) -> str:
    shown = ", ".join(finding.entry_ids[:SHOWN_ROWS])
    word = "row" if len(finding.entry_ids) == 1 else "rows"
    return f"{word} {shown}"


def _usual(finding: Finding, each: str) -> str:
    if finding.low is not None and finding.high is not None:
        return f"Usually {money(finding.low)} to {money(finding.high)} {each}."
    return f"Usually up to {money(finding.high)} {each}." if finding.high is not None else ""


def _posting(finding: Finding, what: str) -> str:
    day, row = _day(finding.occurred_on), finding.entry_ids[0]
    return f"{what}: {money(finding.value)} posted for {day} (row {row}). {_usual(finding, 'a posting')}"


def _by_day(finding: Finding, what: str) -> str:
    day = _day(finding.occurred_on)
    text = f"{what}: {money(finding.value)} on {day} (largest first: {_rows(finding)})."
    if finding.kinds == ("two_deviations",) and finding.mean is not None and finding.high is not None:
        return (
            f"{text} The 30-day mean is {money(finding.mean)}, two deviations end at {money(finding.high)}."
        )
    return f"{text} {_usual(finding, 'a day')}"


def _direction(finding: Finding, what: str) -> str:
    other = "an expense" if finding.direction == "expense" else "income"
    booked = f"{money(finding.value)} for {_day(finding.occurred_on)} booked as {other}"
    return f"{what}: {booked}, which it hardly ever is ({_rows(finding)})."


def _drift(finding: Finding, what: str) -> str:
    way = "crept up to" if finding.direction == "expense" else "sunk to"
    before = f" Before it was {money(finding.high)}." if finding.high is not None else ""
    return f"{what} has {way} {money(finding.value)} in four weeks.{before}"


def _posted_twice(finding: Finding, what: str) -> str:
    day = _day(finding.occurred_on)
    return f"{what}: {money(finding.value)} for {day} looks posted twice ({_rows(finding)})."


def _correction(finding: Finding, what: str) -> str:
    row, corrected = finding.entry_ids[:2]
    was = "" if finding.high is None else f" of {money(finding.high)}"
    return (
        f"{what}: row {row} corrects row {corrected}{was} by {money(finding.value)}: wrong sign or too much?"
    )


def _split(finding: Finding, what: str) -> str:
    limit = "" if finding.high is None else f" of {money(finding.high)}"
    count = len(finding.entry_ids)
    return (
        f"{what}: {count} purchases from one payee within days, {money(finding.value)} together, "
        f"each below the approval limit{limit} ({_rows(finding)})."
    )


_SENTENCES = {
    "posting": _posting,
    "day": _by_day,
    "direction": _direction,
    "drift": _drift,
    "posted_twice": _posted_twice,
    "correction": _correction,
    "split": _split,
}
