"""One delivery at a time works on a cause, and a finished cause is never worked on again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.errors import Conflict, LeaseHeld, Unavailable
from shared.observability import log
from shared.ports import Documents, Expect, Query, Write
from shared.runtime.lost_answer import commit_one

DONE_KEPT = timedelta(days=14)
"""Longer than the bus keeps messages (7 days), so no replay meets a forgotten mark."""


@dataclass(frozen=True)
class Done:
    """The cause was handled before; `result` is what was recorded then."""

    result: Mapping[str, Any]


@dataclass(frozen=True)
class Lease:
    """The right to work on one cause. `version` fences out a holder whose lease was taken over."""

    path: str
    version: str

    def done(self, now: datetime, result: Mapping[str, Any]) -> Write:
        """The write that ends the lease, to be committed with the work itself."""
        data = {"state": "done", "at": now, "expires_at": now + DONE_KEPT, "result": dict(result)}
        return Write(self.path, data, self.version)

    def check(self, documents: Documents) -> None:
        """Raises `LeaseHeld` when another delivery has taken it over."""
        present = documents.get(self.path)
        if present is None or present.version != self.version:
            raise LeaseHeld(f"the lease [{self.path}] was taken over")


def acquire(
    documents: Documents, path: str, *, now: datetime, seconds: float, rejected_again: bool = False
) -> Lease | Done:
    """Creates the lease, or takes over an expired one. Raises `LeaseHeld` while another holds it.

    `rejected_again` also takes over the mark of a cause that was rejected, so nothing came of it.
    """
    until = now + timedelta(seconds=seconds)
    # Of two that take it in the same instant each knows its own.
    held = {"state": "held", "until": until, "expires_at": until + DONE_KEPT, "holder": uuid.uuid4().hex}
    try:
        return Lease(path, commit_one(documents, Write(path, held, Expect.ABSENT)))
    except Conflict:
        present = documents.get(path)
    if present is None:
        raise LeaseHeld(f"the lease [{path}] was just given back")
    if present.data["state"] == "done":
        if not (rejected_again and "rejected" in present.data["result"]):
            return Done(present.data["result"])
    elif present.data["until"] > now:
        raise LeaseHeld(f"another delivery holds [{path}] until {present.data['until']:%H:%M:%S} UTC")
    try:
        return Lease(path, commit_one(documents, Write(path, held, present.version)))
    except Conflict as error:
        raise LeaseHeld(f"another delivery took over [{path}]") from error


def release(documents: Documents, lease: Lease) -> None:
    """Gives the lease back after a failure, so the next delivery need not wait for its expiry.

    While the store is away it cannot be given back and expires; what failed before is the error to tell.
    """
    try:
        documents.commit([Write(lease.path, None, lease.version)])
    except Conflict:
        return  # taken over meanwhile: it is no longer ours to give back
    except Unavailable as error:
        log("WARNING", "a lease was not given back", error=type(error).__name__)


def free_orphans(documents: Documents, tenant_id: str) -> int:
    """Gives back every held lease of a tenant; answers how many.

    Only where one process owns the store and has just started: whoever held them is dead.
    """
    held = documents.query(Query(f"tenants/{tenant_id}/leases", (("state", "==", "held"),)))
    for lease in held:
        release(documents, Lease(lease.path, lease.version))
    return len(held)
