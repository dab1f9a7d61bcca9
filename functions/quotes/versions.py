"""When a quote is no longer the one the customer saw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from functions.quotes.line import Line
from functions.quotes.pricing import Totals

Change = Literal["none", "work", "prices"]
"""Against the version before: nothing; other findings or other work; the same work at other prices."""


def change_between(
    before: Sequence[Line], after: Sequence[Line], *, totals_before: Totals, totals_after: Totals
) -> Change:
    """The order of lines is nothing; a flag that got worse, moved, came or went is other work."""
    if _work(before) != _work(after):
        return "work"
    if _prices(before) != _prices(after) or totals_before != totals_after:
        return "prices"
    return "none"


def _work(lines: Iterable[Line]) -> set[tuple[str, frozenset[tuple[str, str, str, str]]]]:
    return {(line.line_id, frozenset(finding.gist for finding in line.findings)) for line in lines}


def _prices(lines: Iterable[Line]) -> set[tuple[str, str, str]]:
    return {(line.line_id, str(line.labour_usd), str(line.parts_usd)) for line in lines}
