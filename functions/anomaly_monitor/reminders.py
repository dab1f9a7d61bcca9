"""What somebody put off comes back when its time is over."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.anomaly.paths import FINDINGS
from shared.events.conversation import AttentionRequested
from shared.ports import Query
from shared.runtime.work import UnitOfWork

AT_ONCE = 50


def remind(work: UnitOfWork) -> int:
    """Opens what was snoozed until now and tells it again, once."""
    where = (("state", "==", "snoozed"), ("snoozed_until", "<=", work.now))
    due = work.query(Query(FINDINGS, where, ("snoozed_until",), AT_ONCE))
    for finding in due:
        work.put(
            finding.path, {**finding.data, "state": "open", "snoozed_until": None, "updated_at": work.now}
        )
        work.emit(
            AttentionRequested(
                subject=finding.path,
                kind="anomaly",
                summary=f"Put off until now: {finding.data['summary']}",
                urgency="high",
                roles=("ceo",),
                value_usd=Decimal(finding.data["value_usd"]),
                link=f"/{finding.path}",
                detail=finding.path,
            )
        )
    return len(due)
