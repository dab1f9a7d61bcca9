"""Cold start: process start → first answer, and memory, beside a bare function with the same Google clients.

Both are served by the same command, functions-framework with gunicorn, bytecode compiled, A and B in turns.
The bare function imports the official client of each Google service that ours touches in its first request.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from shared.manifest import ROOT, Manifest, all_manifests
from shared.testing.emulators import find_emulators, firestore_emulator, free_port, pubsub_emulator
from shared.testing.function_process import command
from shared.testing.local_cloud import local_cloud
from tests.benchmarks.first_request import FirstRequest, Ground, embedded_ground, google_ground
from tests.benchmarks.process_memory import proportional_mib

RUNS = 7
GIVE_UP_S = 60.0

CLIENTS: Mapping[str, str] = {
    "documents": "from google.cloud import firestore",
    "bus": "from google.cloud import pubsub_v1",
    "bus_operations": "from google.cloud import pubsub_v1",
    "warehouse": "from google.cloud import bigquery",
    "blobs": "from google.cloud import storage",
    "models": "from google import genai",
    "tokens": "from google.oauth2 import id_token",
}
"""What a plain function would import for the same services."""

PLAIN_CLIENTS = (CLIENTS["documents"], CLIENTS["bus"], CLIENTS["tokens"])

BARE = """
{imports}
def {name}(request):
    return "hello"
"""

PLAIN = """
import os
{imports}
from google.auth.transport.requests import Request

PROJECT = os.environ["GOOGLE_CLOUD_PROJECT"]
KEYS = os.environ["COS_GOOGLE_KEYS_URL"]
AUDIENCES = [PROJECT, os.environ["COS_SERVICE_AUDIENCE"]]

def {name}(request):
    token = request.headers["Authorization"].split()[1]
    id_token.verify_token(token, Request(), audience=AUDIENCES, certs_url=KEYS, clock_skew_in_seconds=10)
    store = firestore.Client(project=PROJECT)
    store.document("plain/a").get()
    batch = store.batch()
    for name in "abc":
        batch.set(store.document("plain/" + name), {{"text": "hello"}})
    batch.commit()
    publisher = pubsub_v1.PublisherClient()
    publisher.publish(publisher.topic_path(PROJECT, "audit-recorded"), b"{{}}").result()
    return "done"
