"""What an event is: a frozen payload class with a topic, carried in a CloudEvents 1.0 envelope."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.errors import Malformed
from shared.ports import Message

EVENT_NAMESPACE = uuid.UUID("6f6c8f0e-2f0b-5f6b-9a55-0d6a1c9e7a10")
SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
"""Ids become part of document paths, so nothing else is let in."""

CATALOGUE: dict[str, type[Event]] = {}


class Event(BaseModel):
    """Something that happened, in the past tense.

    Subclasses: `class LeadReceived(Event, topic="lead-received")` with a docstring that says what
    it means and an `example`. A class with a `table` is a *row event*: its message is the flat row
    of that table, delivered by a BigQuery subscription without code.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    topic: ClassVar[str]
    table: ClassVar[str | None]
    example: ClassVar[Mapping[str, Any]] = {}
    in_order: ClassVar[bool] = False
    """Events about one record are delivered in the order they were told. It costs a read to tell one."""
    envelope_columns: ClassVar[tuple[str, ...]] = (
        "event_id",
        "tenant_id",
        "occurred_at",
        "correlation_id",
        "causation_id",
        "trace_id",
    )
    """The columns of a row event's table that are filled from the envelope."""

    def __init_subclass__(cls, *, topic: str = "", table: str | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not topic:
            return
        cls.topic, cls.table = topic, table
        known = CATALOGUE.setdefault(topic, cls)
        if known.__qualname__ != cls.__qualname__:
            raise TypeError(f"topic [{topic}] belongs to {known.__qualname__} already")

    def about(self) -> str:
        """The record this is about (the envelope's subject), e.g. `sessions/s1`."""
        return ""


@dataclass(frozen=True)
class Envelope:
    """CloudEvents 1.0 attributes of one event, with our extensions, and its data."""

    id: str
    source: str
    type: str
    time: datetime
    subject: str
    tenantid: str
    correlationid: str
    causationid: str
    data: Mapping[str, Any]
    traceparent: str = ""
    authid: str = ""

    def to_message(self) -> Message:
        event_type = CATALOGUE[self.type]
        attributes = {
            "ce-specversion": "1.0",
            **{f"ce-{key}": value for key, value in self._attributes().items() if value},
        }
        body: Mapping[str, Any] = self.data
        if event_type.table:
            columns = self._row_columns()
            row = {**{name: columns[name] for name in event_type.envelope_columns}, **self.data}
            # A column without a value is left out: Pub/Sub documents no null for a table's column.
            body = {name: value for name, value in row.items() if value is not None}
        else:
            attributes["content-type"] = "application/json"
        return Message(
            topic=self.type,
            data=json.dumps(body, separators=(",", ":"), default=_jsonable).encode(),
            attributes=attributes,
            ordering_key=f"{self.tenantid}:{self.subject}" if event_type.in_order else "",
        )

    def _attributes(self) -> dict[str, str]:
        return {
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "time": self.time.isoformat(),
            "subject": self.subject,
            "tenantid": self.tenantid,
            "correlationid": self.correlationid,
            "causationid": self.causationid,
            "traceparent": self.traceparent,
            "authid": self.authid,
        }

    def _row_columns(self) -> dict[str, Any]:
        return {
            "event_id": self.id,
            "tenant_id": self.tenantid,
            "occurred_at": self.time.isoformat(),
            "correlation_id": self.correlationid,
            "causation_id": self.causationid,
            "trace_id": self.traceparent.split("-")[1] if self.traceparent.count("-") == 3 else "",
        }


def read_envelope(attributes: Mapping[str, str], data: bytes) -> Envelope:
    """The envelope of a delivered message. Raises `Malformed` naming what is wrong."""
    try:
        body = json.loads(data)
        for name in ("ce-id", "ce-tenantid"):
            if not SAFE_ID.fullmatch(attributes[name]):
                raise Malformed(f"the attribute [{name}] is no id")
        return Envelope(
            id=attributes["ce-id"],
            source=attributes["ce-source"],
            type=attributes["ce-type"],
            time=datetime.fromisoformat(attributes["ce-time"]),
            subject=attributes.get("ce-subject", ""),
            tenantid=attributes["ce-tenantid"],
            correlationid=attributes.get("ce-correlationid", attributes["ce-id"]),
            causationid=attributes.get("ce-causationid", ""),
            traceparent=attributes.get("ce-traceparent", ""),
            authid=attributes.get("ce-authid", ""),
            data=body,
        )
    except KeyError as error:
        raise Malformed(f"the message has no attribute [{error.args[0]}]") from error
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the message cannot be read: {error}") from error


def parse_event(envelope: Envelope, event_type: type[Event]) -> Event:
    """The typed payload. Raises `Malformed` naming the field."""
    if envelope.type != event_type.topic:
        raise Malformed(f"expected an event [{event_type.topic}], got [{envelope.type}]")
    try:
        return event_type.model_validate(envelope.data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Malformed(f"event [{envelope.type}] field [{field}]: {first['msg']}") from error


def event_id(cause: str, topic: str, ordinal: int) -> str:
    """The same cause gives the same id, so a repeated publish is the same event again."""
    return str(uuid.uuid5(EVENT_NAMESPACE, f"{cause}|{topic}|{ordinal}"))


def _jsonable(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
