"""A provider on loopback that has a bad day: slow, turned away, broken inside, babbling or hanging up."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from shared.testing.fault_proxy import FaultProxy, fault_proxy
from shared.testing.http_stub import Reply, Request, serve

BABBLE = {
    "broken JSON": b'{"candidates": [{"con',
    "no JSON": b"<html>busy</html>",
    "a list": b"[1]",
    "empty": b"{}",
}
KINDS = ("slow", "429", "500", "503", "reset", *BABBLE)
SLOW_S = 3.0


@dataclass
class BadDay:
    kind: str
    wire: FaultProxy | None = None
    asked: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> Reply:
        self.asked.append(request)
        headers = {"Content-Type": "application/json"}
        if self.kind == "slow":
            time.sleep(SLOW_S)
        elif self.kind == "reset" and self.wire:
            self.wire.reset()
        elif self.kind.isdigit():
            error = {"code": int(self.kind), "message": "bad day", "status": "X", "errors": []}
            return Reply(int(self.kind), json.dumps({"error": error}).encode(), headers)
        return Reply(200, BABBLE.get(self.kind, b"{}"), headers)


@contextmanager
def bad_day(kind: str) -> Iterator[tuple[str, BadDay]]:
    """Yields its URL too."""
    day = BadDay(kind)
    with serve(day.answer) as url, fault_proxy(url.removeprefix("http://")) as wire:
        day.wire = wire
        yield f"http://{wire.host}", day
