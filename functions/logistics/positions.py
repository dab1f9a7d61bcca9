"""Positions come in: each goes to its trip, or nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from functions.logistics.position_rows import PositionRows
from functions.logistics.report import Verdict
from functions.logistics.row_reading import RowProblemError, TakenRow, read_row
from functions.logistics.trip_positions import Live, keep
from functions.logistics.written_times import clockwork
from shared.domain.trip.live import lane_of, lane_paths, read_lanes
from shared.domain.trip.ping import Ping
from shared.domain.trip.trip import Trip, driver_path, trip_path
from shared.runtime.work import UnitOfWork


@dataclass(frozen=True)
class Lined:
    """A readable row and its place in the batch."""

    line: int
    row: TakenRow


def take_in(work: UnitOfWork, rows: PositionRows) -> list[Verdict]:
    """What became of each row. All trips of the batch are written in one commit, the newest position of each
    in a small document of its own; the trip's own document is only read."""
    clock = clockwork(locale=rows.locale, zone_name=rows.time_zone, own_zone=lambda: work.tenant.zone)
    readable: list[Lined] = []
    verdicts: list[Verdict] = []
    for line, raw in enumerate(rows.rows, start=1):
        try:
            readable.append(Lined(line, read_row(raw, received_at=work.now, clockwork=clock)))
        except RowProblemError as problem:
            verdicts.append(Verdict(line, "refused", problem.field, str(problem)))
    groups = _by_trip(work, readable)
    verdicts += _without_trip(groups.pop("", []))
    for (trip_id, group), live in zip(groups.items(), _read(work, list(groups)), strict=True):
        verdicts += _keep(work, live, group) if live else _of_no_trip(trip_id, group)
    return verdicts


def _read(work: UnitOfWork, trip_ids: Sequence[str]) -> Iterator[Live | None]:
    """All trips of the batch in one round trip."""
    paths = [(trip_path(trip_id), *lane_paths(trip_id)) for trip_id in trip_ids]
    found = iter(work.get_many([path for of_trip in paths for path in of_trip]))
    for of_trip in paths:
        known, *lanes = (next(found) for _ in of_trip)
        yield Live(Trip.from_data(known.data), read_lanes(lanes), lane_of(work.now)) if known else None


def _by_trip(work: UnitOfWork, rows: Sequence[Lined]) -> dict[str, list[Lined]]:
    """Rows without a trip belong to the one their driver is on; of nobody's trip under ''."""
    drivers = sorted({one.row.driver_id for one in rows if not one.row.trip_id})
    found = work.get_many([driver_path(driver) for driver in drivers])
    trips = {d: str(p.data["trip_id"]) for d, p in zip(drivers, found, strict=True) if p}
    groups: dict[str, list[Lined]] = defaultdict(list)
    for one in rows:
        groups[one.row.trip_id or trips.get(one.row.driver_id, "")].append(one)
    return groups


def _without_trip(group: Sequence[Lined]) -> Iterator[Verdict]:
    for one in group:
        message = f"[{one.row.driver_id}] has no trip under way; nothing is kept outside of a trip"
        yield Verdict(one.line, "outside", "driver_id", message, one.row.ping.key)


def _of_no_trip(trip_id: str, group: Sequence[Lined]) -> Iterator[Verdict]:
    for one in group:
        yield Verdict(one.line, "refused", "trip_id", f"there is no trip [{trip_id}]", one.row.ping.key)


def _keep(work: UnitOfWork, live: Live, group: Sequence[Lined]) -> Iterator[Verdict]:
    told = keep(work, live, [one.row for one in group])
    first: dict[Ping, int] = {}
    for one in group:
        outcome, message = told[one.row.ping]
        if first.setdefault(one.row.ping, one.line) != one.line and outcome == "kept":
            outcome = "unchanged"
        yield Verdict(one.line, outcome, "at" if message else "", message, one.row.ping.key)
