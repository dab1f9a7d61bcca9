"""A repair order: what a vehicle is in the shop for, and what it costs."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from shared.domain.customer import CUSTOMER_NAMES, CustomerRecord
from shared.domain.field_types import Code, Count, Key, LongText, Moment, Money, SignedMoney, Text, VinText
from shared.domain.progress import FINISHED_STATUSES, RepairOrderStatus


class RepairLine(BaseModel):
    """One line of a repair order. `amount` is the whole line in US dollars, below zero for a discount."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    kind: Annotated[Literal["labour", "parts", "sublet", "fee", "discount"], Code]
    description: Text
    amount: SignedMoney
    quantity: SignedMoney | None = None
    part_number: Key | None = None


def _lines(value: Any) -> Any:
    # A spreadsheet carries the lines as JSON in one cell.
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ValueError("lines are a JSON array of {kind, description, amount}") from error


class RepairOrder(CustomerRecord):
    """One repair order by its number."""

    collection: ClassVar[str] = "repair_orders"
    key_field: ClassVar[str] = "ro_number"
    also_called: ClassVar[dict[str, str]] = {
        **CUSTOMER_NAMES,
        "ro": "ro_number",
        "repairordernumber": "ro_number",
        "repairorder": "ro_number",
        "advisor": "advisor_staff_id",
        "technician": "technician_staff_id",
        "mechanic": "technician_staff_id",
        "complaint": "concern",
        "promised": "promised_at",
        "opened": "opened_at",
        "mileage": "odometer",
    }

    ro_number: Key = Field(description="The dealership's number of the repair order.")
    vin: VinText = Field(description="The vehicle in the shop.")
    status: Annotated[RepairOrderStatus, Code] = Field("open", description="Where the work stands.")
    opened_at: Moment = Field(description="When the vehicle was written up.")
    concern: LongText | None = Field(None, description="What the customer complains of, in their words.")
    advisor_staff_id: Key | None = Field(None, description="Service advisor who answers for it.")
    technician_staff_id: Key | None = Field(None, description="Mechanic who works on it.")
    promised_at: Moment | None = Field(None, description="When the customer was told it is ready.")
    closed_at: Moment | None = Field(None, description="When it was finished.")
    odometer: Annotated[Count, Field(le=2_000_000)] | None = Field(None, description="Miles at write-up.")
    lines: Annotated[tuple[RepairLine, ...], BeforeValidator(_lines), Field(max_length=200)] = Field(
        (), description="Labour, parts, sublet work, fees and discounts."
    )
    total: Money | None = Field(
        None, validate_default=True, description="US dollars without tax; left out, the sum of the lines."
    )

    @field_validator("total")
    @classmethod
    def _total_of_lines(cls, value: Decimal | None, info: ValidationInfo) -> Decimal | None:
        lines: tuple[RepairLine, ...] = info.data.get("lines", ())
        if not lines:
            return value
        summed = sum((line.amount for line in lines), Decimal("0.00"))
        if summed < 0:
            raise ValueError(f"the lines add up to [{summed}], a repair order is never below zero")
        if value not in (None, summed):
            raise ValueError(f"the lines add up to [{summed}], not to [{value}]")
        return summed

    @property
    def is_open(self) -> bool:
        return self.status not in FINISHED_STATUSES
