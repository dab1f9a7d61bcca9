"""What became of a text, for whoever asks why it did not go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from shared.ports import Data


class DecisionShown(BaseModel):
    """`because` is what was looked at: consents, the zones and states that came into question."""

    number: int
    verdict: str
    reason: str
    decided_at: datetime
    due_at: datetime | None
    because: dict[str, Any]


class TextShown(BaseModel):
    """`due_at` is when one that waits is looked at again; `error_code` the provider's."""

    text_id: str
    to: str
    purpose: str
    state: str
    requested_by: str
    requested_at: datetime
    updated_at: datetime
    due_at: datetime | None
    error_code: str
    decisions: list[DecisionShown]


def text_shown(text: Data, decisions: Sequence[Data]) -> TextShown:
    made = [DecisionShown.model_validate(dict(decision)) for decision in decisions]
    return TextShown.model_validate({**text, "decisions": made})
