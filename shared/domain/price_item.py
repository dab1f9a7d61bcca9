"""What an operation costs here, labour and parts, by the operation codes of the component catalogue."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from shared.domain.components import catalogue
from shared.domain.field_types import Code, Money, Text
from shared.domain.record import Record

Per = Literal["each", "axle", "vehicle"]


class PriceItem(Record):
    """One operation's price before tax, for one `each`, one `axle` or the `vehicle`."""

    collection: ClassVar[str] = "price_items"
    key_field: ClassVar[str] = "operation"
    also_called: ClassVar[dict[str, str]] = {
        "opcode": "operation",
        "operationcode": "operation",
        "hours": "labour_hours",
        "laborhours": "labour_hours",
        "laborrate": "labour_rate_usd",
        "labourrate": "labour_rate_usd",
        "laborrateusd": "labour_rate_usd",
        "parts": "parts_usd",
        "unit": "per",
    }

    operation: Annotated[str, Code] = Field(description="Code of the operation, e.g. `brake_pads_rotors`.")
    description: Text = Field(description="What is done, as the customer reads it.")
    labour_hours: Annotated[Money, Field(le=500)] = Field(description="Hours of labour for one unit.")
    labour_rate_usd: Money | None = Field(
        None, description="US dollars an hour; left out, the rate of the pricing rules."
    )
    parts_usd: Money = Field(description="Parts for one unit, US dollars.")
    per: Annotated[Per, Code] = Field(
        None, validate_default=True, description="What one unit is; left out, as the catalogue says."
    )

    @field_validator("operation")
    @classmethod
    def _in_the_catalogue(cls, value: str) -> str:
        known = catalogue().operations
        if value not in known:
            near = get_close_matches(value, known, n=1)
            hint = f"; did you mean [{near[0]}]?" if near else ""
            raise ValueError(f"[{value[:40]}] is no operation of shared/domain/components.yaml{hint}")
        return value

    @field_validator("per", mode="before")
    @classmethod
    def _usual_unit(cls, value: Any, info: ValidationInfo) -> Any:
        operation = info.data.get("operation")
        # A wrong operation has its own error already.
        usual = catalogue().operation(operation).per if operation else None
        if value is None:
            return usual or "vehicle"
        if usual and str(value).strip().lower() != usual:
            raise ValueError(f"[{operation}] is priced per {usual}, not per [{str(value)[:20]}]")
        return value
