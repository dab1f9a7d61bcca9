"""What a trip is planned with, by an app's row or by staff."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field

from functions.logistics.position_rows import read_json, rows_of
from functions.logistics.written_places import is_null_island, read_place
from shared.domain.field_types import Code, Key, Phone, VinText
from shared.domain.record import folded_name
from shared.domain.trip.trip import DRIVER_ID
from shared.errors import InvalidInput
from shared.events.base import SAFE_ID
from shared.port_types import Place
from shared.runtime.request import BodyModel

ALSO_CALLED = {
    "trip": "trip_id",
    "id": "trip_id",
    "rowid": "trip_id",
    "driver": "driver_staff_id",
    "driverid": "driver_staff_id",
    "staffid": "driver_staff_id",
    "person": "person_id",
    "masterpersonid": "person_id",
    "customerphone": "phone",
    "mobile": "phone",
    "ronumber": "repair_order",
    "dealnumber": "deal",
    "latlong": "destination",
    "to": "destination",
    "triptype": "kind",
}


def _destination(value: Any) -> Any:
    place = value if isinstance(value, Place) else read_place(value)
    if is_null_island(place):
        raise ValueError(f"[{place.latitude}, {place.longitude}] is what a phone without a fix sends")
    return place


class TripRequest(BodyModel):
    """A trip: who drives, to whom and where. One JSON object, or AppSheet's `{"Rows": [one row]}`."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    trip_id: str = Field(
        "",
        max_length=128,
        description="The app's key of the trip; sent again it is the same trip. Empty: a new one is given.",
    )
    kind: Annotated[Literal["delivery", "pickup", "transport"], Code] = Field(
        "delivery", description="`delivery` and `pickup` go to a customer, `transport` between lots."
    )
    driver_staff_id: Annotated[str, Field(pattern=rf"^{DRIVER_ID.pattern}$")] | None = Field(
        None, description="Who drives; rows may then name the driver alone."
    )
    vin: VinText | None = Field(None, description="The vehicle that is moved.")
    person_id: Key | None = Field(None, description="The customer; their phone is looked up.")
    phone: Phone | None = Field(None, description="The customer's phone, before that of the person.")
    repair_order: Key | None = Field(
        None, description="Its customer and vehicle are taken, if none is given."
    )
    deal: Key | None = Field(None, description="Its customer and vehicle are taken, if none is given.")
    destination: Annotated[Place, BeforeValidator(_destination)] | None = Field(
        None,
        description="`41.8781, -87.6298`; without it there is no ETA, and the trip ends by hand.",
        json_schema_extra={"example": "41.8781, -87.6298"},
    )
    start: bool = Field(False, description="Start it at once.")

    @classmethod
    def read_body(cls, content_type: str, body: bytes) -> Self:
        rows = rows_of(read_json(body))
        if len(rows) != 1 or not isinstance(rows[0], dict):
            raise InvalidInput("Rows: one trip at a time is expected")
        names = {**ALSO_CALLED, **{folded_name(field): field for field in cls.model_fields}}
        found: dict[str, Any] = {}
        for name, value in rows[0].items():
            if value not in (None, "") and (field := names.get(folded_name(str(name)))):
                found.setdefault(field, value)
        request = cls.model_validate(found)
        if request.trip_id and not SAFE_ID.fullmatch(request.trip_id):
            raise InvalidInput(f"trip_id: [{request.trip_id[:40]}] has other than letters, digits and ._:-")
        return request
