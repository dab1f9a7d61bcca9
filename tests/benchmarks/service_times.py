"""Processor time of a request in each function, as deployed, in the google profile on the emulators.

`python -m tests.benchmarks.service_times` keeps it in shared/deploy/scaling/measured.json, which feeds the
simulation of ten thousand users (docs/scaling.md). What a call waits for the cloud is not measured here: the
emulators are on this machine.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.manifest import ROOT, Manifest, all_manifests
from shared.testing.emulators import find_emulators
from shared.testing.function_process import FunctionProcess, bare_process, function_processes
from tests.benchmarks.cold_start import _cloud
from tests.benchmarks.first_request import FirstRequest, Ground
from tests.benchmarks.process_memory import tree

KEPT = ROOT / "shared" / "deploy" / "scaling" / "measured.json"
FUNCTIONS = ("crm_intake", "chat", "chat_stream", "membrane", "plate_composer")
WARM, REQUESTS = 10, 60
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def run(say: Callable[[str], None] = lambda _: None) -> list[dict[str, Any]]:
    """Rows `{measure, ours, baseline, baseline_name, notes}` in milliseconds of processor time a request."""
    if find_emulators().missing:
        say("service times not measured: the emulators are missing")
        return []
    with tempfile.TemporaryDirectory(prefix="service-times-") as name, _cloud(Path(name) / "cloud") as ground:
        folder = Path(name)
        with bare_process(ground.environment, folder) as bare:
            theirs = _spent(bare, lambda: FirstRequest("GET", "/"))["cpu_ms"]
        measured = {one.name: _measured(one, ground, folder, say) for one in _functions()}
    return [_row(name, times, theirs) for name, times in measured.items()]


def _functions() -> list[Manifest]:
    return [one for one in all_manifests() if one.name in FUNCTIONS]


def _measured(
    manifest: Manifest, ground: Ground, folder: Path, say: Callable[[str], None]
) -> dict[str, float]:
    say(f"service time: {manifest.name}")
    with function_processes({manifest.name: manifest}, ground.environment, folder) as served:
        return _spent(served[manifest.name], lambda: ground.first_request(manifest))


def _spent(served: FunctionProcess, make: Callable[[], Any]) -> dict[str, float]:
    """Milliseconds a request: of the processor, and from asking to the answer."""
    requests = [make() for _ in range(WARM + REQUESTS)]
    for request in requests[:WARM]:
        request.succeeds(served.port)
    with _metered(served.process.pid) as spent:
        for request in requests[WARM:]:
            request.succeeds(served.port)
    return {key: round(value / REQUESTS, 2) for key, value in spent.items()}


@contextmanager
def _metered(pid: int) -> Iterator[dict[str, float]]:
    spent: dict[str, float] = {}
    before, began = _cpu_ms(pid), time.perf_counter()
    yield spent
    spent["cpu_ms"] = _cpu_ms(pid) - before
    spent["wall_ms"] = (time.perf_counter() - began) * 1000


def _cpu_ms(pid: int) -> float:
    """Of the process and all below it that still live, user and system."""
    return sum(_ticks(one) for one in tree(pid)) * TICK_MS


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _row(name: str, times: Mapping[str, float], bare_ms: float) -> dict[str, Any]:
    return {
        "measure": f"processor time of a request, {name}, google, ms",
        "ours": times["cpu_ms"],
        "baseline": bare_ms,
        "baseline_name": "bare function, same server",
        "notes": f"{REQUESTS} requests in turn, {times['wall_ms']:.1f} ms from asking to the answer",
    }


def main() -> int:
    rows = run(say=lambda text: print(text, file=sys.stderr, flush=True))
    if not rows:
        return 1
    times = {row["measure"].split(", ")[1]: row["ours"] for row in rows}
    kept = {"measured": f"{datetime.now(UTC):%Y-%m-%d}", "cpu_ms": times}
    KEPT.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    print(f"{KEPT.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
