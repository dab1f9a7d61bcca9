"""Where positions are kept: a few small documents a trip, each written at most every other second.

Firestore takes about one write a second of one document in the long run. A driver's phone may send one a
second and more, so the newest positions of a trip lie in `LANES` documents in turn, by the second they came
in; whoever reads joins them, which costs one batched read. What leaves the window goes to the history,
ten minutes a document, twice a minute. Nobody writes a document that two trips share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from shared.domain.trip.ping import Ping
from shared.domain.trip.track import Track, join
from shared.domain.trip.trip import trip_path
from shared.ports import Document

LANES = 2
CHUNK_STEPS = 120
"""Ten minutes of history a document: an eight-hour trip has forty-eight."""


class Reads(Protocol):
    def get_many(self, paths: Sequence[str]) -> list[Document | None]: ...


def live_collection(trip_id: str) -> str:
    return f"{trip_path(trip_id)}/live"


def history_collection(trip_id: str) -> str:
    return f"{trip_path(trip_id)}/history"


def lane_path(trip_id: str, lane: int) -> str:
    return f"{live_collection(trip_id)}/{lane}"


def lane_of(now: datetime) -> int:
    return int(now.timestamp()) % LANES


def lane_paths(trip_id: str) -> list[str]:
    return [lane_path(trip_id, lane) for lane in range(LANES)]


def chunk_path(trip_id: str, ping: Ping) -> str:
    return f"{history_collection(trip_id)}/{ping.bucket // CHUNK_STEPS:09d}"


def read_lanes(documents: Iterable[Document | None]) -> list[Track]:
    return [Track.from_data(document.data) if document else Track() for document in documents]


def live_tracks(reads: Reads, trip_ids: Sequence[str]) -> list[Track]:
    """The live track of each trip, in the order asked for; one round trip."""
    found = read_lanes(reads.get_many([path for trip_id in trip_ids for path in lane_paths(trip_id)]))
    return [join(found[place : place + LANES]) for place in range(0, len(found), LANES)]


def history_data(track: Track) -> dict[str, Any]:
    """A history document holds the positions alone."""
    return {"pings": track.to_data()["pings"]}
