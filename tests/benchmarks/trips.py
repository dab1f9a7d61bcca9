"""Positions a second of one running function beside a bare one that inserts a row; 200 drivers, one a second.

Function, store and drivers share this machine's processors. The trips are as full as they get.
"""

from __future__ import annotations

import http.client
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.domain.trip.live import LANES
from shared.local.tenants import DEVELOPMENT_KEYS
from shared.manifest import all_manifests
from shared.ports import Write
from shared.testing.function_process import FunctionProcess, bare_process, function_processes
from tests.benchmarks.first_request import Ground, embedded_ground
from tests.benchmarks.load import CLIENTS, Latencies, loaded
from tests.benchmarks.process_memory import tree

DRIVERS = 200
REQUESTS = 4_000
SUSTAINED_S = 60
PATH = "/api/logistics/location"
TAKEN = (b'"kept":1', b'"unchanged":1', b"ok")
BEGAN = datetime.now(UTC)
AGE = timedelta(minutes=10)
HEADERS = {"X-API-Key": DEVELOPMENT_KEYS["autohaus"], "Content-Type": "application/json"}

BARE = "bare function that inserts a row in SQLite"
INSERT = """
import json, sqlite3, threading
PATH = {path!r}
local = threading.local()

def connection():
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(PATH, isolation_level=None, timeout=30)
        local.connection.execute("PRAGMA journal_mode=WAL")
        local.connection.execute("PRAGMA synchronous=NORMAL")
        local.connection.execute("CREATE TABLE IF NOT EXISTS pings (id INTEGER PRIMARY KEY, row TEXT)")
    return local.connection

def hello(request):
    for row in request.get_json(silent=True) or []:
        connection().execute("INSERT INTO pings (row) VALUES (?)", (json.dumps(row),))
    return "ok"
"""
"""What the fewest lines would do with a position: nothing is checked, nobody is asked who sends."""


def run(say: Callable[[str], None] = lambda _: None) -> list[dict[str, Any]]:
    """Rows `{measure, ours, baseline, baseline_name, ratio, notes}`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        folder.mkdir()
        with _serving(folder) as (ground, ours, bare):
            _start_trips(ground, ours.port)
            say(f"trips: {REQUESTS} positions of {DRIVERS} drivers, {CLIENTS} clients")
            rows = _capacity(ours, bare)
            say(f"trips: {DRIVERS} drivers at one position a second, {SUSTAINED_S} s")
            return [*rows, *_sustained(ours, bare)]


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[Ground, FunctionProcess, FunctionProcess]]:
    manifests = {one.name: one for one in all_manifests() if one.name == "logistics"}
    code = INSERT.format(path=str(folder / "bare.db"))
    with (
        embedded_ground(folder) as ground,
        function_processes(manifests, ground.environment, folder) as served,
        bare_process(ground.environment, folder, code) as bare,
    ):
        yield ground, served["logistics"], bare


def _start_trips(ground: Ground, port: int) -> None:
    """Each is under way for ten minutes and has sent a position every five seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for driver in range(DRIVERS):
        trip = {"trip_id": f"d{driver}", "destination": "42.4, -87.65", "start": True}
        _post(connection, "/api/logistics/trips", trip)
    documents = ground.platform.tenant("autohaus").documents
    earlier = ground.platform.clock.now() - AGE
    paths = [f"trips/d{driver}" for driver in range(DRIVERS)]
    for known in documents.get_many(paths):
        assert known is not None
        documents.commit([Write(known.path, {**known.data, "started_at": earlier})])
    for _ in range(LANES):
        for driver in range(DRIVERS):
            rows = [_row(driver, step, datetime.now(UTC) - timedelta(seconds=5 * step)) for step in range(80)]
            _post(connection, PATH, rows[::-1])
        time.sleep(1.0)
    connection.close()


def _post(connection: http.client.HTTPConnection, path: str, body: Any) -> None:
    connection.request("POST", path, json.dumps(body), HEADERS)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"[POST {path}] answered {answer.status}: {content[:300]!r}")


