"""A quote as it is kept: `quotes/{quote_id}` is its newest version, `quotes/{id}/versions/{n}` each of them.

open       the customer may decide; `sent_at` says when it was texted, if it was
decided    signed; what changes the price of what was approved beyond the tolerance opens it again
expired    nobody answered in time
withdrawn  taken back by the dealership, or nothing of it is left
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from functions.quotes.line import Line
from functions.quotes.pricing import Totals, from_document
from shared.domain.pricing_rules import PricingRules
from shared.errors import NotFound
from shared.runtime.work import UnitOfWork

OPEN, DECIDED, EXPIRED, WITHDRAWN = "open", "decided", "expired", "withdrawn"
LINK_KIND = "quote"
LINK_LASTS = timedelta(days=180)
"""The link outlives the quote: the receipt stays where the customer knows it."""


@dataclass(frozen=True)
class Quote:
    """The newest version, with its figures read."""

    data: Mapping[str, Any]

    @property
    def quote_id(self) -> str:
        return str(self.data["quote_id"])

    @property
    def path(self) -> str:
        return quote_path(self.quote_id)

    @property
    def state(self) -> str:
        return str(self.data["state"])

    @property
    def version(self) -> int:
        return int(self.data["version"])

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(Line.from_document(line) for line in self.data["lines"])

    @property
    def totals(self) -> Totals:
        return from_document(self.data["totals"])

    @property
    def rules(self) -> PricingRules:
        """Those this version was made by."""
        return PricingRules.from_document(self.data["rules"])

    @property
    def choices(self) -> Mapping[str, str]:
        """Line id → what the customer signed, of this version."""
        decision = self.data.get("decision") or {}
        return {one["line_id"]: one["decision"] for one in decision.get("lines", ())}

    @property
    def approved(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if self.choices.get(line.line_id) == "approve")

    def is_over(self, now: datetime) -> bool:
        return self.state == EXPIRED or (self.state == OPEN and now >= self.data["valid_until"])


def quote_path(quote_id: str) -> str:
    return f"quotes/{quote_id}"


def subject_path(vin: str) -> str:
    """Names the newest quote of a vehicle; who makes one reads and writes it, so two at once make one."""
    return f"quote_subjects/{vin}"


def version_path(quote_id: str, version: int) -> str:
    return f"quotes/{quote_id}/versions/{version:04d}"


def quote_of(work: UnitOfWork, path: str) -> Quote:
    """Raises `NotFound`."""
    document = work.get(path)
    if document is None:
        raise NotFound(f"there is no [{path}]")
    return Quote(document.data)


def reds(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.severity == "red"]
