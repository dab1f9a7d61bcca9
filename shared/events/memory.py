"""What is remembered of people's own words changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from shared.events.base import Event


class MemoryChanged(Event, topic="memory-changed"):
    """Memories of a person were stored, replaced or deleted; what they say stands in their documents
    alone."""

    example: ClassVar[Mapping[str, Any]] = {
        "person_id": "ceo",
        "memory_ids": ["7d0f5d1c"],
        "change": "stored",
    }

    person_id: str
    memory_ids: tuple[str, ...]
    change: str
    """`stored`, `superseded` or `deleted`."""

    def about(self) -> str:
        return f"memories/{self.memory_ids[0]}" if self.memory_ids else ""
