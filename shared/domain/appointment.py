"""An appointment of a customer with the dealership."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.domain.customer import CUSTOMER_NAMES, CustomerRecord
from shared.domain.field_types import Code, Count, Key, LongText, Moment, VinText

AppointmentKind = Literal["service", "test_drive", "sales", "delivery", "pickup", "rental"]
AppointmentStatus = Literal["booked", "confirmed", "arrived", "done", "no_show", "cancelled"]


class Appointment(CustomerRecord):
    """One appointment by its number."""

    collection: ClassVar[str] = "appointments"
    key_field: ClassVar[str] = "appointment_number"
    also_called: ClassVar[dict[str, str]] = {
        **CUSTOMER_NAMES,
        "appointment": "appointment_number",
        "when": "starts_at",
        "start": "starts_at",
        "type": "kind",
        "staff": "staff_id",
        "duration": "minutes",
    }

    appointment_number: Key = Field(description="The dealership's number of the appointment.")
    starts_at: Moment = Field(description="When it begins.")
    kind: Annotated[AppointmentKind, Code] = Field(description="What it is for.")
    status: Annotated[AppointmentStatus, Code] = Field("booked", description="What became of it.")
    minutes: Annotated[Count, Field(ge=1, le=1440)] = Field(60, description="How long it is planned to take.")
    vin: VinText | None = Field(None, description="The vehicle it is about.")
    staff_id: Key | None = Field(None, description="Member of staff who receives the customer.")
    notes: LongText | None = Field(None, description="What staff wrote down.")
