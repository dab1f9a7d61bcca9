"""What one call of a provider cost, in OpenTelemetry's words for generative AI."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Outcome = Literal["ok", "invalid_output", "failed"]


@dataclass(frozen=True)
class Usage:
    """One call. Tokens are None where nothing counts them; cost is US dollars, time milliseconds."""

    task: str
    mode: str
    operation_name: str
    provider_name: str
    request_model: str
    outcome: Outcome
    processing_time_ms: float
    response_model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: Decimal | None = None
    confidence: float | None = None
    fallback_from: str | None = None

    def span_attributes(self) -> dict[str, Any]:
        """Without the message or the answer: both may hold personal data."""
        said = {
            "gen_ai.operation.name": self.operation_name,
            "gen_ai.provider.name": self.provider_name,
            "gen_ai.request.model": self.request_model,
            "gen_ai.response.model": self.response_model,
            "gen_ai.usage.input_tokens": self.input_tokens,
            "gen_ai.usage.output_tokens": self.output_tokens,
            "autohaus.task": self.task,
            "autohaus.outcome": self.outcome,
            "autohaus.cost_usd": None if self.cost_usd is None else float(self.cost_usd),
            "autohaus.fallback_from": self.fallback_from,
        }
        return {name: value for name, value in said.items() if value is not None}
