"""What the console asks and says about conversations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.domain.field_types import Key, Phone
from shared.inbox.rules import Department
from shared.inbox.thread import State
from shared.runtime.inject import QueryModel
from shared.texting.segments import MAX_CHARACTERS

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$")]
StaffId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_STRICT = ConfigDict(extra="forbid")


class Wanted(QueryModel):
    """Filters add up. `assigned` is a staff id, or `me`; `phone` the number a customer wrote from last.
    `after` is the last id of the page before."""

    state: State | None = None
    department: Department | None = None
    assigned: Annotated[str, StringConstraints(max_length=64)] = ""
    phone: Annotated[str, StringConstraints(max_length=20)] = ""
    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class Page(QueryModel):
    """The newest messages before `before`."""

    before: AwareDatetime | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class Reply(BaseModel):
    model_config = _STRICT

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_CHARACTERS)]


class NewConversation(BaseModel):
    """To the customer of a repair order or deal, or to a number; `department` where it is not theirs."""

    model_config = _STRICT

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_CHARACTERS)]
    repair_order: Key | None = None
    deal: Key | None = None
    phone: Phone | None = None
    department: Department | None = None

    @model_validator(mode="after")
    def _is_to_somebody(self) -> NewConversation:
        if not (self.repair_order or self.deal or self.phone) or (self.repair_order and self.deal):
            raise ValueError("say to whom: a repair_order, a deal, or a phone")
        return self


class Assignment(BaseModel):
    """To a colleague, to a department (whose best present colleague takes it), or both."""

    model_config = _STRICT

    staff_id: StaffId | None = None
    department: Department | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Assignment:
        if self.staff_id is None and self.department is None:
            raise ValueError("give a staff_id, a department, or both")
        return self


class Merge(BaseModel):
    """`into` is the conversation that goes on."""

    model_config = _STRICT

    into: Id


class Split(BaseModel):
    """The messages that become a conversation of their own."""

    model_config = _STRICT

    message_ids: Annotated[list[Id], Field(min_length=1, max_length=150)]
    department: Department
    staff_id: StaffId | None = None


class PresenceSaid(BaseModel):
    """`until`: when it stops to hold. `notify`: how one hears of customers' texts."""

    model_config = _STRICT

    state: Literal["available", "away", "off"]
    until: AwareDatetime | None = None
    notify: Literal["sms", "slack"] = "sms"
    slack_channel: Annotated[str, StringConstraints(pattern=r"^#[a-z0-9_-]{1,80}$")] = ""
    staff_id: StaffId | None = Field(None, description="Somebody else: only a ceo or operator may.")

    @model_validator(mode="after")
    def _channel_fits(self) -> PresenceSaid:
        if self.notify == "slack" and not self.slack_channel:
            raise ValueError("slack_channel: to be told by Slack, say in which channel")
        return self


class PresenceView(BaseModel):
    staff_id: str
    name: str
    role: str
    state: str
    until: datetime | None
    is_present: bool
    waiting: int


class Team(BaseModel):
    colleagues: list[PresenceView]


class ThreadView(BaseModel):
    """A conversation; `customer` is the name, or the number of somebody without one."""

    thread_id: str
    number: int
    customer: str
    person_id: str
    phone: str
    department: Department
    state: State
    assigned_staff_id: str
    about: dict[str, str]
    created_at: datetime
    updated_at: datetime
    last_inbound_at: datetime | None
    last_outbound_at: datetime | None
    first_unanswered_at: datetime | None
    due_at: datetime | None
    reassigned: list[dict[str, str | datetime]]
    split_from: str
    parts: list[str]
    can_undo: bool
    is_blocked: bool = Field(description="The customer said stop: nothing is sent.")


class ThreadList(BaseModel):
    threads: list[ThreadView]
    next_after: str | None = Field(description="Ask again with this as `after`; null at the end.")


class FileView(BaseModel):
    index: int
    content_type: str
    state: str
    path: str


class MessageView(BaseModel):
    """`state` of an outgoing one is that of its text message."""

    message_id: str
    direction: Literal["in", "out", "note"]
    kind: str
    text: str
    at: datetime
    staff_id: str
    state: str
    held: bool
    files: list[FileView]


class WholeThread(BaseModel):
    thread: ThreadView
    messages: list[MessageView]


class Sent(BaseModel):
    """The text is asked for; `state` of its message says what becomes of it."""

    message_id: str
    text_id: str
    thread: ThreadView


class SplitDone(BaseModel):
    change_id: str
    thread: ThreadView
    new_thread: ThreadView


class MergeDone(BaseModel):
    change_id: str
    thread: ThreadView


class Undone(BaseModel):
    change_id: str
    threads: list[ThreadView]
