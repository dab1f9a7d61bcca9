"""Running functions under 16 clients beside the bare function, and from a message to its plate.

Each size of dealership is a data folder of its own, filled straight into the stores.
"""

from __future__ import annotations

import json
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import connect

from shared.manifest import Manifest, all_manifests
from shared.testing.function_process import FunctionProcess, bare_process, function_processes
from tests.benchmarks.filled_stores import fill_ledger, fill_people
from tests.benchmarks.first_request import embedded_ground
from tests.benchmarks.load import CLIENTS, Latencies, loaded
from tests.journeys.served import ServedProduct

REQUESTS = 480
MESSAGES = 60
TARGET_MS = 500
SIZES = ((1_000, 10_000), (100_000, 1_000_000))
QUESTIONS = {
    "FINANCE_CHART": "Show me the financials for Lane A in 2025",
    "CRM_CARD": "Look up person77@example.com",
    "SERVICE_BOARD": "Show me open repair orders",
}


def run(say: Callable[[str], None] = lambda _: None) -> list[dict[str, Any]]:
    """Rows `{measure, ours, baseline, baseline_name, ratio, notes}`, in milliseconds."""
    rows: list[dict[str, Any]] = []
    for people, ledger in SIZES:
        size = f"{people:,} people, {ledger:,} ledger rows"
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "data"
            folder.mkdir()
            say(f"warm: filling {size}")
            fill_people(folder, people)
            fill_ledger(folder, ledger)
            say(f"warm: {CLIENTS} clients, {size}")
            rows += _functions(folder, size)
            say(f"warm: message to plate, {size}")
            rows += _plates(folder, size)
    return rows


def _functions(folder: Path, size: str) -> list[dict[str, Any]]:
    manifests = {one.name: one for one in all_manifests() if one.name in ("crm_intake", "chat")}
    with embedded_ground(folder) as ground:
        headers = {"Authorization": f"Bearer {ground.user()}", "Content-Type": "application/json"}
        with _serving(manifests, ground.environment, folder) as (served, bare):
            asked = {
                "crm_intake": ("/api/crm/intake", _lead),
                "chat": ("/api/chat", lambda _: b'{"text": "Show me open repair orders"}'),
            }
            rows = []
            for name, (path, body) in asked.items():
                loaded(served[name].port, path, body, headers, requests=CLIENTS)
                theirs = loaded(bare.port, "/", body, headers, requests=REQUESTS)
                ours = loaded(served[name].port, path, body, headers, requests=REQUESTS)
                rows += _compared(f"{name}, {CLIENTS} clients, {size}", ours, theirs)
            return rows


@contextmanager
def _serving(
    manifests: Mapping[str, Manifest], environment: Mapping[str, str], folder: Path
) -> Iterator[tuple[dict[str, FunctionProcess], FunctionProcess]]:
    with (
        function_processes(manifests, environment, folder) as served,
        bare_process(environment, folder) as bare,
    ):
        yield served, bare


def _lead(number: int) -> bytes:
    """Every second lead is of somebody known."""
    unknown = uuid.uuid4().hex[:12]
    email = f"person{number}@example.com" if number % 2 else f"{unknown}@example.com"
    name = f"Mary Baba {unknown}" if number % 2 else f"Linda {unknown}"
    return json.dumps({"source": "WEB_LEAD", "email": email, "name": name}).encode()


def _compared(measure: str, ours: Latencies, theirs: Latencies) -> list[dict[str, Any]]:
    return [
        {
            "measure": f"{measure}, {name}, ms",
            "ours": round(mine, 1),
            "baseline": round(bare, 1),
            "baseline_name": "bare function, same server",
            "notes": f"{len(ours.ms)} requests; the bare function stores nothing",
        }
        for name, mine, bare in (("p50", ours.p50, theirs.p50), ("p95", ours.p95, theirs.p95))
    ]


def _plates(folder: Path, size: str) -> list[dict[str, Any]]:
    product = ServedProduct(folder)
    product.start()
    try:
        answer = httpx.post(f"{product.url}/local/login", json={"persona": "ceo"}, timeout=30)
        token = answer.raise_for_status().json()["token"]
        rows = []
        for plate, question in QUESTIONS.items():
            mounted(product.port, token, question, plate, 3)
            alone = mounted(product.port, token, question, plate, MESSAGES)
            rows.append(_plate_row(f"message to {plate}, {size}, p95, ms", alone, "one after the other"))
        rows.append(
            _plate_row(f"message to plate, 4 sockets, {size}, p95, ms", _together(product.port, token))
        )
        return rows
    finally:
        product.stop()


def _together(port: int, token: str) -> Latencies:
    with ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(mounted, port, token, QUESTIONS["SERVICE_BOARD"], "SERVICE_BOARD", 30) for _ in "1234"
        ]
        return Latencies(sorted(ms for one in asked for ms in one.result().ms))


def mounted(port: int, token: str, question: str, plate: str, messages: int) -> Latencies:
    """From sending over the socket until the plate is there; raises when another answer comes."""
    taken = []
    with connect(f"ws://127.0.0.1:{port}/ws/chat?token={token}") as socket:
        session: dict[str, str] = {}
        for _ in range(messages):
            began = time.perf_counter()
            socket.send(json.dumps({"text": question, **session}))
            frame = json.loads(socket.recv(timeout=60))
            taken.append((time.perf_counter() - began) * 1000)
            if frame.get("plate_id") != plate:
                raise RuntimeError(f"[{question}] was answered with {str(frame)[:300]}")
            session = {"session_id": frame["session_id"]}
    return Latencies(sorted(taken))


def _plate_row(measure: str, found: Latencies, how: str = "30 messages each, side by side") -> dict[str, Any]:
    return {
        "measure": measure,
        "ours": round(found.p95, 1),
        "baseline": TARGET_MS,
        "baseline_name": "target without a model call",
        "notes": f"p50 {found.p50:.1f} ms of {len(found.ms)}, {how}, over the socket",
    }
