"""A dealership's own numbers for the watch over its books."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Usd = Annotated[Decimal, Field(ge=0, le=100_000_000, max_digits=12, decimal_places=2)]


class AnomalyRules(BaseModel):
    """What is worth a person's time here. Left out, these are the defaults."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    min_change_usd: Usd = Field(Decimal(500), description="A smaller difference is never told.")
    asked_category: str = Field(
        "transport",
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="The expense that is watched by two standard deviations from its 30-day mean.",
    )
    asked_floor_usd: Usd = Field(
        Decimal(2500), description="Least excess of that expense over its mean; and at least once the mean."
    )
    approval_limit_usd: Usd = Field(
        Decimal(5000), description="Purchases from this amount on need an approval; parts below it are seen."
    )
    strictness: float = Field(
        4.5, ge=2, le=20, description="Robust standard deviations between usual and odd; less finds more."
    )
    heartbeat_hour: int = Field(
        8, ge=0, le=23, description="Local hour from which the day's sign of life is given."
    )
