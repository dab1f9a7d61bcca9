"""The audit ledger: what happened, who did it, how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import field_serializer

from shared.events.base import Event


class AuditRecorded(Event, topic="audit-recorded", table="ledger.system_audit_ledger_v1"):
    """Something worth proving later happened. One row of the audit ledger."""

    example: ClassVar[Mapping[str, Any]] = {
        "type": "plate.mounted",
        "actor": "users/u-ceo",
        "capability": "plate_composer",
        "subject": "sessions/s1",
        "outcome": "ok",
    }

    type: str
    actor: str
    capability: str
    subject: str = ""
    outcome: str | None = "ok"
    """None for what is no attempt: it counts in no error rate."""
    intent: str = ""
    latency_ms: float | None = None
    hops: list[dict[str, Any]] | None = None
    detail: dict[str, Any] | None = None

    @field_serializer("hops", "detail")
    def _as_json_text(self, value: Any) -> str | None:
        # A BigQuery subscription takes a JSON column as text.
        import json

        return None if value is None else json.dumps(value, separators=(",", ":"), default=str)
