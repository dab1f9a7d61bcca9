"""API keys: shown once when they are made, kept as their hash, replaced without a gap."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.admin.acts import Operator
from shared.admin.belongings import KEYS, TENANT_FIELD
from shared.admin.tenants import require_tenant
from shared.errors import AlreadyExists, InvalidInput, NotFound
from shared.platform import Platform
from shared.ports import Document, Expect, Query, Write
from shared.runtime.auth import key_hash, key_holds

NAME = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
PREFIX = "cos_"
"""So that a key that leaked is known for one by those who scan for them."""

_RANDOM_BYTES = 32
_SHOWN = 12


@dataclass(frozen=True)
class NewKey:
    """`key` is known to nobody but whoever made it: it is not stored."""

    key: str
    key_id: str


def key_id(document: Document) -> str:
    """The beginning of the hash: enough to name a key, of no use to open anything."""
    return document.id[:_SHOWN]


def state_of_key(key: Document, now: datetime) -> str:
    if key.data.get("revoked"):
        return "revoked"
    until = key.data.get("valid_until")
    if until is None:
        return "valid"
    return f"valid until {until:%Y-%m-%d %H:%M} UTC" if now < until else f"ended {until:%Y-%m-%d %H:%M} UTC"


def keys_of(platform: Platform, tenant_id: str) -> list[Document]:
    """By name, the oldest first."""
    found = platform.documents.query(Query(KEYS, ((TENANT_FIELD, "==", tenant_id),)))
    return sorted(found, key=lambda key: (key.data["name"], key.data["created_at"], key.id))


def issue_key(platform: Platform, operator: Operator, tenant_id: str, name: str) -> NewKey:
    """Raises `AlreadyExists` while a key of the name holds: that one is rotated."""
    require_tenant(platform, tenant_id)
    if not NAME.fullmatch(name):
        raise InvalidInput(f"--name is [{name}]: 3 to 40 lower-case letters, digits and [-], a letter first")
    if _holding(platform, tenant_id, name):
        raise AlreadyExists(f"--name [{name}] has a key that holds; `key rotate` replaces it")
    new, write = _made(platform, tenant_id, name)
    operator.act(platform, tenant_id, "key.issued", [write], subject=f"{KEYS}/{name}")
    return new


def rotate_key(
    platform: Platform, operator: Operator, tenant_id: str, name: str, *, overlap: timedelta
) -> NewKey:
    """A new key of the same name at once; those before it hold until the overlap is over."""
    require_tenant(platform, tenant_id)
    if overlap < timedelta(0):
        raise InvalidInput("--overlap is below zero; name how long the old key still opens, e.g. 24h")
    holding = _holding(platform, tenant_id, name)
    if not holding:
        raise NotFound(f"tenant [{tenant_id}] has no key [{name}] that holds; `key issue` makes one")
    new, write = _made(platform, tenant_id, name)
    end = platform.clock.now() + overlap
    ends = [Write(key.path, {**key.data, "valid_until": _sooner(key, end)}, key.version) for key in holding]
    detail = {"overlap_seconds": int(overlap.total_seconds())}
    operator.act(platform, tenant_id, "key.rotated", [write, *ends], subject=f"{KEYS}/{name}", detail=detail)
    return new


def revoke_key(platform: Platform, operator: Operator, tenant_id: str, which: str) -> list[str]:
    """By name or id, at once; answers the ids of those that held. Raises `NotFound`."""
    require_tenant(platform, tenant_id)
    now = platform.clock.now()
    meant = [key for key in keys_of(platform, tenant_id) if which in (key.data["name"], key_id(key))]
    if not meant:
        raise NotFound(f"tenant [{tenant_id}] has no key [{which}]; `key list {tenant_id}` shows them")
    holding = [key for key in meant if key_holds(key.data, now)]
    if holding:
        writes = [Write(key.path, {**key.data, "revoked": True}, key.version) for key in holding]
        subject = f"{KEYS}/{holding[0].data['name']}"
        operator.act(platform, tenant_id, "key.revoked", writes, subject=subject)
    return [key_id(key) for key in holding]


def _holding(platform: Platform, tenant_id: str, name: str) -> list[Document]:
    now = platform.clock.now()
    return [
        key for key in keys_of(platform, tenant_id) if key.data["name"] == name and key_holds(key.data, now)
    ]


def _made(platform: Platform, tenant_id: str, name: str) -> tuple[NewKey, Write]:
    key = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    known = key_hash(key)
    data = {TENANT_FIELD: tenant_id, "name": name, "created_at": platform.clock.now(), "revoked": False}
    return NewKey(key, known[:_SHOWN]), Write(f"{KEYS}/{known}", data, Expect.ABSENT)


def _sooner(key: Document, end: datetime) -> datetime:
    known: datetime | None = key.data.get("valid_until")
    return end if known is None else min(known, end)
