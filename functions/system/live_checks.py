"""Looks at the running product: do the stores answer, does the bus move, who gave messages up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.observability import log
from shared.platform import Platform
from shared.runtime.dead_letter_marks import marks
from shared.runtime.outbox import waiting

PATIENCE_S = 2.0
"""A store that takes longer is as good as away."""

KEPT_S = 60.0
"""Findings are kept so long, so nobody outside can make the product busy with looking at itself: a look is a
query that BigQuery bills, and the monitor alone asks six times a minute."""

STUCK_AFTER = timedelta(minutes=3)
"""The sweeper comes every minute."""

RECENT = timedelta(hours=1)


@dataclass(frozen=True)
class Check:
    """One port, looked at once. `reason` is empty when it is well."""

    port: str
    milliseconds: float
    reason: str = ""


@dataclass(frozen=True)
class Findings:
    """`given_up` are capabilities that gave a message up within the last hour, and how long ago."""

    at: datetime
    checks: tuple[Check, ...]
    given_up: Mapping[str, datetime] = field(default_factory=dict)

    def troubles(self, ports_of: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Reasons by capability: a port it needs is not well, or it gave a message up."""
        bad = {check.port: check.reason for check in self.checks if check.reason}
        found = {name: [bad[port] for port in ports if port in bad] for name, ports in ports_of.items()}
        for name, at in self.given_up.items():
            found.setdefault(name, []).append(f"gave a message up at {at:%H:%M} UTC")
        return {name: reasons for name, reasons in found.items() if reasons}


def look(platform: Platform) -> Findings:
    """Every check at once, none longer than `PATIENCE_S`."""
    now = platform.clock.now()
    pool = ThreadPoolExecutor(max_workers=len(CHECKS) + 1, thread_name_prefix="check")
    started = time.perf_counter()
    running = {port: pool.submit(_timed, check, platform, now) for port, check in CHECKS.items()}
    letters = pool.submit(_given_up, platform, now)
    everything: list[Future[Any]] = [*running.values(), letters]
    wait(everything, PATIENCE_S)
    pool.shutdown(wait=False)
    waited = (time.perf_counter() - started) * 1000
    checks = tuple(_finished(port, future, waited) for port, future in running.items())
    return Findings(now, checks, letters.result() if letters.done() else {})


def _timed(
    check: Callable[[Platform, datetime], str], platform: Platform, now: datetime
) -> tuple[float, str]:
    started = time.perf_counter()
    try:
        reason = check(platform, now)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a store is a finding, not a failure
        log("WARNING", "a live check failed", error=type(error).__name__)
        reason = f"does not answer ({type(error).__name__})"
    return (time.perf_counter() - started) * 1000, reason


def _finished(port: str, future: Future[tuple[float, str]], waited: float) -> Check:
    if not future.done():
        return Check(port, waited, f"{port} took longer than {PATIENCE_S:g} s")
    milliseconds, reason = future.result()
    return Check(port, milliseconds, f"{port} {reason}" if reason else "")


def _documents(platform: Platform, now: datetime) -> str:
    platform.documents.get("health/probe")
    return ""


def _warehouse(platform: Platform, now: datetime) -> str:
    platform.warehouse.query("plates/ledger_age_v1", {"tenant_id": "-", "as_of": now, "since": now - RECENT})
    return ""


def _bus(platform: Platform, now: datetime) -> str:
    oldest = waiting(platform, 1)
    since = oldest[0].data["created_at"] if oldest else now
    return f"has not taken messages since {since:%H:%M} UTC" if now - since > STUCK_AFTER else ""


def _given_up(platform: Platform, now: datetime) -> dict[str, datetime]:
    try:
        return {name: at for name, at in marks(platform).items() if now - at < RECENT}
    except Exception as error:  # noqa: BLE001 - the documents' own check says that they do not answer
        log("WARNING", "dead-letter marks cannot be read", error=type(error).__name__)
        return {}


CHECKS: Mapping[str, Callable[[Platform, datetime], str]] = {
    "documents": _documents,
    "warehouse": _warehouse,
    "bus": _bus,
}


class Lookout:
    """The latest findings about one platform, looked up anew when they are old."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: Platform | None = None
        self._at = 0.0
        self._findings: Findings | None = None

    def findings(self, platform: Platform) -> Findings:
        # What is granted to a request is made for it; the process has one platform.
        whole = platform.whole
        with self._lock:
            if self._findings is None or self._of is not whole or time.monotonic() - self._at > KEPT_S:
                self._findings, self._of, self._at = look(platform), whole, time.monotonic()
            return self._findings


LOOKOUT = Lookout()
"""Of this process."""
