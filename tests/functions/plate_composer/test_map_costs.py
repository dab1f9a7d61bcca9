"""The costs beside one vehicle are that vehicle's."""

from __future__ import annotations

from shared.testing.harness import Harness
from tests.functions.plate_composer.conftest import Asking, take_in

VIN, OTHER_VIN = "1HGCM82633A004352", "1M8GDM9AXKP042788"


def test_transport_costs_of_one_vehicle_are_its_own(harness: Harness) -> None:
    entry = {"occurred_on": "2026-03-02", "lane": "C", "category": "transport", "amount": "95.00"}
    take_in(
        harness,
        "ledger_entries",
        {**entry, "entry_id": "M-1", "vin": VIN},
        {**entry, "entry_id": "M-2", "vin": OTHER_VIN},
        {**entry, "entry_id": "M-3"},
    )
    march = {"start": "2026-03-01", "end": "2026-03-31"}
    asking = Asking(harness, "map-costs")
    one = asking.ask("LOGISTICS", vin=VIN.lower(), period=march)
    assert [row["id"] for row in one["details"]["transport_entries"]] == ["M-1"]
    assert len(asking.ask("LOGISTICS", period=march)["details"]["transport_entries"]) == 3
