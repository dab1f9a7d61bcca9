"""What comes of a request for a person's attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from shared.events.base import Event


class StaffPostRequested(Event, topic="staff-post-requested"):
    """Something is to be said in the staff's chat: `staff_posts/{post_id}` says what and where."""

    example: ClassVar[Mapping[str, Any]] = {"post_id": "0f3d6a9d1f0d7e3c1b2a498a53a0a1d3"}

    post_id: str

    def about(self) -> str:
        return f"staff_posts/{self.post_id}"
