"""What the brain's calls of models cost, as rows for the warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from shared.events.base import Event


class ModelUsed(Event, topic="model-used", table="brain.model_usage_v1"):
    """A provider was asked for an AI task, whatever became of it. One row of the usage table."""

    envelope_columns: ClassVar[tuple[str, ...]] = ("tenant_id", "occurred_at", "correlation_id", "trace_id")
    example: ClassVar[Mapping[str, Any]] = {
        "usage_id": "0b6c",
        "task": "route_message",
        "mode": "read_only",
        "operation_name": "generate_content",
        "provider_name": "gcp.vertex_ai",
        "request_model": "gemini-3.5-flash-lite",
        "outcome": "ok",
    }

    usage_id: str
    task: str
    mode: str
    operation_name: str
    provider_name: str
    request_model: str
    outcome: str
    response_model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: Decimal | None = None
    processing_time_ms: float | None = None
    confidence: float | None = None
    fallback_from: str | None = None
