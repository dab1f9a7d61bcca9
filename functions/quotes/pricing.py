"""What work costs: labour hours by rate, parts, shop supplies, tax. Every figure is the tenant's own data.

Each amount is rounded to the cent where it is made, half up, and only sums follow, so what a customer reads
adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict

from functions.quotes.jobs import Job, place_words
from functions.quotes.line import CENT, Line, as_stored
from shared.domain.components import Catalogue
from shared.domain.price_item import PriceItem
from shared.domain.pricing_rules import PricingRules

ZERO = Decimal("0.00")
HUNDRED = Decimal(100)


class TaxAmount(BaseModel):
    """One tax of a quote: `percent` of `base_usd`, rounded once."""

    model_config = ConfigDict(frozen=True)

    name: str
    percent: Decimal
    base_usd: Decimal
    amount_usd: Decimal


class Totals(BaseModel):
    """US dollars. `total_usd` is what the customer pays: labour, parts, shop supplies and every tax."""

    model_config = ConfigDict(frozen=True)

    labour_usd: Decimal
    parts_usd: Decimal
    shop_supplies_usd: Decimal
    subtotal_usd: Decimal
    taxes: tuple[TaxAmount, ...]
    tax_usd: Decimal
    total_usd: Decimal

    def to_document(self) -> dict[str, Any]:
        stored: dict[str, Any] = as_stored(self.model_dump())
        return stored


def priced(job: Job, item: PriceItem, rules: PricingRules, catalogue: Catalogue) -> Line:
    """The job at today's prices."""
    quantity = len(job.pieces)
    rate = item.labour_rate_usd if item.labour_rate_usd is not None else rules.labour_rate_usd
    hours = item.labour_hours * quantity
    labour, parts = cents(hours * rate), item.parts_usd * quantity
    return Line(
        line_id=job.job_id,
        flag_id=job.findings[0].flag_id,
        findings=job.findings,
        severity=job.severity,
        place=place_words(job, catalogue),
        operation=job.operation,
        price_item=item.document_path,
        description=item.description,
        per=item.per,
        quantity=quantity,
        labour_hours=hours,
        labour_rate_usd=rate,
        labour_usd=labour,
        parts_usd=parts,
        price_usd=labour + parts,
    )


def totals(lines: Iterable[Line], rules: PricingRules) -> Totals:
    """Of these lines together; shop supplies have a cap, so the whole may cost less than its lines alone."""
    chosen = list(lines)
    labour = sum((line.labour_usd for line in chosen), ZERO)
    parts = sum((line.parts_usd for line in chosen), ZERO)
    supplies = _supplies(labour, rules)
    bases = {"labour": labour, "parts": parts, "shop_supplies": supplies}
    taxes = tuple(
        _tax(tax.name, tax.percent, sum((bases[name] for name in set(tax.on)), ZERO)) for tax in rules.taxes
    )
    subtotal, tax = labour + parts + supplies, sum((one.amount_usd for one in taxes), ZERO)
    return Totals(
        labour_usd=labour,
        parts_usd=parts,
        shop_supplies_usd=supplies,
        subtotal_usd=subtotal,
        taxes=taxes,
        tax_usd=tax,
        total_usd=subtotal + tax,
    )


def is_beyond_tolerance(agreed: Decimal, asked: Decimal, rules: PricingRules) -> bool:
    """The total differs, up or down, by more than the rules' percentage or by more than their amount."""
    difference = abs(asked - agreed)
    return difference > rules.tolerance_usd or difference * HUNDRED > agreed * rules.tolerance_percent


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def from_document(data: Mapping[str, Any]) -> Totals:
    return Totals.model_validate(dict(data))


def _supplies(labour: Decimal, rules: PricingRules) -> Decimal:
    share = cents(labour * rules.shop_supplies_percent / HUNDRED)
    return share if rules.shop_supplies_cap_usd is None else min(share, rules.shop_supplies_cap_usd)


def _tax(name: str, percent: Decimal, base: Decimal) -> TaxAmount:
    return TaxAmount(name=name, percent=percent, base_usd=base, amount_usd=cents(base * percent / HUNDRED))
