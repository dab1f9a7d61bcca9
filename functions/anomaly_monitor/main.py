"""The watch over a dealership's books: one statement a run, one telling an episode."""

from __future__ import annotations

from typing import Any

from functions.anomaly_monitor.episodes import take_in
from functions.anomaly_monitor.finding import read_findings
from functions.anomaly_monitor.heartbeat import looked_at, looked_before, note
from functions.anomaly_monitor.question import QUERY, parameters, read_said
from functions.anomaly_monitor.reminders import remind
from functions.anomaly_monitor.sparing import digest, is_worth_asking, newest_posting
from shared.domain.anomaly.paths import STATE
from shared.platform import Tenant
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork


def watch_books(work: UnitOfWork, tenant: Tenant) -> dict[str, Any]:
    """One dealership's turn, every hour.

    A run that dies leaves nothing behind, the next one finds the same; of two at once the second reads what
    the first wrote and tells nothing again.
    """
    zone = tenant.zone
    today = work.now.astimezone(zone).date()
    said = read_said(work, today)
    stored = work.get(STATE)
    state = stored.data if stored else {}
    reminded = remind(work)
    about, newest = digest(said), newest_posting(work)
    if is_worth_asking(state, newest=newest, said=about, today=today, now=work.now):
        asked = parameters(said, today=today, now=work.now, state=state)
        rows = work.once("rows", lambda: tenant.warehouse.query(QUERY, asked))
        new, told = take_in(work, read_findings(rows))
        looked = looked_at(rows, new=new, told=told)
        state = {**state, "asked_at": work.now, "asked_on": today.isoformat(), "asked_with": about}
    else:
        looked = looked_before(state)
    beat = note(work, state, looked, zone=zone, heartbeat_hour=said.rules.heartbeat_hour)
    return {
        "postings": looked.postings,
        "new": looked.new,
        "told": looked.told,
        "reminded": reminded,
        "heartbeat": beat,
    }


anomaly_monitor = entry_point(__file__, watch_books)
