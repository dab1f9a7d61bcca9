"""Receipts are checked for anybody, by id or by the file itself: signature, chain, and that it is ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from functions.quotes.receipt import receipt_path
from functions.quotes.verify_receipt import FIRST, Check, examine
from shared.errors import NotFound
from shared.platform import Tenant
from shared.quotes.registry import holder_of

SCRIPT = Path(__file__).with_name("verify_receipt.py")
HOW = (
    "GET with ?receipt=<receipt_id>, or POST the receipt's JSON here as it was downloaded. "
    "Offline: python verify_receipt.py receipt.json --key <key>, from /api/public/receipt/verify_receipt.py"
)


class CheckView(BaseModel):
    name: str
    holds: bool
    says: str


class Verified(BaseModel):
    """`valid` when every check holds. Without a receipt to look at: how to ask, and the published keys."""

    valid: bool | None
    keys: tuple[str, ...]
    how: str = HOW
    receipt_id: str = ""
    sequence: int | None = None
    issued_at: str = ""
    dealership: str = ""
    hash: str = ""
    pdf_sha256: str = ""
    checks: tuple[CheckView, ...] = ()


def published(anybody: Tenant) -> Verified:
    return Verified(valid=None, keys=anybody.seals.public_keys)


def verify_known(anybody: Tenant, receipt_id: str) -> Verified:
    """A receipt by its id. Raises `NotFound`."""
    found = holder_of(anybody, receipt_id)
    stored = _stored(*found) if found else None
    if stored is None:
        raise NotFound(f"nobody here issued a receipt [{receipt_id[:64]}]")
    return verify_file(anybody, str(stored["text"]).encode())


def verify_file(anybody: Tenant, raw: bytes) -> Verified:
    """A receipt as somebody holds it; every check that fails says so."""
    keys = anybody.seals.public_keys
    examined = examine(raw, keys)
    content = examined.content
    if content is None:
        return Verified(valid=False, keys=keys, checks=_views(examined.checks))
    checks = [*examined.checks, *_of_ours(anybody, content, raw)]
    return Verified(
        valid=all(check.holds for check in checks),
        keys=keys,
        receipt_id=str(content.get("receipt_id", "")),
        sequence=content["sequence"],
        issued_at=str(content.get("issued_at", "")),
        dealership=str(content["dealership"].get("name", "")),
        hash=examined.hash,
        pdf_sha256=content["pdf_sha256"],
        checks=_views(checks),
    )


def _of_ours(anybody: Tenant, content: Mapping[str, Any], raw: bytes) -> list[Check]:
    """Against what stands here: the receipt itself, the one before and the one after."""
    found = holder_of(anybody, str(content.get("receipt_id", "")))
    stored = _stored(*found) if found else None
    if found is None or stored is None:
        return [Check("issued", False, "nobody here issued this receipt")]
    is_ours = str(stored["text"]).encode() == raw.rstrip(b"\r\n")
    says = "it is as it was issued" if is_ours else "it is NOT as it was issued"
    return [Check("issued", is_ours, says), *_chained(found[0], stored)]


def _chained(dealership: Tenant, stored: Mapping[str, Any]) -> list[Check]:
    number = int(stored["sequence"])
    before, after = dealership.documents.get_many([receipt_path(number - 1), receipt_path(number + 1)])
    first = number == 1 and stored["previous"] == FIRST
    follows = first or (before is not None and before.data["hash"] == stored["previous"])
    checks = [Check("chain", follows, f"it {'follows' if follows else 'does NOT follow'} the receipt before")]
    if after is not None:
        holds = after.data["previous"] == stored["hash"]
        checks.append(Check("chain", holds, f"the receipt after it {'bears' if holds else 'LACKS'} its hash"))
    return checks


def _stored(dealership: Tenant, path: str) -> Mapping[str, Any] | None:
    document = dealership.documents.get(path)
    return document.data if document else None


def _views(checks: list[Check]) -> tuple[CheckView, ...]:
    return tuple(CheckView(**check._asdict()) for check in checks)
