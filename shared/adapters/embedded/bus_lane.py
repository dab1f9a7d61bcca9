"""The order in which one subscription's messages are delivered; in memory, rebuilt from the file."""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    seq: int
    key: str
    attempts: int = 0
    due: float = 0.0


class Lane:
    """First in, first out; a key's next message waits until the one before is done or given up."""

    def __init__(self) -> None:
        self._ready: deque[Item] = deque()
        self._later: list[tuple[float, int, Item]] = []
        self._behind: dict[str, deque[Item]] = {}
        self._in_flight = 0

    @property
    def busy(self) -> bool:
        return bool(self._ready or self._later or self._in_flight)

    def add(self, item: Item) -> None:
        if item.key and item.key in self._behind:
            self._behind[item.key].append(item)
            return
        if item.key:
            self._behind[item.key] = deque()
        self._queue(item)

    def next_seq(self, now: float) -> int | None:
        """The sequence number of the next due item, None when nothing is due."""
        while self._later and self._later[0][0] <= now:
            self._ready.append(heapq.heappop(self._later)[2])
        return self._ready[0].seq if self._ready else None

    def next_due(self) -> float | None:
        return self._later[0][0] if self._later else None

    def take(self) -> Item:
        self._in_flight += 1
        return self._ready.popleft()

    def done(self, item: Item) -> None:
        """Acknowledged or buried: the key's next message may go."""
        self._in_flight -= 1
        if not item.key:
            return
        behind = self._behind[item.key]
        if behind:
            self._queue(behind.popleft())
        else:
            del self._behind[item.key]

    def again(self, item: Item) -> None:
        self._in_flight -= 1
        self._queue(item)

    def _queue(self, item: Item) -> None:
        if item.due:
            heapq.heappush(self._later, (item.due, item.seq, item))
        else:
            self._ready.append(item)
