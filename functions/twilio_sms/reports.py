"""A delivery report as Twilio posts it."""

from __future__ import annotations

from typing import Annotated, Self
from urllib.parse import parse_qsl

from pydantic import Field, StringConstraints

from functions.twilio_sms.inbound import readable
from shared.runtime.inject import QueryModel
from shared.runtime.request import BodyModel
from shared.runtime.webhook import FORM


class WhichText(QueryModel):
    """`text` is the id of our own text, put into the address when it was sent."""

    text: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{0,64}$")] = ""


class StatusReport(BodyModel):
    fields: dict[str, str] = Field(description="All fields by their Twilio names, e.g. `MessageStatus`.")

    @classmethod
    def media_types(cls) -> tuple[str, ...]:
        return (FORM,)

    @classmethod
    def read_body(cls, content_type: str, body: bytes) -> Self:
        found = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, errors="replace")
        return cls(fields={readable(name): readable(value) for name, value in found})
