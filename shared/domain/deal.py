"""A sale in the making, from first contact to won or lost."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from shared.domain.customer import CUSTOMER_NAMES, CustomerRecord
from shared.domain.field_types import Code, Day, Key, Lane, LongText, Moment, Money, VinText
from shared.domain.progress import CLOSED_STAGES, DealStage


class Deal(CustomerRecord):
    """One deal by its number."""

    collection: ClassVar[str] = "deals"
    key_field: ClassVar[str] = "deal_number"
    also_called: ClassVar[dict[str, str]] = {
        **CUSTOMER_NAMES,
        "deal": "deal_number",
        "dealno": "deal_number",
        "owner": "owner_staff_id",
        "salesperson": "owner_staff_id",
        "status": "stage",
        "lastactivity": "last_activity_at",
        "updated": "last_activity_at",
    }

    deal_number: Key = Field(description="The dealership's number of the deal.")
    stage: Annotated[DealStage, Code] = Field(description="How far it is; `won` and `lost` close it.")
    opened_on: Day = Field(description="Day it was opened.")
    vin: VinText | None = Field(None, description="The vehicle it is about, once there is one.")
    amount: Money | None = Field(None, description="Expected or agreed price, US dollars.")
    owner_staff_id: Key | None = Field(None, description="Member of staff who answers for it.")
    last_activity_at: Moment | None = Field(
        None, description="Last contact or change of stage; tells stale deals."
    )
    expected_close_on: Day | None = Field(None, description="Day the deal is expected to close.")
    closed_on: Day | None = Field(None, description="Day it was won or lost.")
    lane: Lane = Field("A", description="Line of business.")
    notes: LongText | None = Field(None, description="What staff wrote down.")

    @property
    def is_open(self) -> bool:
        return self.stage not in CLOSED_STAGES
