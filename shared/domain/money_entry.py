"""A posting of the dealership's accounting: money that came in or went out in one of its lanes.

Posted entries never change. A correction is a posting of its own whose `corrects` names the entry and whose
amount is the difference, below zero when it takes some back; so a plain sum per direction is always right.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from shared.domain.field_types import Code, Day, Key, Lane, SignedMoney, Text, VinText
from shared.domain.record import Record

Direction = Literal["income", "expense"]

DIRECTION_OF_CATEGORY: dict[str, Direction] = {
    "sales": "income",
    "finance_income": "income",
    "labour": "income",
    "parts": "income",
    "rental": "income",
    "transport_income": "income",
    "vehicle_purchase": "expense",
    "parts_purchase": "expense",
    "reconditioning": "expense",
    "payroll": "expense",
    "transport": "expense",
    "fuel": "expense",
    "rent": "expense",
    "insurance": "expense",
    "utilities": "expense",
    "advertising": "expense",
    "maintenance": "expense",
    "tax": "expense",
}
"""Direction of the categories with one usual direction; entries of any other category say theirs."""


class MoneyEntry(Record):
    """One posting by its `entry_id`."""

    collection: ClassVar[str] = "money_entries"
    key_field: ClassVar[str] = "entry_id"
    also_called: ClassVar[dict[str, str]] = {
        "id": "entry_id",
        "date": "occurred_on",
        "postedon": "occurred_on",
        "invoice": "document_number",
        "document": "document_number",
        "payee": "counterparty",
        "vendor": "counterparty",
        "memo": "description",
    }

    entry_id: Key = Field(description="The accounting system's own id of the posting.")
    occurred_on: Day = Field(description="Business day it counts for.")
    lane: Lane = Field(description="A sales, B service, C transport, D rental.")
    category: Annotated[str, Code, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = Field(
        description="What the money was for, e.g. `sales`, `parts`, `labour`, `transport`."
    )
    direction: Annotated[Direction, Code] = Field(
        None, validate_default=True, description="`income` or `expense`; left out, the category's usual one."
    )
    corrects: Key | None = Field(None, description="The `entry_id` this one corrects.")
    amount: SignedMoney = Field(description="US dollars, above 0; below 0 only in a correction.")
    currency: Annotated[Literal["USD"], Field(description="ISO 4217; the books are kept in USD.")] = "USD"
    description: Text | None = Field(None, description="Text of the posting.")
    vin: VinText | None = Field(None, description="Vehicle the money concerns.")
    document_number: Key | None = Field(None, description="Deal, repair order or invoice behind it.")
    counterparty: Text | None = Field(None, description="Who paid or was paid.")

    @field_validator("direction", mode="before")
    @classmethod
    def _usual_direction(cls, value: Any, info: ValidationInfo) -> Any:
        category = info.data.get("category")
        if value is not None or category is None:
            return value
        if category not in DIRECTION_OF_CATEGORY:
            raise ValueError(f"category [{category}] has no usual direction: income or expense?")
        return DIRECTION_OF_CATEGORY[category]

    @field_validator("corrects")
    @classmethod
    def _another_entry(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and value == info.data.get("entry_id"):
            raise ValueError(f"[{value}] cannot correct itself")
        return value

    @field_validator("amount")
    @classmethod
    def _not_below_zero(cls, value: Decimal, info: ValidationInfo) -> Decimal:
        if value == 0:
            raise ValueError("a posting of 0 says nothing")
        if value < 0 and info.data.get("corrects", "") is None:
            raise ValueError(f"[{value}] is below 0, which only a correction with [corrects] may be")
        return value

    @property
    def signed_amount(self) -> Decimal:
        """What it adds to the result, US dollars: expenses count below zero."""
        return self.amount if self.direction == "income" else -self.amount
