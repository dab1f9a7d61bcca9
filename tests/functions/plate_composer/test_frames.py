"""What a screen needs beside the rows: the meaning of every column, and what one may ask next."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from functions.plate_composer.follow_ups import follow_ups, follow_ups_by_plate
from functions.plate_composer.plate_kinds import kinds_by_intent, plate_kinds
from shared.brain.minilm import SentenceEncoder
from shared.brain.route_message.embedded import route_embedded
from shared.brain.route_message.models import RouteInput
from shared.testing.harness import Harness, model_folder
from tests.functions.plate_composer.conftest import Asking, take_in

UNITS = {"", "USD", "date", "time", "share", "ms", "seconds", "hours", "miles", "days"}
INTENTS = [kind.intent for kind in plate_kinds()]


@pytest.fixture(scope="module")
def asking(harness: Harness) -> Asking:
    entry = {
        "entry_id": "E-1",
        "occurred_on": "2026-03-02",
        "lane": "C",
        "category": "transport",
        "amount": "9",
    }
    take_in(harness, "ledger_entries", entry)
    named = {"customer_name": "Ann Lee", "customer_email": "ann@example.com"}
    deal = {"deal_number": "D-1", "stage": "new", "opened_on": "2026-03-02", "amount": "20000"}
    take_in(harness, "deals", deal | named)
    order = {"ro_number": "RO-1", "opened_at": "2026-03-02T15:00:00Z", "vin": "1HGCM82633A004352"}
    take_in(harness, "repair_orders", order | named)
    visit = {"appointment_number": "P-1", "starts_at": "2026-03-02T15:00:00Z", "kind": "service"}
    take_in(harness, "appointments", visit | named)
    return Asking(harness, "frames")


PERIOD = {"start": "2026-03-01", "end": "2026-03-31"}
ASKED: dict[str, dict[str, Any]] = {
    "FINANCE": {"period": PERIOD},
    "SERVICE": {"period": PERIOD},
    "CRM": {"email": "ann@example.com"},
    "LOGISTICS": {"period": PERIOD},
    "SYSTEM_HEALTH": {},
}


@pytest.mark.parametrize("intent", ASKED)
def test_every_list_beside_the_rows_says_what_its_columns_mean(asking: Asking, intent: str) -> None:
    frame = asking.ask(intent, **ASKED[intent])
    assert frame["details"] and frame["detail_columns"].keys() == frame["details"].keys()
    assert any(frame["details"].values())
    for name, rows in frame["details"].items():
        columns = frame["detail_columns"][name]
        assert columns and all(column["label"] and column["unit"] in UNITS for column in columns)
        for row in rows:
            assert {column["name"] for column in columns} <= row.keys(), name


def test_money_in_a_list_is_told_as_money(asking: Asking) -> None:
    frame = asking.ask("FINANCE", period=PERIOD, direction="expense")
    units = {column["name"]: column["unit"] for column in frame["detail_columns"]["by_lane"]}
    assert units == {"part": "", "expense": "USD", "entry_count": ""}


@pytest.mark.parametrize("intent", INTENTS)
def test_every_plate_says_what_one_may_ask_next(asking: Asking, intent: str) -> None:
    assert 2 <= len(asking.ask(intent)["follow_ups"]) <= 3


def test_nobody_is_offered_what_they_may_not_see_or_have_just_said() -> None:
    transport = "What did we spend on transport last month?"
    said = follow_ups("LOGISTICS_MAP", {}, said="", roles=("ceo",))
    assert transport in said
    assert transport not in follow_ups("LOGISTICS_MAP", {}, said="", roles=("driver",))
    assert said[0] not in follow_ups("LOGISTICS_MAP", {}, said=said[0], roles=("ceo",))


def test_a_list_of_deals_has_questions_of_its_own(asking: Asking) -> None:
    assert "What deals closed this month?" in asking.ask("CRM", subject="deals")["follow_ups"]


def test_what_a_plate_shows_is_not_offered_again(asking: Asking) -> None:
    offered = asking.ask("CRM", subject="deals", stage="stalled")["follow_ups"]
    assert "Which deals are stalled?" not in offered and len(offered) == 3


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder(model_folder())


SAID = sorted({(one.say, one.intent) for part in follow_ups_by_plate().values() for one in part})


@pytest.mark.parametrize(("say", "intent"), SAID)
def test_a_question_that_is_offered_is_understood(encoder: SentenceEncoder, say: str, intent: str) -> None:
    routing = route_embedded(RouteInput(text=say, today=date(2026, 11, 20)), encoder)
    assert (routing.intent, routing.question) == (intent, None)


@pytest.mark.parametrize("role", ["ceo", "advisor", "sales", "mechanic", "driver", "operator"])
def test_every_role_is_offered_something_on_every_plate_it_may_see(role: str) -> None:
    for kind in kinds_by_intent().values():
        if kind.is_for((role,)):
            assert follow_ups(kind.plate_id, {}, said="", roles=(role,)), kind.plate_id
