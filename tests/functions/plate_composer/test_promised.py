"""A time said of open repair orders is that of their promise, unless the message says otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from shared.testing.harness import Harness
from tests.functions.plate_composer.conftest import Asking, take_in

MARCH_3 = {"start": "2026-03-03", "end": "2026-03-03", "label": "march 3"}


@pytest.fixture(scope="module")
def asking(harness: Harness) -> Asking:
    order = {"vin": "1HGCM82633A004352", "customer_name": "Ann Lee", "opened_at": "2026-03-01T15:00:00Z"}
    take_in(
        harness,
        "repair_orders",
        # In the dealership's zone this is still the evening of March 3.
        {**order, "ro_number": "RO-1", "promised_at": "2026-03-04T01:00:00Z"},
        {
            **order,
            "ro_number": "RO-2",
            "promised_at": "2026-03-09T15:00:00Z",
            "opened_at": "2026-03-03T15:00:00Z",
        },
        {**order, "ro_number": "RO-3", "promised_at": "2126-03-09T15:00:00Z"},
        {**order, "ro_number": "RO-4"},
    )
    return Asking(harness, "promised")


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ({}, ["RO-1"]),
        ({"date_of": "opened"}, ["RO-2"]),
        ({"subject": "shop"}, ["RO-1", "RO-2", "RO-3", "RO-4"]),
        ({"subject": "appointments"}, ["RO-1", "RO-2", "RO-3", "RO-4"]),
        ({"status": "late"}, ["RO-1"]),
    ],
)
def test_open_orders_are_narrowed_to_the_period(asking: Asking, said: dict[str, Any], ids: list[str]) -> None:
    frame = asking.ask("SERVICE", period=MARCH_3, **said)
    assert [row["id"] for row in frame["dataset"]] == ids


def test_the_title_says_which_day_and_the_note_what_else_is_open(asking: Asking) -> None:
    frame = asking.ask("SERVICE", period=MARCH_3)
    assert frame["title"] == "Repair orders open, promised march 3 (2026-03-03)"
    assert frame["note"] == "It is late. 3 more are open, 1 of them late."
    nothing = asking.ask("SERVICE", period={"start": "2026-05-01", "end": "2026-05-02"})
    assert nothing["note"].endswith("there are none. 4 more are open, 2 of them late.")
