"""Outside effects that were begun and have no known end are shown to a person, once each."""

from __future__ import annotations

from datetime import timedelta

from shared.errors import CosError
from shared.events.conversation import AttentionRequested
from shared.observability import current_traceparent, log
from shared.platform import Platform
from shared.ports import Query
from shared.runtime.cause import Cause
from shared.runtime.tick import tenant_ids
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork

OPEN_FOR = timedelta(minutes=10)
"""Older than any function runs, so nobody is still at it."""

AT_ONCE = 50


def ask_about_open_effects(platform: Platform) -> dict[str, int]:
    """How many effects a person was asked about, and how many tenants could not be looked at."""
    asked = failed = 0
    for tenant_id in tenant_ids(platform):
        run_id = platform.ids.new()
        cause = Cause(run_id, "outbox_sweeper", tenant_id, run_id, current_traceparent())
        try:
            asked += run_unit(platform, cause, ask_about)
        except CosError as error:
            log("ERROR", "open effects not looked at", tenant=tenant_id, error=type(error).__name__)
            failed += 1
    return {"asked": asked, "failed": failed}


def ask_about(work: UnitOfWork) -> int:
    """Asks for attention for each open effect and marks it in the same commit, so it is asked once."""
    before = work.now - OPEN_FOR
    query = Query(
        "effects",
        (("state", "in", ("claimed", "unknown")), ("asked", "==", False), ("claimed_at", "<=", before)),
        ("claimed_at",),
        AT_ONCE,
    )
    effects = work.query(query)
    for effect in effects:
        work.put(effect.path, {**effect.data, "asked": True, "asked_at": work.now})
        work.emit(
            AttentionRequested(
                subject=effect.path,
                kind="effect_unknown",
                summary="Nobody can tell whether an outside effect happened; please look and decide",
                urgency="high",
                roles=("operator",),
            )
        )
    return len(effects)
