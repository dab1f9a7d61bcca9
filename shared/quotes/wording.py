"""What customers are texted about a quote. Every figure comes from the quote's own document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from shared.texting.segments import fitted


def vehicle_words(vehicle: Mapping[str, Any], vin: str) -> str:
    """`2019 Honda Accord`; without a record of it, the end of its VIN."""
    said = " ".join(str(vehicle[name]) for name in ("year", "make", "model") if vehicle.get(name))
    return said or f"vehicle with VIN ending {vin[-6:]}"


def dollars(amount: Any) -> str:
    return f"${Decimal(str(amount)):,.2f}"


def day_words(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%b} {local.day}"


def quote_text(quote: Mapping[str, Any], *, dealer: str, zone: tzinfo, url: str, is_change: bool) -> str:
    """`is_change`: an earlier version was texted already."""
    count = len(quote["lines"])
    urgent = sum(1 for line in quote["lines"] if line["severity"] == "red")
    what = f"{count} repair{'s' if count > 1 else ''}" + (f", {urgent} urgent" if urgent else "")
    news = " changed, please look again" if is_change else ""
    return fitted(
        f"{dealer}: your quote for the {vehicle_words(quote['vehicle'], quote['vin'])}{news}: {what}, "
        f"{_total(quote)}, good until {day_words(quote['valid_until'], zone)}. See each and decide: {url}"
    )


def reminder_text(quote: Mapping[str, Any], *, dealer: str, zone: tzinfo, url: str) -> str:
    return fitted(
        f"{dealer}: your quote for the {vehicle_words(quote['vehicle'], quote['vin'])} "
        f"({_total(quote)}) ends on {day_words(quote['valid_until'], zone)}. Decide here: {url}"
    )


def code_text(quote: Mapping[str, Any], *, dealer: str, code: str, minutes: int) -> str:
    return fitted(
        f"{code} is your {dealer} code to sign the quote for the "
        f"{vehicle_words(quote['vehicle'], quote['vin'])}. It holds for {minutes} minutes. "
        "We never ask you for it by phone."
    )


def _total(quote: Mapping[str, Any]) -> str:
    return f"{dollars(quote['totals']['total_usd'])} with tax"
