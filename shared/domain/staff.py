"""A member of the dealership's staff."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from shared.domain.field_types import Code, Email, Key, Phone, Text
from shared.domain.record import Record

Role = Literal["ceo", "advisor", "sales", "mechanic", "driver", "operator"]


def _list(value: Any) -> Any:
    # A spreadsheet has one cell for them: `sales; finance`.
    return (
        [part.strip() for part in re.split(r"[;,|]", value) if part.strip()]
        if isinstance(value, str)
        else value
    )


class StaffMember(Record):
    """Somebody who works here, by the dealership's own staff number."""

    collection: ClassVar[str] = "staff"
    key_field: ClassVar[str] = "staff_id"
    also_called: ClassVar[dict[str, str]] = {
        "id": "staff_id",
        "employeeid": "staff_id",
        "employeenumber": "staff_id",
        "mobile": "phone",
        "department": "departments",
    }

    staff_id: Key = Field(description="The dealership's own number for the member of staff.")
    name: Text = Field(description="First and last name.")
    role: Annotated[Role, Code] = Field(description="What they do; decides what they may see and approve.")
    phone: Phone | None = Field(None, description="Where text messages reach them, stored as E.164.")
    email: Email | None = Field(None, description="Stored in lower case; also the sign-in name.")
    departments: Annotated[tuple[Text, ...], BeforeValidator(_list), Field(max_length=20)] = Field(
        (), description="Departments, e.g. `sales`, `service`; in a cell separated by `;`, `,` or `|`."
    )
    active: bool = Field(True, description="False once they left.")
