"""A matter somebody should look at, as its document has it.

`attention_items/{item_id}`                  the matter, its state and where it stands on the ladder
`attention_items/{item_id}/requests/{id}`    every request that was rolled up in it
`attention_items/{item_id}/decisions/{n}`    every decision about it: when, why, by which way, to whom
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_serializer

from shared.attention.rules import Asked, Rules, Way
from shared.ports import Data

KEPT = timedelta(days=90)
"""How long a settled matter, its requests and decisions are kept."""

State = Literal["open", "acknowledged", "snoozed", "resolved"]
Outcome = Literal["sent", "held", "nobody"]

ROLE, STAFF = "role:", "staff:"
"""What an audience is made of: `role:operator`, `staff:S-17`."""


class Told(BaseModel):
    """What came of one way at the present level. `until`: when a held one is tried again."""

    model_config = ConfigDict(frozen=True)

    outcome: Outcome
    at: datetime
    to: list[str] = []
    reason: str = ""
    until: datetime | None = None

    @property
    def is_settled(self) -> bool:
        return self.outcome != "held"


class Item(BaseModel):
    """Moments are UTC. `round` begins anew when a settled or snoozed matter comes up again; within a round
    each level has at most one text message."""

    model_config = ConfigDict(frozen=True)

    item_id: str
    key: str
    kind: str
    subject: str
    summary: str
    link: str = ""
    detail: str = ""
    asked: Asked = "normal"
    value_usd: Decimal | None = None
    safety: bool = False
    due_at: datetime | None = None
    requested_at: datetime
    last_requested_at: datetime
    count: int = 1
    roles: list[str] = []
    staff_ids: list[str] = []
    audience: list[str] = []
    state: State = "open"
    round: int = 1
    level: int = 0
    band: str
    points: float = 0.0
    told: dict[Way, Told] = {}
    avoids: list[str] = []
    """Ways not to be taken, because the matter is about them (`sms`, `slack`), and people not to be texted
    (`staff:S-17`), because texts do not reach them."""
    told_people: list[str] = []
    """Who was texted in this round, so that the next level finds somebody else."""
    escalate_at: datetime | None = None
    next_at: datetime | None = None
    """When the clock looks at it again."""
    digest_at: datetime | None = None
    taken_by: str = ""
    taken_at: datetime | None = None
    """Who acknowledged, snoozed or resolved it last."""
    note: str = ""
    decisions: int = 0
    updated_at: datetime
    expires_at: datetime | None = None

    @field_serializer("value_usd")
    def _as_text(self, value: Decimal | None) -> str | None:
        return None if value is None else str(value)

    @property
    def path(self) -> str:
        return f"attention_items/{self.item_id}"

    def with_(self, **changes: Any) -> Item:
        return self.model_copy(update=changes)

    def to_document(self) -> dict[str, Any]:
        return self.model_dump()


def from_document(data: Data) -> Item:
    return Item.model_validate(dict(data))


def roll_up_key(*, kind: str, subject: str, group: str) -> str:
    """Requests of one key are one matter."""
    return f"group|{group}" if group else f"{kind}|{subject}"


def item_id_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def audience_of(roles: list[str], staff_ids: list[str]) -> list[str]:
    return [*(ROLE + role for role in roles), *(STAFF + staff_id for staff_id in staff_ids)]


def addressed_roles(item: Item, rules: Rules) -> list[str]:
    """Whom it was meant for; of a matter that names nobody, whom its kind concerns."""
    if item.roles or item.staff_ids:
        return item.roles
    return list(rules.kind(item.kind).roles)
