"""The text messages of a quote's versions: each has one key, and none tells of what is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.domain.consent import consent_of, consent_path
from shared.runtime.work import UnitOfWork
from shared.texting.delivery import NOT_ARRIVED, WAITING
from shared.texting.request import text_id_of, text_path, withdraw_text

LOOKED_BACK = 10
_UNHEARD = WAITING | NOT_ARRIVED | {"refused"}


def version_key(quote_id: str, version: int) -> str:
    return f"quote:{quote_id}:{version}"


def reminder_key(quote_id: str, version: int) -> str:
    return f"{version_key(quote_id, version)}:reminder"


def hold_back(work: UnitOfWork, quote: Mapping[str, Any]) -> None:
    """Texts of this version that still wait, for the morning say, no longer go."""
    withdraw_text(work, version_key(quote["quote_id"], quote["version"]))
    if quote["reminded_at"] is not None:
        withdraw_text(work, reminder_key(quote["quote_id"], quote["version"]))


def was_heard_of(work: UnitOfWork, quote_id: str, version: int) -> bool:
    """Whether the text of an earlier version was let go; else nothing has changed for who reads the next."""
    earlier = range(version - 1, max(0, version - 1 - LOOKED_BACK), -1)
    keys = (version_key(quote_id, one) for one in earlier)
    texts = (work.get(text_path(text_id_of(work.tenant.tenant_id, key))) for key in keys)
    return any(text is not None and text.data["state"] not in _UNHEARD for text in texts)


def has_refused(work: UnitOfWork, phone: str) -> bool:
    """Said stop from this number. Each text is decided where it goes out; this tells whoever asks now."""
    known = work.get(consent_path(phone))
    return consent_of(phone, known.data if known else None).of("service") == "denied"
