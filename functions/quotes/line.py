"""One line of a quote: the findings it mends, the price item it is priced by, and the price as it was."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from shared.domain.components import Severity

CENT = Decimal("0.01")


class Finding(BaseModel):
    """A flag of the vehicle's twin, as far as a quote speaks of it. What a mechanic said to a camera stays
    with the flag: it was not said to the customer."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    flag_id: str
    component: str
    zone: str
    severity: Severity
    summary: str = ""

    @property
    def gist(self) -> tuple[str, str, str, str]:
        """What makes it another finding when it changes."""
        return self.flag_id, self.component, self.zone, self.severity


class Line(BaseModel):
    """Money in US dollars before shop supplies and tax. `price_item` is the document its figures are from."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_id: str
    flag_id: str
    """The worst of `findings`."""
    findings: tuple[Finding, ...]
    severity: Severity
    place: str
    operation: str
    price_item: str
    description: str
    per: str
    quantity: int
    labour_hours: Decimal
    labour_rate_usd: Decimal
    labour_usd: Decimal
    parts_usd: Decimal
    price_usd: Decimal

    @property
    def title(self) -> str:
        return f"{self.description}, {self.place}" if self.place else self.description

    @property
    def flag_ids(self) -> tuple[str, ...]:
        return tuple(finding.flag_id for finding in self.findings)

    def to_document(self) -> dict[str, Any]:
        stored: dict[str, Any] = as_stored(self.model_dump())
        return stored

    @classmethod
    def from_document(cls, data: Mapping[str, Any]) -> Self:
        return cls.model_validate(dict(data))


def as_stored(value: Any) -> Any:
    """Money as text, as all documents hold it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {name: as_stored(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_stored(item) for item in value]
    return value
