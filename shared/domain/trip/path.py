"""Which of the positions are to be believed: nobody drives faster than a car."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.domain.place import meters_between
from shared.domain.trip.ping import Ping

FASTEST_MPS = 60.0
"""134 miles an hour."""
SLACK_M = 250.0
"""Two phones' worth of error among buildings."""
AGREEING = 3
"""So many positions in a row that fit each other are believed, however far from the last: then it was the
last that was wrong, or the phone was off on a ferry."""
OBSERVED_S = 30.0


@dataclass(frozen=True)
class Path:
    """`believed` in the order of time; `jumps` do not fit. `speed_mps` along the believed ones, None for
    less than half a minute of them."""

    believed: tuple[Ping, ...]
    jumps: tuple[Ping, ...]

    @property
    def speed_mps(self) -> float | None:
        if len(self.believed) < 2:
            return None
        seconds = (self.believed[-1].at_ms - self.believed[0].at_ms) / 1000
        if seconds < OBSERVED_S:
            return None
        return sum(meters_between(a.place, b.place) for a, b in pairwise(self.believed)) / seconds


def path_of(pings: Sequence[Ping]) -> Path:
    """`pings` in the order of their time. A function of them alone, so the same however they came."""
    believed: list[Ping] = []
    jumps: list[Ping] = []
    doubtful: list[Ping] = []
    for ping in pings:
        if not believed or _reaches(believed[-1], ping):
            believed.append(ping)
            jumps += doubtful
            doubtful = []
            continue
        if doubtful and not _reaches(doubtful[-1], ping):
            jumps += doubtful
            doubtful = []
        doubtful.append(ping)
        if len(doubtful) == AGREEING:
            # A new stretch begins: a speed across the gap would be nonsense.
            believed, doubtful = doubtful, []
    return Path(tuple(believed), tuple(jumps + doubtful))


def _reaches(one: Ping, other: Ping) -> bool:
    seconds = (other.at_ms - one.at_ms) / 1000
    return meters_between(one.place, other.place) <= seconds * FASTEST_MPS + SLACK_M
