"""INVENTORY_TABLE: the vehicles that fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from functions.plate_composer.asked import Asked, Period, Range, in_words
from functions.plate_composer.plate import MOST_ROWS, Column, Plate, Row, newest, picked
from functions.plate_composer.sold import days_to_sale, sold_on, with_day_of_sale
from shared.platform import Tenant

COLUMNS = (
    Column("stock_number", "Stock no."),
    Column("year", "Year"),
    Column("make", "Make"),
    Column("model", "Model"),
    Column("trim", "Trim"),
    Column("body", "Body"),
    Column("colour", "Colour"),
    Column("condition", "Condition"),
    Column("odometer", "Odometer", "miles"),
    Column("list_price", "Price", "USD"),
    Column("status", "Status"),
    Column("days_in_stock", "Days in stock", "days"),
    Column("location", "Location"),
)
TABLE = "plates/inventory_table_v1"
MOST_SOLD = 5_000
Fitting = Callable[[Mapping[str, Any]], list[dict[str, Any]]]
"""The vehicles that fit, with further parameters of the query."""
MAY_LACK = ("body", "fuel")
"""What many an inventory export leaves out: a vehicle without it is not shown, and the note counts those."""
NOT_RECORDED = "not recorded"

_SAME = (
    *("vin", "stock_number", "year", "make", "model", "trim", "body", "fuel"),
    *("condition", "status", "lane", "location"),
)


def compose(asked: Asked, tenant: Tenant) -> Plate:
    """Default: what is here or on its way. Longest in stock first."""
    filters = _filters(asked)
    limits: dict[str, Any] = {"as_of": asked.as_of, "today": asked.today, "row_limit": MOST_ROWS}

    def fitting(also: Mapping[str, Any]) -> list[dict[str, Any]]:
        return tenant.warehouse.query(TABLE, {**limits, **filters, **also})

    if filters.get("status") == "sold" and asked.period:
        return _sold(asked.period, filters, fitting, sold_on(tenant, asked.period))
    rows, wanted = fitting({}), _words(filters)
    return Plate(
        title=f"Vehicles: {wanted}",
        columns=COLUMNS,
        dataset=[_shown(row) for row in rows],
        source={"queries": [TABLE]},
        filters=filters,
        newest_at=newest(rows, "recorded_at"),
        note=" ".join([*_notes(rows, wanted), *_lacking(filters, fitting)]),
        total=rows[0]["total_count"] if rows else 0,
    )


def _sold(period: Period, filters: Mapping[str, Any], fitting: Fitting, days: Mapping[str, date]) -> Plate:
    """What was sold in a time: the day it came in says nothing about that."""
    rows = with_day_of_sale(fitting({"row_limit": MOST_SOLD}), days)
    wanted = f"{_words(filters)}, {period.in_words}"
    return Plate(
        title=f"Vehicles: {wanted}",
        columns=[*COLUMNS, Column("sold_on", "Sold", "date")],
        dataset=[
            {**_shown(row), "days_in_stock": days_to_sale(row), "sold_on": row["sold_on"]} for row in rows
        ],
        source={"queries": [TABLE], "collections": ["deals"]},
        filters={**filters, "from": period.start, "to": period.end},
        newest_at=newest(rows, "recorded_at"),
        note=" ".join(_notes(rows, wanted)),
    )


def _filters(asked: Asked) -> dict[str, Any]:
    vehicle, number = asked.part("vehicle"), asked.text("vin") or asked.text("stock_number")
    status, lane = _status(asked), asked.text("lane")
    price, mileage = _price(asked), asked.range("mileage")
    days, year = asked.range("days_in_stock"), vehicle.get("year")
    came = None if status == "sold" else asked.period
    found = {
        "vin": (asked.text("vin") or "").upper() or None,
        "stock_number": asked.text("stock_number"),
        "status": status,
        # One vehicle by its number is shown wherever it is, and so are those of a lane that sells none.
        "is_present": None if status or number or lane not in (None, "A") else True,
        "lane": lane,
        **{name: asked.part_text("vehicle", name) for name in ("make", "model", "body", "fuel", "condition")},
        "color": asked.part_text("vehicle", "colour"),
        "year_from": year or vehicle.get("year_from"),
        "year_to": year or vehicle.get("year_to"),
        "price_from": price.low,
        "price_to": price.high,
        "mileage_from": None if mileage.low is None else int(mileage.low),
        "mileage_to": None if mileage.high is None else int(mileage.high),
        "acquired_from": came.start if came else None,
        "acquired_to": came.end if came else None,
    }
    if days.low is not None:
        found["acquired_to"] = asked.today - timedelta(days=int(days.low))
    if days.high is not None:
        found["acquired_from"] = asked.today - timedelta(days=int(days.high))
    return {name: value for name, value in found.items() if value is not None}


def _price(asked: Asked) -> Range:
    """Nobody who says "a $20,000 car" means to the dollar."""
    price = asked.range("price", "money", "amount")
    if price.low is None or price.low != price.high:
        return price
    return Range(Decimal(round(price.low * 9 / 10)), Decimal(round(price.low * 11 / 10)))


def _status(asked: Asked) -> str | None:
    said = asked.text("status")
    return said.lower().replace(" ", "_") if said else None


_NAMES = ("condition", "color", "fuel", "make", "model", "body", "vin", "stock_number")


def _words(filters: Mapping[str, Any]) -> str:
    """`Honda Civic, 2021, to $25,000, in stock or on the way`."""
    names = (filters.get(name) for name in _NAMES)
    parts = [" ".join(str(name) for name in names if name) or "all makes"]
    parts += (
        _span(filters, "year", "{}")
        + _span(filters, "price", "${:,}")
        + _span(filters, "mileage", "{:,} miles")
    )
    parts += _came_in(filters)
    if "lane" in filters:
        parts.append(f"lane {filters['lane']}")
    if "status" in filters:
        parts.append(str(filters["status"]).replace("_", " "))
    return ", ".join([*parts, "here or on the way"] if filters.get("is_present") else parts)


def _span(filters: Mapping[str, Any], name: str, form: str) -> list[str]:
    words = in_words(filters.get(f"{name}_from"), filters.get(f"{name}_to"), form)
    return [words] if words else []


def _came_in(filters: Mapping[str, Any]) -> list[str]:
    first, last = filters.get("acquired_from"), filters.get("acquired_to")
    if first and last:
        return [f"came in {in_words(first, last, '{}')}"]
    return [f"came in since {first}"] if first else [f"came in by {last}"] if last else []


def _notes(rows: Sequence[Row], wanted: str) -> list[str]:
    if rows:
        return []
    return [f"No vehicle fits: {wanted}. Ask with fewer conditions, or for one by its VIN or stock number."]


def _lacking(filters: Mapping[str, Any], fitting: Fitting) -> list[str]:
    """How many vehicles fit but for a quality that is not recorded of them."""
    unknown = {name: fitting({name: NOT_RECORDED, "row_limit": 1}) for name in MAY_LACK if name in filters}
    return [
        f"{rows[0]['total_count']} more may fit: their {name} is not recorded."
        for name, rows in unknown.items()
        if rows
    ]


def _shown(row: Row) -> dict[str, Any]:
    return {
        "id": row["vin"],
        **picked(row, *_SAME, "acquired_on"),
        # A sold one is in stock no more, and its record does not say since when.
        "days_in_stock": None if row["status"] == "sold" else row["days_in_stock"],
        "colour": row["color"],
        "odometer": row["mileage"],
        "list_price": row["price"],
        "flags": row["digital_twin_flags"] or [],
        "recorded_at": row["recorded_at"],
    }
