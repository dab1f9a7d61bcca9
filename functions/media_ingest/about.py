"""What a sender says of a media besides its bytes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from shared.domain.field_types import Key, VinText
from shared.domain.record import document_path
from shared.domain.repair_order import RepairOrder
from shared.errors import InvalidInput
from shared.runtime.inject import QueryModel
from shared.runtime.work import UnitOfWork

Stage = Literal["check_in", "inspection", "check_out"]
MOST_NOTE = 2000


def _one_line(text: str) -> str:
    return " ".join(text.split())


class About(BaseModel):
    """All of it may be left out; without a vehicle a person is asked which one it is."""

    model_config = ConfigDict(str_strip_whitespace=True)

    vin: VinText | None = Field(None, description="The vehicle it shows.")
    repair_order: Key | None = Field(None, description="The repair order it belongs to; names the vehicle.")
    stage: Stage = Field("inspection", description="`check_in` and `check_out` are compared for new damage.")
    note: Annotated[str, AfterValidator(_one_line), Field(max_length=MOST_NOTE)] = Field(
        "", description="What the mechanic typed; read like speech."
    )
    captured_at: AwareDatetime | None = Field(None, description="When it was filmed.")
    file_name: str = Field(
        "", max_length=200, description="As the phone calls it; shown, never used as a path."
    )


class AboutQuery(About, QueryModel):
    """The same as a query string, when the body is the file."""


def vehicle_of(about: About, work: UnitOfWork) -> str | None:
    """The VIN it should show. Raises `InvalidInput` for a repair order nobody knows or of another vehicle."""
    if about.repair_order is None:
        return about.vin
    order = work.get(document_path(RepairOrder.collection, about.repair_order))
    if order is None:
        raise InvalidInput(f"repair_order: there is no repair order [{about.repair_order}]")
    vin: str = order.data["vin"]
    if about.vin not in (None, vin):
        raise InvalidInput(f"vin: repair order [{about.repair_order}] is of [{vin}], not of [{about.vin}]")
    return vin
