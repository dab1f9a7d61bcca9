"""Cold start: process start → ready, and → the first real request served, with the memory then.

Ours and each baseline are served by the same command (functions-framework with gunicorn; uvicorn for the
socket), bytecode compiled, with the libraries that ship and no others, in turns. Times are the least of the
runs: what else the machine does only ever adds. Each row says what it is compared with: a bare function that
imports the official client of each Google service of ours (in both profiles; in the embedded one, which needs
none, also without them); the same with one pydantic model; and for the first request in the google profile a
plain function that makes the same calls.
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
from functools import partial
from pathlib import Path
from typing import Any

from shared.manifest import ROOT, Manifest, all_manifests
from shared.testing.emulators import find_emulators, firestore_emulator, free_port, pubsub_emulator
from shared.testing.function_process import command
from shared.testing.local_cloud import local_cloud
from tests.benchmarks.cold_start_baselines import Baseline, bare, clients_of, typed, working
from tests.benchmarks.first_request import FirstRequest, Ground, Request, embedded_ground, google_ground
from tests.benchmarks.process_memory import proportional_mib
from tests.benchmarks.shipped_libraries import only_shipped

RUNS = 7
GIVE_UP_S = 60.0


@dataclass(frozen=True)
class Start:
    """Milliseconds from process start to the first 200, and the memory then, in MiB."""

    ms: float
    mib: float


def run(say: Callable[[str], None] = lambda _: None) -> list[dict[str, Any]]:
    """Rows `{measure, ours, baseline, baseline_name, ratio, notes}`; times in ms, memory in MiB."""
    functions = [one for one in all_manifests() if one.kind != "job"]
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
    all_clients = clients_of(manifest)
    clients = all_clients if profile == "google" else []
    against = [one(manifest, folder, clients) for one in (bare, typed)]
    if profile == "embedded":  # it needs no client; the same function on Google's services would
        against.append(bare(manifest, folder, all_clients))
    hello = FirstRequest("GET", "/")
    environment = only_shipped(ground.environment, folder)
    ours = command(manifest, 0)

    def first() -> Request:
        return ground.first_request(manifest)

    kinds: dict[str, Callable[[], Start]] = {
        "ready": lambda: _start(ours, environment, FirstRequest("GET", "/_ready")),
        "first": lambda: _start(ours, environment, first()),
        **{one.name: partial(_start, one.program, environment, hello) for one in against},
    }
    plain = working(manifest, folder, clients) if profile == "google" or manifest.kind == "service" else None
    if plain:
        kinds[plain.name] = lambda: _start(plain.program, environment, _to_root(first()))
    label, seen = f"{manifest.name}, {profile}", _taken(kinds)
    compared = [("ready", one) for one in against] + [("first", one) for one in (*against, plain) if one]
    return [row for kind, one in compared for row in _rows(label, kind, one, seen)]


def _to_root(request: Request) -> Request:
    """As a plain function takes it, which has one address."""
    return replace(request, method="POST", path="/") if isinstance(request, FirstRequest) else request


def _taken(kinds: Mapping[str, Callable[[], Start]]) -> dict[str, list[Start]]:
    for start in kinds.values():
        start()  # compiles the bytecode and warms the file cache
    seen: dict[str, list[Start]] = {kind: [] for kind in kinds}
    for _ in range(RUNS):
        for kind, start in kinds.items():
            seen[kind].append(start())
    return seen


def _rows(
    label: str, kind: str, baseline: Baseline, seen: Mapping[str, Sequence[Start]]
) -> list[dict[str, Any]]:
    words = {"ready": "ready", "first": "first request served"}[kind]
    ours, theirs = seen[kind], seen[baseline.name]
    return [
        _row(f"cold start to {words}, {label}, ms", ours, theirs, baseline, "ms"),
        _row(f"memory at {words}, {label}, MiB", ours, theirs, baseline, "mib"),
    ]


def _row(
    measure: str, ours: Sequence[Start], others: Sequence[Start], baseline: Baseline, value: str
) -> dict[str, Any]:
    mine, theirs = ([getattr(start, value) for start in starts] for starts in (ours, others))
    found, base = min(mine), min(theirs)
    return {
        "measure": measure,
        "ours": round(found),
        "baseline": round(base),
        "baseline_name": baseline.name,
        "ratio": round(found / base, 2),
        "notes": f"{baseline.tells}; least of {len(mine)}; ours {_spread(mine)}, theirs {_spread(theirs)}",
    }


def _spread(values: Sequence[float]) -> str:
    return f"median {statistics.median(values):.0f}, up to {max(values):.0f}"


def _start(program: Sequence[str], environment: Mapping[str, str], request: Request) -> Start:
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
                raise RuntimeError(f"[{' '.join(program)}] never answered [{request.path}]")
            time.sleep(0.002)
        return Start((time.perf_counter() - began) * 1000, proportional_mib(process.pid))
    finally:
        process.terminate()
        process.wait(timeout=20)


if __name__ == "__main__":
    for found in run(lambda text: print(text, file=sys.stderr)):
        print(found)
