"""What the owner does to a dealership, written with its row in the audit ledger in one commit.

Nothing is published from here: the row waits in the outbox for the product's own sweeper, so the owner needs
no right on the bus and a stopped product loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.platform import Platform
from shared.ports import Write
from shared.runtime.cause import Cause
from shared.runtime.work import UnitOfWork


@dataclass(frozen=True)
class Operator:
    """Who is at the command line, as the ledger will name them."""

    name: str

    def act(
        self,
        platform: Platform,
        tenant_id: str,
        type: str,
        writes: Sequence[Write],
        *,
        subject: str,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Raises `Conflict` when a document is not as a write expects; then nothing happened."""
        cause_id = platform.ids.new()
        cause = Cause(
            id=cause_id,
            function="admin",
            tenant_id=tenant_id,
            correlation_id=cause_id,
            auth_id=f"operators/{self.name}",
        )
        work = UnitOfWork(tenant=platform.tenant(tenant_id), cause=cause, now=platform.clock.now())
        work.audit(type, subject=subject, detail=dict(detail or {}))
        work.commit(writes)
