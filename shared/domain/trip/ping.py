"""One position a driver's phone sent, and how it is kept: a line of text, some twenty of them a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from shared.port_types import Place

BUCKET_MS = 5_000
"""Of the positions of five seconds the last is kept: enough for a map, and less of somebody's way."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Ping:
    """`at_ms` is the phone's own clock, milliseconds since 1970. A row is known by key and time, so an app
    that keeps one row a driver and changes it sends a new position each time; of the versions of one the
    highest holds. The fields' order is the order that decides between two of the same five seconds."""

    at_ms: int
    key: str
    version: int
    latitude: float
    longitude: float

    @cached_property
    def place(self) -> Place:
        return Place(self.latitude, self.longitude)

    @property
    def at(self) -> datetime:
        return moment(self.at_ms)

    @property
    def bucket(self) -> int:
        return self.at_ms // BUCKET_MS

    def line(self) -> str:
        return f"{self.at_ms} {self.version} {self.latitude:.6f} {self.longitude:.6f} {self.key}"


def read_ping(line: str) -> Ping:
    at_ms, version, latitude, longitude, key = line.split(" ", 4)
    return Ping(int(at_ms), key, int(version), float(latitude), float(longitude))


def milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def moment(at_ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=at_ms)