"""
"""A plain function that checks the caller, reads, commits and publishes once, by the official clients."""


@dataclass(frozen=True)
class Start:
    """Milliseconds from process start to the first 200, and the memory then, in MiB."""

    ms: float
    mib: float


def run(say: Callable[[str], None] = lambda _: None) -> list[dict[str, Any]]:
    """Rows `{measure, ours, baseline, baseline_name, ratio, notes}`; times in ms, memory in MiB."""
    functions = [one for one in all_manifests() if one.kind in ("http", "event", "schedule")]
    rows = []
    with tempfile.TemporaryDirectory(prefix="cold-start-") as name:
        folder = Path(name)
        with embedded_ground(folder / "embedded") as ground:
            rows += _profile("embedded", functions, ground, folder, say)
        if missing := find_emulators().missing:
            say(f"google profile not measured: {', '.join(missing)}")
            return rows
        with _cloud(folder / "cloud") as ground:
            rows += _profile("google", functions, ground, folder, say)
    return rows


@contextmanager
def _cloud(folder: Path) -> Iterator[Ground]:
    folder.mkdir()
    with ExitStack() as stack:
        firestore, pubsub = (stack.enter_context(one()) for one in (firestore_emulator, pubsub_emulator))
        cloud = local_cloud(folder, firestore_host=firestore.host, pubsub_host=pubsub.host)
        yield stack.enter_context(google_ground(stack.enter_context(cloud)))


def _profile(
    profile: str, functions: Sequence[Manifest], ground: Ground, folder: Path, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    rows = []
    for manifest in functions:
        say(f"cold start of {manifest.name}, {profile} profile")
        rows += _function(profile, manifest, ground, folder)
    return rows


def _function(profile: str, manifest: Manifest, ground: Ground, folder: Path) -> list[dict[str, Any]]:
    google = profile == "google"
    clients = sorted({CLIENTS[port] for port in manifest.ports if port in CLIENTS}) if google else []
    bare = _written(BARE, manifest, clients, folder)
    ready = FirstRequest("GET", "/_ready")
    ours = command(manifest, 0)
    kinds: dict[str, Callable[[], Start]] = {
        "bare": lambda: _start(bare, ground.environment, FirstRequest("GET", "/")),
        "ready": lambda: _start(ours, ground.environment, ready),
        "first": lambda: _start(ours, ground.environment, ground.first_request(manifest)),
    }
    if google:
        plain = _written(PLAIN, manifest, sorted({*clients, *PLAIN_CLIENTS}), folder)
        kinds["plain"] = lambda: _start(
            plain, ground.environment, replace(ground.first_request(manifest), method="POST", path="/")
        )
    return _rows(f"{manifest.name}, {profile}", clients, _taken(kinds))


def _taken(kinds: Mapping[str, Callable[[], Start]]) -> dict[str, list[Start]]:
    for start in kinds.values():
        start()  # compiles the bytecode and warms the file cache
    seen: dict[str, list[Start]] = {kind: [] for kind in kinds}
    for _ in range(RUNS):
        for kind, start in kinds.items():
            seen[kind].append(start())
    return seen


def _rows(label: str, clients: Sequence[str], seen: Mapping[str, Sequence[Start]]) -> list[dict[str, Any]]:
    name = (
        f"bare function with {', '.join(one.split()[-1] for one in clients)}" if clients else "bare function"
    )
    rows = []
    for kind, words in (("ready", "ready"), ("first", "first request served")):
        rows.append(_row(f"cold start to {words}, {label}, ms", seen[kind], seen["bare"], name, "ms"))
        rows.append(_row(f"memory at {words}, {label}, MiB", seen[kind], seen["bare"], name, "mib"))
    if plain := seen.get("plain"):
        doing = "plain function that checks the caller, reads, commits, publishes"
        rows.append(
            _row(f"cold start to first request served, {label}, ms", seen["first"], plain, doing, "ms")
        )
        rows.append(_row(f"memory at first request served, {label}, MiB", seen["first"], plain, doing, "mib"))
    return rows


def _row(measure: str, ours: Sequence[Start], bare: Sequence[Start], name: str, value: str) -> dict[str, Any]:
    mine, theirs = ([getattr(start, value) for start in starts] for starts in (ours, bare))
    found, base = statistics.median(mine), statistics.median(theirs)
    return {
        "measure": measure,
        "ours": round(found),
        "baseline": round(base),
        "baseline_name": name,
        "ratio": round(found / base, 2),
        "notes": f"median of {len(mine)}; ours {_range(mine)}, theirs {_range(theirs)}",
    }


def _range(values: Sequence[float]) -> str:
    return f"{min(values):.0f}-{max(values):.0f}"


def _written(text: str, manifest: Manifest, clients: Sequence[str], folder: Path) -> list[str]:
    """The command that serves it as ours is served."""
    source = folder / f"{manifest.name}_{'plain' if text is PLAIN else 'bare'}_{len(clients)}.py"
    source.write_text(text.format(imports="\n".join(clients), name=manifest.name))
    own = command(manifest, 0)
    own[own.index("--source") + 1] = str(source)
    return own


def _start(program: Sequence[str], environment: Mapping[str, str], request: FirstRequest) -> Start:
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [*program[:-1], str(port)],
        env=dict(environment),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not request.succeeds(port):
            if process.poll() is not None or time.perf_counter() - began > GIVE_UP_S:
                raise RuntimeError(f"[{' '.join(program)}] never answered [{request.path}] with 200")
            time.sleep(0.002)
        return Start((time.perf_counter() - began) * 1000, proportional_mib(process.pid))
    finally:
        process.terminate()
        process.wait(timeout=20)


if __name__ == "__main__":
    for found in run(lambda text: print(text, file=sys.stderr)):
        print(found)
