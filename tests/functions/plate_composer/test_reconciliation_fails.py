"""What the ledger does not have must not be shown: reconciliation fails when it is, list by list."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from shared.testing.harness import running
from tests.functions.plate_composer.reckoning import differences
from tests.functions.plate_composer.test_reconciliation import dashboard, live_through_a_day
from tests.said import nothing

FORGED = (
    {"type": "plate.mounted", "intent": "FINANCE", "latency_ms": 99_999.0, "hops": "[]"},
    {"type": "event.failed", "outcome": "failed"},
    {"type": "text.decided", "subject": "texts/f3", "detail": '{"purpose": "otp"}'},
    {"type": "person.resolved", "subject": "persons/f", "detail": '{"lead_id": "f4"}'},
    {
        "type": "thread.answered",
        "subject": "threads/f5",
        "detail": '{"department": "rental", "waited_seconds": 5}',
    },
)
LISTS = {"", "hops", "plates", "latency", "problems", "texts", "leads", "hourly", "chain", "waits"}


def test_a_figure_the_ledger_does_not_have_is_noticed(tmp_path: Path) -> None:
    """The warehouse gets rows that nobody told: reconciliation must fail, list by list."""
    now = datetime.now(UTC)
    common = {"tenant_id": "autohaus", "occurred_at": now, "capability": "plate_composer", "outcome": "ok"}
    forged = [{**common, "event_id": f"f{number}", **row} for number, row in enumerate(FORGED)]
    with running(tmp_path) as product:
        live_through_a_day(product)
        nothing(differences(*dashboard(product, "s-honest")))
        product.platform.warehouse.append("ledger.system_audit_ledger_v1", forged)
        said = differences(*dashboard(product, "s-forged"))
    lists = {line.partition("]")[0].removeprefix("[") for line in said}
    assert lists >= LISTS
