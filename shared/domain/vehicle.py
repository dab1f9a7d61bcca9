"""A vehicle of the dealership: in stock, sold, a customer's in the shop, or out on rental."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from shared.domain.field_types import Code, Count, Day, Key, Lane, Money, Text, VinText
from shared.domain.record import Record
from shared.domain.vehicle_kinds import read_body, read_fuel

VehicleStatus = Literal["in_stock", "reserved", "sold", "in_service", "in_transit", "rental"]


class Vehicle(Record):
    """One vehicle by its VIN."""

    collection: ClassVar[str] = "vehicles"
    key_field: ClassVar[str] = "vin"
    also_called: ClassVar[dict[str, str]] = {
        "stock": "stock_number",
        "stockno": "stock_number",
        "color": "colour",
        "exteriorcolor": "colour",
        "mileage": "odometer",
        "miles": "odometer",
        "price": "list_price",
        "askingprice": "list_price",
        "modelyear": "year",
        "instocksince": "acquired_on",
        "bodytype": "body",
        "bodystyle": "body",
        "fueltype": "fuel",
    }

    vin: VinText = Field(description="17 characters; the check digit must hold for North American VINs.")
    year: Annotated[Count, Field(ge=1900, le=2100)] = Field(description="Model year.")
    make: Text = Field(description="Manufacturer, e.g. `Honda`.")
    model: Text = Field(description="Model, e.g. `Accord`.")
    trim: Text | None = Field(None, description="Equipment line, e.g. `EX-L`.")
    body: Annotated[Text, BeforeValidator(read_body)] | None = Field(
        None, description="`sedan`, `suv`, `truck`, `van`, `coupe`, `convertible`, `wagon` or `hatchback`."
    )
    fuel: Annotated[Text, BeforeValidator(read_fuel)] | None = Field(
        None, description="`gasoline`, `hybrid`, `electric` or `diesel`."
    )
    stock_number: Key | None = Field(None, description="The dealership's own number for it.")
    status: Annotated[VehicleStatus, Code] = Field(
        "in_stock", description="Where it stands in its life here."
    )
    condition: Annotated[Literal["new", "used", "certified"], Code] | None = Field(
        None, description="As sold."
    )
    odometer: Annotated[Count, Field(le=2_000_000)] | None = Field(None, description="Miles when last read.")
    colour: Text | None = Field(None, description="Colour of the outside.")
    list_price: Money | None = Field(None, description="Asking price, US dollars; empty when not for sale.")
    cost: Money | None = Field(None, description="What the dealership has in it, US dollars.")
    acquired_on: Day | None = Field(None, description="Day it came into stock.")
    location: Text | None = Field(None, description="Lot or bay where it stands.")
    lane: Lane | None = Field(
        None, description="Line of business that holds it: A sales, B service, C transport, D rental."
    )


_SAME_IN_TWIN = (
    *(
        "vin",
        "stock_number",
        "year",
        "make",
        "model",
        "trim",
        "body",
        "fuel",
        "status",
        "condition",
        "lane",
        "cost",
    ),
    *("acquired_on", "location", "owner_person_id", "assigned_staff_id", "open_deal_number"),
    "open_repair_order_number",
)


def twin_row(document: Mapping[str, Any], *, recorded_at: datetime) -> dict[str, Any]:
    """The row of `twins.inventory_master_v1` for a vehicle's whole document, without the tenant.

    What other capabilities keep in the document (flags, owner, open orders) goes with it, because the
    newest row of a vehicle is its whole state.
    """
    flags = document.get("digital_twin_flags")
    return {
        **{name: document.get(name) for name in _SAME_IN_TWIN},
        "color": document.get("colour"),
        "mileage": document.get("odometer"),
        "price": document.get("list_price"),
        # A BigQuery subscription takes a JSON column as text.
        "digital_twin_flags": None
        if flags is None
        else json.dumps(flags, separators=(",", ":"), default=str),
        "recorded_at": recorded_at,
    }
