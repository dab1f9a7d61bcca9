"""Maps without a map."""

from __future__ import annotations

from shared.domain.travel import straight_drive
from shared.port_types import Drive, Place


class GreatCircleMaps:
    """The great circle, the usual detour of roads and the speed that was observed."""

    def drive(self, start: Place, end: Place, *, observed_mps: float | None = None) -> Drive:
        return straight_drive(start, end, observed_mps=observed_mps)
