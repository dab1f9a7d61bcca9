"""What goes into the routing task and what must come out."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.brain.route_message.intents import Intent


class RouteInput(BaseModel):
    """A message and the day it was said, in the person's time zone. `memories` are the person's own words
    from before that bear on it: data for a language model's prompt, and nothing our own router reads."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(max_length=4000)
    today: date
    memories: tuple[str, ...] = ()


class Alternative(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    intent: Intent
    confidence: float = Field(ge=0, le=1)


class Routing(BaseModel):
    """What a message means. `entities` holds only what was said; see `entities/extract.py` for its keys.

    `missing` names the slots without which it cannot be answered, `question` asks for them, `options` are
    quick replies. `confidence` is the calibrated probability that `intent` is right.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    intent: Intent
    entities: dict[str, Any] = Field(default_factory=dict)
    confidence: float = Field(ge=0, le=1)
    alternatives: tuple[Alternative, ...] = ()
    missing: tuple[str, ...] = ()
    question: str | None = None
    options: tuple[str, ...] = ()

    def contract(self) -> dict[str, Any]:
        """The strict two keys other systems rely on: `{"intent": …, "entities": {…}}`."""
        return {"intent": str(self.intent), "entities": self.entities}
