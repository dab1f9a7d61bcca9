"""How a record of the dealership says whose it is."""

from __future__ import annotations

from pydantic import Field, ValidationInfo, field_validator

from shared.domain.field_types import Email, Key, Phone, Text
from shared.domain.record import Record


class CustomerRecord(Record):
    """A record about a customer: as the dealership's program names them, or by the resolved person."""

    customer_phone: Phone | None = Field(None, description="Their phone, stored as E.164.")
    customer_email: Email | None = Field(None, description="Their e-mail, stored in lower case.")
    master_person_id: Key | None = Field(None, description="The resolved person, when the sender knows it.")
    customer_name: Text | None = Field(
        None, validate_default=True, description="The customer as the dealership writes them."
    )

    @field_validator("customer_name")
    @classmethod
    def _is_about_somebody(cls, value: str | None, info: ValidationInfo) -> str | None:
        # A contact that was given but is wrong has its own error already.
        others = (info.data.get(name, "wrong") for name in _OTHER_WAYS)
        if value is None and not any(others):
            raise ValueError(f"customer_name or one of {list(_OTHER_WAYS)} is needed")
        return value


_OTHER_WAYS = ("customer_phone", "customer_email", "master_person_id")

CUSTOMER_NAMES = {
    "customer": "customer_name",
    "name": "customer_name",
    "phone": "customer_phone",
    "mobile": "customer_phone",
    "email": "customer_email",
    "personid": "master_person_id",
}
"""Other column names of the customer's fields."""
