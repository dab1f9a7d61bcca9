"""How a dealership prices and quotes: its labour rate, shop supplies, taxes and promises, as data."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.domain.field_types import Code, Count, Key, Money, Text
from shared.domain.record import Record
from shared.domain.written_values import shown

DEFAULT_RULES = "default"
RULES_PATH = f"pricing_rules/{DEFAULT_RULES}"


def _percent(value: Any) -> Decimal:
    """`8.875`, `8.875 %`: New York City's sales tax has three decimals, some districts' four."""
    text = str(value).replace("%", "").strip() if not isinstance(value, bool) else ""
    whole, _, decimals = text.partition(".")
    if not (whole + decimals).isascii() or not (whole + decimals).isdigit() or len(decimals) > 4:
        raise ValueError(f"a percentage from 0 to 100 such as 8.875 is expected, not [{shown(value)}]")
    percent = Decimal(text)
    if percent > 100:
        raise ValueError(f"a percentage from 0 to 100 is expected, not [{shown(value)}]")
    return percent


Percent = Annotated[Decimal, BeforeValidator(_percent)]
Taxed = Literal["labour", "parts", "shop_supplies"]


class Tax(BaseModel):
    """One tax and what of a quote it is on."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Text
    percent: Percent
    on: Annotated[tuple[Annotated[Taxed, Code], ...], Field(min_length=1, max_length=3)]


def _list(value: Any) -> Any:
    # A spreadsheet carries the taxes as JSON in one cell.
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ValueError("taxes are a JSON array of {name, percent, on}") from error


class PricingRules(Record):
    """The rules quotes are made by; those named `default` hold. Nobody's tax is ever assumed."""

    collection: ClassVar[str] = "pricing_rules"
    key_field: ClassVar[str] = "rules_id"
    also_called: ClassVar[dict[str, str]] = {"id": "rules_id", "laborrate": "labour_rate_usd"}

    rules_id: Key = Field(DEFAULT_RULES, description="`default` are the ones that hold.")
    labour_rate_usd: Money = Field(description="US dollars an hour where a price item names no rate.")
    shop_supplies_percent: Percent = Field(description="Shop supplies, percent of the labour.")
    shop_supplies_cap_usd: Money | None = Field(None, description="The most shop supplies cost, US dollars.")
    taxes: Annotated[tuple[Tax, ...], BeforeValidator(_list), Field(max_length=10)] = Field(
        description="Each `{name, percent, on}`, `on` of `labour`, `parts`, `shop_supplies`; `[]`: none."
    )
    tolerance_percent: Percent = Field(
        Decimal(5), description="A total that differs by more than this asks the customer again."
    )
    tolerance_usd: Money = Field(
        Decimal("50.00"), description="A total that differs by more than this asks again, too; US dollars."
    )
    price_lock_days: Annotated[Count, Field(ge=1, le=90)] = Field(
        7, description="Days a quoted price holds whatever the price list says."
    )
    valid_days: Annotated[Count, Field(ge=1, le=90)] = Field(
        14, description="Days after which an unanswered quote expires."
    )
    reminder_hours: Annotated[Count, Field(le=720)] = Field(
        48, description="Hours before its end that an unanswered quote is brought to mind; 0 for never."
    )
    red_follow_up_days: Annotated[Count, Field(ge=1, le=365)] = Field(
        3, description="Days after which a declined red item is followed up."
    )
