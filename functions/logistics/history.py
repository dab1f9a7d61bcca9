"""The history of a trip: ten minutes a document, a position each five seconds, until it is purged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from shared.domain.trip.live import CHUNK_STEPS, chunk_path, history_collection, history_data
from shared.domain.trip.ping import Ping, milliseconds
from shared.domain.trip.track import Track
from shared.ports import Query
from shared.runtime.work import UnitOfWork


def add_to_history(work: UnitOfWork, trip_id: str, pings: Iterable[Ping]) -> None:
    """Joined with what stands there, so neither order nor repetition matters."""
    chunks: dict[str, dict[int, Ping]] = defaultdict(dict)
    for ping in pings:
        chunks[chunk_path(trip_id, ping)][ping.bucket] = ping
    for document, path in zip(work.get_many(list(chunks)), chunks, strict=True):
        known = Track.from_data(document.data) if document else Track()
        joined = known.joined(Track(chunks[path]))
        if joined.steps != known.steps:
            work.put(path, history_data(joined))


def forget_after(work: UnitOfWork, trip_id: str, live: Track, ended_at: datetime) -> None:
    """What a phone without reception sent late may show that the trip ended before what is kept already."""
    last_ms = milliseconds(ended_at) + live.ahead_ms
    chunk = Ping(last_ms, "", 0, 0, 0).bucket // CHUNK_STEPS
    for document in work.query(Query(history_collection(trip_id))):
        if int(document.id) < chunk:
            continue
        steps = {s: p for s, p in Track.from_data(document.data).steps.items() if p.at_ms <= last_ms}
        if steps:
            work.put(document.path, history_data(Track(steps)))
        else:
            work.delete(document.path)
