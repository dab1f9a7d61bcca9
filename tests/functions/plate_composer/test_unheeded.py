"""No filter that was said is dropped in silence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.plate_composer.asked import Asked
from functions.plate_composer.main import COMPOSERS
from functions.plate_composer.plate_kinds import PlateKind, plate_kinds
from functions.plate_composer.unheeded import unheeded
from shared.testing.harness import Harness
from tests.functions.plate_composer.conftest import Asking

AMOUNT = {"op": "<", "value": 5000, "currency": "USD"}
PERIOD = {"start": "2026-03-01", "end": "2026-03-31", "label": "march"}


def asked(entities: dict[str, Any]) -> Asked:
    return Asked(entities, ("ceo",), datetime(2026, 3, 2, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    ("entities", "note"),
    [
        ({}, ""),
        ({"lane": "A"}, ""),
        ({"person": "Maria"}, "Not narrowed by: person Maria."),
        ({"person": {"name": "Maria"}}, "Not narrowed by: person Maria."),
        ({"vehicle": {"make": "Honda", "colour": "red"}}, "Not narrowed by: colour red."),
        ({"amount": AMOUNT}, "Not narrowed by: amount to 5,000."),
        ({"period": PERIOD}, "Not narrowed by: period march (2026-03-01 to 2026-03-31)."),
        ({"also_said": "black, Tundras"}, "Not narrowed by: black, Tundras."),
        ({"mood": ["x"], "ro_number": "7"}, "Not narrowed by: mood, ro number 7."),
    ],
)
def test_what_a_plate_does_not_heed_is_named(entities: dict[str, Any], note: str) -> None:
    assert unheeded(asked(entities), {"lane", "vehicle.make"}) == note


def test_the_note_is_on_the_plate(harness: Harness) -> None:
    frame = Asking(harness, "unheeded").ask("SYSTEM_HEALTH", person="Maria", period=PERIOD)
    assert frame["note"].endswith("Not narrowed by: person Maria.")


class Read(dict[str, Any]):
    """Tells which keys were looked at."""

    def __init__(self, *args: Any, path: str = "", seen: set[str]) -> None:
        super().__init__(*args)
        self._path, self._seen = path, seen

    def get(self, key: str, default: Any = None) -> Any:
        self._seen.add(self._path + key)
        value = super().get(key, default)
        return Read(value, path=f"{key}.", seen=self._seen) if isinstance(value, dict) else value


DECLARED = [(kind, name) for kind in plate_kinds() for name in sorted(kind.narrows_by)]


@pytest.mark.parametrize(("kind", "name"), DECLARED, ids=lambda value: getattr(value, "plate_id", value))
def test_a_plate_reads_every_entity_it_says_it_is_narrowed_by(
    harness: Harness, kind: PlateKind, name: str
) -> None:
    whole, _, part = name.partition(".")
    values: dict[str, Any] = {"period": PERIOD, "amount": AMOUNT, "mileage": AMOUNT, "days_in_stock": AMOUNT}
    seen: set[str] = set()
    said = Read(
        {whole: {part: 2021 if "year" in part else "x"} if part else values.get(name, "X")}, seen=seen
    )
    COMPOSERS[kind.plate_id](asked(said), harness.tenant())
    assert name in seen
