"""The text messages of a quote's versions: each has one key, and none tells of what is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.runtime.work import UnitOfWork
from shared.texting.request import withdraw_text


def version_key(quote_id: str, version: int) -> str:
    return f"quote:{quote_id}:{version}"


def reminder_key(quote_id: str, version: int) -> str:
    return f"{version_key(quote_id, version)}:reminder"


def hold_back(work: UnitOfWork, quote: Mapping[str, Any]) -> None:
    """Texts of this version that still wait, for the morning say, no longer go."""
    withdraw_text(work, version_key(quote["quote_id"], quote["version"]))
    if quote["reminded_at"] is not None:
        withdraw_text(work, reminder_key(quote["quote_id"], quote["version"]))
