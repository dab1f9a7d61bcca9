"""How long a drive takes when nobody who knows the roads can be asked."""

from __future__ import annotations

from shared.domain.place import meters_between
from shared.errors import CosError
from shared.observability import log
from shared.port_types import Drive, Place
from shared.ports import Maps

ROAD_FACTOR = 1.417
"""Road distance by straight line: the mean over 66,000 drives in the United States (Boscoe, Henry and Zdeb,
"A Nationwide Comparison of Driving Distance Versus Straight-Line Distance to Hospitals", 2012)."""

USUAL_MPS = 13.4
"""30 miles an hour: an urban drive before anything was observed."""
SLOWEST_MPS, FASTEST_MPS = 3.0, 33.5
"""Standing at a light is no reason to promise tomorrow, a stretch of motorway none to promise a race."""


def straight_drive(start: Place, end: Place, *, observed_mps: float | None = None) -> Drive:
    """Great circle × road factor at the observed speed, held within sensible bounds."""
    meters = meters_between(start, end) * ROAD_FACTOR
    speed = USUAL_MPS if observed_mps is None else min(FASTEST_MPS, max(SLOWEST_MPS, observed_mps))
    return Drive(meters, meters / speed, "great_circle")


def drive(maps: Maps, start: Place, end: Place, *, observed_mps: float | None = None) -> Drive:
    """What the maps say; the straight estimate when they do not answer: a position never waits for an ETA."""
    try:
        return maps.drive(start, end, observed_mps=observed_mps)
    except CosError as error:
        log("WARNING", "the maps did not answer, the way is estimated", error=type(error).__name__)
        return straight_drive(start, end, observed_mps=observed_mps)
