"""A text message as Twilio posts it: a form, of which we read what we know and sign for all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Self
from urllib.parse import parse_qsl

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from shared.runtime.request import BodyModel
from shared.runtime.webhook import FORM

MOST_MEDIA = 10
"""What one message can carry."""


def readable(text: str) -> str:
    """What every store takes and every screen shows: no half characters, no NUL."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


Words = Annotated[str, BeforeValidator(readable), StringConstraints(max_length=10_000)]
Sid = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{1,63}$")]
Address = Annotated[str, BeforeValidator(readable), StringConstraints(min_length=1, max_length=100)]

_CHANNEL = re.compile(r"^[a-z]+:(?=\+)")


class Media(BaseModel):
    """A file's address at the provider; `state` waiting, stored or refused."""

    index: int
    url: str
    content_type: str
    state: str = "waiting"


class InboundText(BodyModel):
    """Fields by their Twilio names; unknown ones are let through, they are added without notice."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    text_sid: Sid = Field(alias="MessageSid", description="The message's id at Twilio.")
    sender: Address = Field(alias="From", description="The customer's number, E.164.")
    own_number: Address = Field(alias="To", description="The dealership's number.")
    body: Words = Field("", alias="Body", description="What was written.")
    opt_out_type: Words = Field("", alias="OptOutType", description="Set when Twilio answered a STOP itself.")
    media: tuple[Media, ...] = ()

    @classmethod
    def media_types(cls) -> tuple[str, ...]:
        return (FORM,)

    @classmethod
    def read_body(cls, content_type: str, body: bytes) -> Self:
        fields = dict(parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, errors="replace"))
        return cls.model_validate({**fields, "media": list(_media(fields))})

    def to_document(self, now: datetime) -> dict[str, Any]:
        return {
            "text_sid": self.text_sid,
            "sender": _CHANNEL.sub("", self.sender),
            "own_number": self.own_number,
            "body": self.body,
            "media": [one.model_dump() for one in self.media],
            "received_at": now,
            "state": "received",
            "thread_id": "",
        }


def _media(fields: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """`MediaUrl0…` with their types; how many is read from the addresses, not from what is claimed."""
    for index in range(MOST_MEDIA):
        url = readable(fields.get(f"MediaUrl{index}", ""))
        if url:
            kind = readable(fields.get(f"MediaContentType{index}", ""))
            yield {"index": index, "url": url[:2_000], "content_type": kind[:100]}
