"""What is known to be wrong, or right, with a vehicle: one flag a component and place.

`twin_flags/{flag_id}` is the truth; `vehicles/{vin}.digital_twin_flags` is its summary, whose every change is
a row of the vehicle's digital twin. Whoever changes a flag writes it with `keep`, so that both stay in step.
`twins/{vin}` has the summary also of a vehicle that nobody recorded yet.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from shared.domain.components import catalogue
from shared.domain.vehicle import Vehicle, twin_row
from shared.events.base import EVENT_NAMESPACE
from shared.events.media import TwinFlagged
from shared.events.records import VehicleRecorded
from shared.ports import Data, Query
from shared.runtime.work import UnitOfWork

COLLECTION = "twin_flags"

OPEN_STATES = frozenset({"open", "needs_review", "quoted", "approved", "declined", "deferred"})
"""The vehicle still has it; `repaired` and `dismissed` are over."""

MOST_FLAGS = 300
MOST_HISTORY = 50

FlagState = Literal[
    "open", "needs_review", "quoted", "approved", "declined", "deferred", "repaired", "dismissed"
]


def flag_path(flag_id: str) -> str:
    return f"{COLLECTION}/{flag_id}"


def twin_path(vin: str) -> str:
    return f"twins/{vin}"


def new_flag_id(vin: str, component: str, zone: str, *, since: str) -> str:
    """The same component, place and first media give the same flag, however often they are read."""
    return uuid.uuid5(EVENT_NAMESPACE, f"{vin}|{component}|{zone}|{since}").hex


def flags_of(work: UnitOfWork, vin: str) -> list[dict[str, Any]]:
    """Every flag of the vehicle as this work leaves it, also what was repaired or dismissed.

    Whoever writes flags after it writes `twins/{vin}` too, so two that found the same at once meet there.
    """
    work.get(twin_path(vin))
    found = work.query(Query(COLLECTION, (("vin", "==", vin),), limit=MOST_FLAGS))
    written = work.pending
    after = (written[flag.path].data if flag.path in written else flag.data for flag in found)
    return [dict(data) for data in after if data is not None]


def set_states(
    work: UnitOfWork, states: Mapping[str, FlagState], *, by: str, reason: str = ""
) -> list[dict[str, Any]]:
    """Moves flags to another state, with history and the vehicles' summaries; answers the flags as they are
    then. `by` is the actor, e.g. `quotes/q1`. One that is in the state already stays as it is.

    Raises `NotFound` naming a flag that is not there.
    """
    moved: dict[str, list[dict[str, Any]]] = {}
    found = [dict(work.require(flag_path(flag_id)).data) for flag_id in states]
    for flag in found:
        if flag["state"] != states[flag["flag_id"]]:
            flag["state"] = states[flag["flag_id"]]
            noted(flag, {"state": flag["state"], "by": by, "reason": reason}, work)
            moved.setdefault(flag["vin"], []).append(flag)
    for vin, changed in moved.items():
        write(work, vin, changed, flags_of(work, vin))
    return found


def noted(flag: dict[str, Any], entry: Data, work: UnitOfWork) -> None:
    """Adds to the flag's history; the oldest entries but the first go beyond `MOST_HISTORY`."""
    history = [*flag.get("history", ()), {**entry, "at": work.now}]
    if len(history) > MOST_HISTORY:
        history = [history[0], *history[-MOST_HISTORY + 1 :]]
    flag.update(history=history, updated_at=work.now)


def keep(
    work: UnitOfWork, vin: str, changed: Sequence[Data], every: Iterable[Data], *, media_id: str = ""
) -> None:
    """Writes the changed flags with the vehicle's summary, and tells it.

    `every` are all flags of the vehicle as they are now, the changed ones among them or not.
    """
    if not changed:
        return
    write(work, vin, changed, every)
    work.emit(
        TwinFlagged(
            vin=vin,
            flag_ids=tuple(sorted(str(flag["flag_id"]) for flag in changed)),
            repair_order=next((flag["repair_order"] for flag in changed if flag.get("repair_order")), None),
            reds=sum(flag["severity"] == "red" and flag["state"] in OPEN_STATES for flag in changed),
            needs_review=sum(flag["state"] == "needs_review" for flag in changed),
            media_id=media_id,
        )
    )


def write(work: UnitOfWork, vin: str, changed: Sequence[Data], every: Iterable[Data]) -> None:
    """The changed flags, the vehicle's summary and its row. Without a record of it the flags stand by
    themselves until somebody records it."""
    after = {str(flag["flag_id"]): flag for flag in [*every, *changed]}
    for flag in changed:
        work.put(flag_path(str(flag["flag_id"])), flag)
    flags = summary(after.values())
    work.put(twin_path(vin), {"vin": vin, "digital_twin_flags": flags, "updated_at": work.now})
    vehicle = work.get(f"{Vehicle.collection}/{vin}")
    if vehicle is not None:
        document = {**vehicle.data, "digital_twin_flags": flags, "recorded_at": work.now}
        work.put(vehicle.path, document)
        work.emit(VehicleRecorded.model_validate(twin_row(document, recorded_at=work.now)))


def summary(flags: Iterable[Data]) -> list[dict[str, Any]]:
    """Open flags as the twin's row and the plates show them, worst first."""
    order = {"red": 0, "yellow": 1, "green": 2}
    still_open = [flag for flag in flags if flag["state"] in OPEN_STATES]
    shown = [_summary_of(flag) for flag in still_open]
    return sorted(shown, key=lambda one: (order[one["severity"]], one["area"], one["flag_id"]))


def _summary_of(flag: Data) -> dict[str, Any]:
    return {
        "flag_id": flag["flag_id"],
        "area": area(flag),
        "severity": flag["severity"],
        "finding": flag["summary"],
        "component": flag["component"],
        "zone": flag["zone"],
        "state": flag["state"],
        "pre_existing": flag["pre_existing"],
    }


def area(flag: Mapping[str, Any]) -> str:
    """Component and place as a person reads them: `Brake rotor, front left`."""
    known = catalogue()
    component, zone = known.components.get(flag["component"]), flag.get("zone")
    # A component that left the list since keeps its flags.
    title = component.title if component else str(flag["component"]).replace("_", " ").capitalize()
    return f"{title}, {known.zones[zone]}" if zone else title