def _row(driver: int, key: int, at: datetime) -> dict[str, Any]:
    """The driver is some twenty meters further every second."""
    north = 41.8 + (at - BEGAN).total_seconds() * 0.0002
    place = f"{north:.6f}, {-87.65 - driver * 0.001:.6f}"
    return {"row_id": f"{driver}-{key}", "trip_id": f"d{driver}", "location": place, "at": at.isoformat()}


def position(number: int) -> bytes:
    """The next position of one of the drivers."""
    return json.dumps([_row(number % DRIVERS, number, datetime.now(UTC))]).encode()


def _capacity(ours: FunctionProcess, bare: FunctionProcess) -> list[dict[str, Any]]:
    found = []
    for process in (bare, ours):
        loaded(process.port, PATH, position, HEADERS, requests=DRIVERS)
        began = time.perf_counter()
        latencies = loaded(process.port, PATH, position, HEADERS, requests=REQUESTS)
        found.append((round(REQUESTS / (time.perf_counter() - began)), latencies))
    (their_rate, theirs), (our_rate, own) = found
    notes = f"{REQUESTS} requests of one position, {CLIENTS} clients; ours checks key, trip and clock"
    rates = {"measure": "positions a second, one process", "ours": our_rate, "baseline": their_rate}
    compared = (("p50", own.p50, theirs.p50), ("p95", own.p95, theirs.p95))
    times = [
        {"measure": f"position taken in, {what}, ms", "ours": round(mine, 1), "baseline": round(bare, 1)}
        for what, mine, bare in compared
    ]
    return [{**row, "baseline_name": BARE, "notes": notes} for row in (rates, *times)]


@dataclass
class Paced:
    """Every driver's next position at its moment, whether or not those before are answered."""

    port: int
    numbers: Iterator[tuple[float, int]]
    lock: threading.Lock
    taken: list[float]
    failed: list[str]

    def go(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while True:
            with self.lock:
                due, number = next(self.numbers, (0.0, -1))
            if number < 0:
                break
            time.sleep(max(0.0, due - time.perf_counter()))
            connection.request("POST", PATH, position(number), HEADERS)
            answer = connection.getresponse()
            content = answer.read()
            # From the moment it was due: what waits for a free client has waited too.
            self.taken.append((time.perf_counter() - due) * 1000)
            if answer.status != 200 or not any(word in content for word in TAKEN):
                self.failed.append(f"{answer.status}: {content[:200]!r}")
        connection.close()


def processor_seconds(pid: int) -> float:
    """What the server and its workers have used so far."""
    ticks = 0
    for one in tree(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Run:
    """What a process did of a minute of every driver's positions; `busy` are processors it used."""

    times: Latencies
    failed: int
    rate: float
    busy: float


def _sustained(ours: FunctionProcess, bare: FunctionProcess) -> list[dict[str, Any]]:
    theirs, own = _paced(bare), _paced(ours)
    notes = f"{len(own.times.ms):,} positions in {SUSTAINED_S} s, {own.failed} failed; from when each was due"
    compared: Sequence[tuple[str, float, float, str]] = (
        ("positions a second", round(own.rate, 1), DRIVERS, "what was asked for"),
        ("p50, ms", round(own.times.p50, 1), round(theirs.times.p50, 1), BARE),
        ("p95, ms", round(own.times.p95, 1), round(theirs.times.p95, 1), BARE),
        ("processors used", round(own.busy, 2), round(theirs.busy, 2), BARE),
    )
    what = f"{DRIVERS} drivers at one position a second"
    return [
        {"measure": f"{what}, {m}", "ours": mine, "baseline": other, "baseline_name": name, "notes": notes}
        for m, mine, other, name in compared
    ]


def _paced(process: FunctionProcess) -> Run:
    start = time.perf_counter() + 0.2
    first, total = 10 * REQUESTS, DRIVERS * SUSTAINED_S
    due = ((start + n / DRIVERS, first + n) for n in range(total))
    paced = Paced(process.port, due, threading.Lock(), [], [])
    before = processor_seconds(process.process.pid)
    threads = [threading.Thread(target=paced.go) for _ in range(2 * CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    busy = (processor_seconds(process.process.pid) - before) / took
    return Run(Latencies(sorted(paced.taken)), len(paced.failed), total / took, busy)
