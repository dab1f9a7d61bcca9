"""One of several processes whose threads all raise the same counter: `python -m tests.stress.contender`.

Prints one JSON object: how often it was raised, what got out of the units of work, the milliseconds of each.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.adapters.google.documents import FirestoreDocuments
from shared.adapters.system import RandomIds, SystemClock
from shared.errors import CosError
from shared.manifest import ROOT
from shared.platform import Platform
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork
from shared.settings import load

COUNTER = "counters/hot"


def raise_counter(platform: Platform) -> None:
    cause = Cause(uuid.uuid4().hex, "contender", "t1", "c")

    def work(unit: UnitOfWork) -> None:
        found = unit.get(COUNTER)
        unit.put(COUNTER, {"n": (found.data["n"] if found else 0) + 1})

    run_unit(platform, cause, work)


def platform_of(project: str, host: str) -> Platform:
    return Platform(
        load({}),
        {
            "documents": lambda _: FirestoreDocuments(project=project, emulator_host=host),
            "clock": lambda _: SystemClock(),
            "ids": lambda _: RandomIds(),
        },
    )


def contend(platform: Platform, *, threads: int, times: int) -> dict[str, Any]:
    def one(_: int) -> tuple[float, str]:
        began = time.perf_counter()
        try:
            raise_counter(platform)
        except CosError as error:
            return 0.0, type(error).__name__
        return (time.perf_counter() - began) * 1000, ""

    with ThreadPoolExecutor(threads) as pool:
        ended = list(pool.map(one, range(threads * times)))
    return {
        "raised": sum(1 for _, error in ended if not error),
        "errors": [error for _, error in ended if error],
        "ms": [took for took, error in ended if not error],
    }


def contend_side_by_side(
    project: str, host: str, *, processes: int, threads: int, times: int
) -> list[dict[str, Any]]:
    """What each process printed; they begin together, once all of them have connected."""
    command = [sys.executable, "-m", "tests.stress.contender", project, host, str(threads), str(times)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True)
        for _ in range(processes)
    ]
    for one in started:
        assert one.stdout and one.stdout.readline() == "ready\n"
    said = [_released(one) for one in started]
    return [json.loads(one.communicate(timeout=120)[0]) for one in said]


def _released(one: subprocess.Popen[str]) -> subprocess.Popen[str]:
    assert one.stdin
    one.stdin.write("go\n")
    one.stdin.flush()
    return one


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("project")
    parser.add_argument("host")
    parser.add_argument("threads", type=int)
    parser.add_argument("times", type=int)
    asked = parser.parse_args(arguments)
    platform = platform_of(asked.project, asked.host)
    platform.documents.get(f"tenants/t1/{COUNTER}")
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(contend(platform, threads=asked.threads, times=asked.times)), flush=True)
    platform.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
