"""Whatever a router says was meant, the person gets an answer."""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.brain.route_message.intents import INTENTS
from shared.testing.harness import Harness
from tests.functions.plate_composer.conftest import Asking

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
    st.sampled_from(
        ["A", "2026-03-01", "0000-00-00", "1HGCM82633A004352", "../persons/x", "sold", "'; DROP TABLE"]
    ),
)
PARTS = st.sampled_from(
    [
        "start",
        "end",
        "label",
        "op",
        "value",
        "upper",
        "make",
        "model",
        "year",
        "colour",
        "name",
        "email",
        "person_id",
    ]
)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(PARTS, SCALARS, max_size=5))
KEYS = st.sampled_from(
    [
        *(
            "lane",
            "category",
            "direction",
            "period",
            "amount",
            "mileage",
            "days_in_stock",
            "vehicle",
            "person",
        ),
        *("vin", "phone", "email", "ro_number", "stock_number", "deal_number", "trip_number", "status"),
    ]
)
NUMBERS = count()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(intent=st.sampled_from(INTENTS), entities=st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_entities_are_answered(harness: Harness, intent: str, entities: dict[str, Any]) -> None:
    asking = Asking(harness, f"any-{next(NUMBERS)}")
    assert asking.ask(str(intent), **entities)["type"] in ("MOUNT_PLATE", "ERROR")
