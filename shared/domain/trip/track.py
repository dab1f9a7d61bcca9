"""What is known of a way: positions of any order, sent any number of times, always give the same track.

Every field is joined by an operation whose order does not matter and whose repetition changes nothing (the
greatest of each five seconds, a union, a least, a greatest), so the track is a function of the set of
positions alone. Several documents of one trip are joined the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from shared.domain.place import meters_between
from shared.domain.trip.ping import BUCKET_MS, Ping, milliseconds, moment, read_ping
from shared.port_types import Place

WINDOW = 18
"""Five-second steps a live document holds: what speed and plausibility are judged by. It is rewritten with
every position, so it stays around a kilobyte: half the pages of the store that three would take."""
SPARE = 6
"""Steps gathered above the window before they go to the history together: twice a minute, not once a step."""
ARRIVAL_M = 150.0
"""A car park's length, and more than a phone errs by."""
DWELL = timedelta(seconds=90)
"""Longer than a red light or a drive past."""
MOST_INSIDE = 60
"""Steps near the destination that are remembered: five minutes."""


@dataclass(frozen=True)
class Eta:
    """When the vehicle should be there, estimated at `computed_at`. `meters` is the way left then."""

    computed_at: datetime
    arrives_at: datetime
    meters: float
    source: str


@dataclass(frozen=True)
class Track:
    """`steps`: five-second step → the last position in it. `inside`: steps near the destination, `left_at`
    the first that was not. `ahead_ms`: how far the phone's clock was seen to be ahead of ours."""

    steps: Mapping[int, Ping] = field(default_factory=dict)
    inside: frozenset[int] = frozenset()
    left_at: int | None = None
    ahead_ms: int = 0
    eta: Eta | None = None

    def joined(self, other: Track) -> Track:
        steps = dict(self.steps)
        for step, ping in other.steps.items():
            known = steps.get(step)
            steps[step] = ping if known is None else max(known, ping)
        lefts = [at for at in (self.left_at, other.left_at) if at is not None]
        return Track(
            steps,
            self.inside | other.inside,
            min(lefts, default=None),
            max(self.ahead_ms, other.ahead_ms),
            max((eta for eta in (self.eta, other.eta) if eta), key=_eta_order, default=None),
        )

    def within(self, started_at: datetime, ended_at: datetime | None) -> Track:
        """Without what was taken before or after the trip, by our clock."""
        first = milliseconds(started_at) + self.ahead_ms
        last = None if ended_at is None else milliseconds(ended_at) + self.ahead_ms
        kept = {s: p for s, p in self.steps.items() if p.at_ms >= first and (last is None or p.at_ms <= last)}
        inside = frozenset(s for s in self.inside if s >= first // BUCKET_MS)
        return replace(self, steps=kept, inside=inside)

    def newest(self, count: int = WINDOW) -> list[Ping]:
        """The last positions in the order of their time."""
        return [self.steps[step] for step in sorted(self.steps)[-count:]]

    def split(self) -> tuple[Track, list[Ping]]:
        """The live part, and what goes to the history once enough has gathered."""
        if len(self.steps) <= WINDOW + SPARE:
            return self, []
        order = sorted(self.steps)
        live = {step: self.steps[step] for step in order[-WINDOW:]}
        return replace(self, steps=live), [self.steps[step] for step in order[:-WINDOW]]

    @property
    def arrived_at(self) -> datetime | None:
        """The end of the five seconds in which it had been at the destination for `DWELL`, by our clock.

        Only after it was seen elsewhere: a trip may begin where it ends. More positions can only make it
        earlier, never take it back.
        """
        if self.left_at is None:
            return None
        there = sorted(step for step in self.inside if step >= self.left_at)
        enough = [s for s in there if (s - there[0]) * BUCKET_MS >= DWELL // timedelta(milliseconds=1)]
        return moment((enough[0] + 1) * BUCKET_MS - 1 - self.ahead_ms) if enough else None

    def true_time(self, ping: Ping) -> datetime:
        """When it was taken, by our clock."""
        return moment(ping.at_ms - self.ahead_ms)

    def to_data(self) -> dict[str, Any]:
        return {
            "pings": [self.steps[step].line() for step in sorted(self.steps)],
            "inside": sorted(self.inside)[-MOST_INSIDE:],
            "left_at": self.left_at,
            "ahead_ms": self.ahead_ms,
            "eta": None if self.eta is None else dict(vars(self.eta)),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Track:
        pings = [read_ping(line) for line in data["pings"]]
        return Track(
            {ping.bucket: ping for ping in pings},
            frozenset(data.get("inside", ())),
            data.get("left_at"),
            data.get("ahead_ms", 0),
            Eta(**data["eta"]) if data.get("eta") else None,
        )


def track_of(ping: Ping, *, received_at: datetime, destination: Place | None) -> Track:
    """The track of one position, received by us at `received_at`."""
    is_inside = destination is not None and meters_between(ping.place, destination) <= ARRIVAL_M
    return Track(
        {ping.bucket: ping},
        frozenset({ping.bucket}) if is_inside else frozenset(),
        None if is_inside or destination is None else ping.bucket,
        max(0, ping.at_ms - milliseconds(received_at)),
    )


def join(tracks: Iterable[Track]) -> Track:
    return reduce(Track.joined, tracks, Track())


def _eta_order(eta: Eta) -> tuple[datetime, datetime, float, str]:
    return eta.computed_at, eta.arrives_at, eta.meters, eta.source
