"""Whether a dealership is open. The document `tenants/{id}` says so in `state`; without one it is open.

`closed` (and `importing`) take nothing new in, what is under way ends; of one that is `deleting` or
`deleted` nothing is worked on any more, so no late delivery brings back what was deleted.
"""

from __future__ import annotations

import time
from weakref import WeakKeyDictionary

from shared.errors import Forbidden
from shared.platform import Platform
from shared.ports import Data

OPEN, CLOSED, IMPORTING, DELETING, DELETED = "open", "closed", "importing", "deleting", "deleted"

KNOWN_S = 15.0
"""Seconds a process goes by what it read: whoever closes a dealership waits longer before relying on it."""

_known: WeakKeyDictionary[Platform, dict[str, tuple[str, float]]] = WeakKeyDictionary()


def state_of(tenant: Data) -> str:
    return str(tenant.get("state", OPEN))


def require_open(platform: Platform, tenant_id: str) -> None:
    """Raises `Forbidden` unless the dealership takes things in."""
    state = _state(platform, tenant_id)
    if state != OPEN:
        raise Forbidden(f"the dealership [{tenant_id}] is closed")


def is_gone(platform: Platform, tenant_id: str) -> bool:
    return _state(platform, tenant_id) in (DELETING, DELETED)


def _state(platform: Platform, tenant_id: str) -> str:
    if not tenant_id:
        return OPEN
    known = _known.setdefault(platform.whole, {})
    state, until = known.get(tenant_id, ("", 0.0))
    if time.monotonic() >= until:
        found = platform.documents.get(f"tenants/{tenant_id}")
        state = state_of(found.data) if found else OPEN
        known[tenant_id] = (state, time.monotonic() + KNOWN_S)
    return state
