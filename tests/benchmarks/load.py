"""Requests from many clients at once, each over its own open connection."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

CLIENTS = 16

Body = Callable[[int], bytes]


@dataclass(frozen=True)
class Latencies:
    """Milliseconds, in order of size."""

    ms: Sequence[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.ms)

    @property
    def p95(self) -> float:
        return self.ms[max(0, -(-95 * len(self.ms) // 100) - 1)]


def loaded(
    port: int, path: str, body: Body, headers: Mapping[str, str], *, requests: int, clients: int = CLIENTS
) -> Latencies:
    """`body(n)` is the n-th request's. Raises `RuntimeError` with the first answer of 300 or above."""
    taken: list[float] = []
    failed: list[str] = []
    numbers = iter(range(requests))
    lock = threading.Lock()

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while not failed:
            with lock:
                number = next(numbers, None)
            if number is None:
                break
            took, said = _asked(connection, path, body(number), headers)
            taken.append(took)
            failed.extend(said)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"[POST {path}] {failed[0]}")
    return Latencies(sorted(taken))


def _asked(
    connection: http.client.HTTPConnection, path: str, body: bytes, headers: Mapping[str, str]
) -> tuple[float, list[str]]:
    began = time.perf_counter()
    connection.request("POST", path, body, dict(headers))
    answer = connection.getresponse()
    content = answer.read()
    took = (time.perf_counter() - began) * 1000
    return took, [f"answered {answer.status}: {content[:300]!r}"] if answer.status >= 300 else []
