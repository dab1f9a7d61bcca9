"""A repair order's quotes and the lines of the newest; never the customer's link, which opens by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from functions.plate_composer.plate import Column, money, picked
from functions.plate_composer.records import read
from shared.platform import Tenant

SHOWN = 5
QUOTE_COLUMNS = (
    Column("quote_id", "Quote"),
    Column("version", "Version"),
    Column("state", "State"),
    Column("total", "Total with tax", "USD"),
    Column("approved", "Approved with tax", "USD"),
    Column("sent_at", "Sent", "time"),
    Column("valid_until", "Valid until", "time"),
)
LINE_COLUMNS = (
    Column("description", "Work"),
    Column("place", "Place"),
    Column("severity", "Severity"),
    Column("price", "Price", "USD"),
    Column("decision", "Decision"),
    Column("reason", "Reason"),
)


def quotes_of(tenant: Tenant, orders: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """`quotes` and `quote_lines` of the one order that is shown; nothing when there is none or several."""
    if len(orders) != 1:
        return {}
    number = orders[0]["ro_number"]
    found = read(tenant, "quotes", ("repair_order", "==", number), order_by=("-updated_at",), limit=SHOWN)
    return {"quotes": [_row(one) for one in found], "quote_lines": _lines(found[0])} if found else {}


def _row(quote: Mapping[str, Any]) -> dict[str, Any]:
    same = ("quote_id", "version", "state", "sent_at", "valid_until")
    approved = (quote["decision"] or {}).get("approved", {}).get("total_usd")
    amounts = {"total": money(quote["totals"]["total_usd"]), "approved": money(approved)}
    return {"id": quote["quote_id"], **picked(quote, *same), **amounts}


def _lines(quote: Mapping[str, Any]) -> list[dict[str, Any]]:
    made = {one["line_id"]: one for one in (quote["decision"] or {}).get("lines", ())}
    return [
        {
            "id": line["line_id"],
            **picked(line, "description", "place", "severity", "price_item", "flag_id"),
            "price": money(line["price_usd"]),
            "decision": made.get(line["line_id"], {}).get("decision"),
            "reason": made.get(line["line_id"], {}).get("reason"),
        }
        for line in quote["lines"]
    ]
