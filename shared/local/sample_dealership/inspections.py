"""What mechanics found on vehicles in the shop: flags to look at, and to make quotes of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.domain.progress import FINISHED_STATUSES

Row = dict[str, Any]

_FOUND: tuple[tuple[tuple[str, str | None, str, str], ...], ...] = (
    (
        ("brake_rotor", "front_left", "red", "metal on metal"),
        ("brake_pad", "rear", "yellow", "3 mm"),
        ("wiper", "front", "yellow", "streaking"),
        ("battery", "engine_bay", "green", "fine"),
    ),
    (
        ("tire", "rear_right", "red", "nail in the sidewall"),
        ("strut", "rear_left", "yellow", "leaking"),
        ("air_filter", "engine_bay", "yellow", "old or contaminated"),
    ),
    (("windshield", "front", "yellow", "chipped"), ("brake_fluid", "engine_bay", "yellow", "3 % moisture")),
)


@dataclass(frozen=True)
class SampleFlag:
    """`body` goes to `POST /api/twins/{vin}/flags`."""

    vin: str
    body: Row


def inspections(shop: Sequence[Row]) -> list[SampleFlag]:
    """Of the first vehicles a mechanic works on, one set each."""
    at_work = [row for row in shop if row["status"] not in FINISHED_STATUSES and row["status"] != "open"]
    vins = list(dict.fromkeys((row["vin"], row["ro_number"]) for row in at_work))
    return [
        SampleFlag(
            vin,
            {
                "component": component,
                "zone": zone,
                "severity": severity,
                "summary": summary,
                "repair_order": order,
            },
        )
        for (vin, order), found in zip(vins, _FOUND, strict=False)
        for component, zone, severity, summary in found
    ]
