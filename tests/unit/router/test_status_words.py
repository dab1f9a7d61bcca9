from __future__ import annotations

import pytest

from shared.brain.route_message.intents import Intent
from shared.brain.route_message.status_words import find_status
from shared.domain.repair_order import RepairOrder
from shared.domain.vehicle import Vehicle


@pytest.mark.parametrize(
    ("intent", "text", "status"),
    [
        (Intent.SERVICE, "which cars are waiting on parts", "waiting_parts"),
        (Intent.SERVICE, "list jobs waiting for customer approval", "waiting_approval"),
        (Intent.SERVICE, "any vehicles ready for pickup", "done"),
        (Intent.SERVICE, "closed repair orders last week", "closed"),
        (Intent.SERVICE, "jobs done today", "done"),
        (Intent.SERVICE, "repair orders closed this week", "closed"),
        (Intent.SERVICE, "everything finished this week", "closed"),
        (Intent.SERVICE, "what did the shop finish yesterday", "closed"),
        (Intent.INVENTORY, "sold trucks in October", "sold"),
        (Intent.INVENTORY, "how many cars did we sell last month", "sold"),
        (Intent.INVENTORY, "which hondas sold in march", "sold"),
        (Intent.INVENTORY, "which vehicles are sold but not delivered yet", "sold"),
        (Intent.INVENTORY, "what is in transit", "in_transit"),
        (Intent.INVENTORY, "how many units are in recon", "in_service"),
        (Intent.INVENTORY, "show available rentals suvs and sedans", "rental"),
    ],
)
def test_a_set_of_records_is_asked_for_by_its_state(intent: Intent, text: str, status: str) -> None:
    assert find_status(text, intent=intent) == {"status": status}
    field = (RepairOrder if intent is Intent.SERVICE else Vehicle).model_fields["status"]
    assert status in str(field.annotation), "as the records write it"


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        (Intent.INVENTORY, "is the green wrangler sold yet"),
        (Intent.SERVICE, "is the camry ready for pickup"),
        (Intent.INVENTORY, "which hondas do we have in stock"),
        (Intent.INVENTORY, "what sold best"),
        (Intent.SERVICE, "show me open repair orders"),
        (Intent.FINANCE, "cost of cars in transit"),
        (Intent.SERVICE, "is the camry late"),
        (Intent.SERVICE, "when will the gasket be done"),
        (Intent.SERVICE, "did we finish the transmission job"),
        (Intent.SERVICE, "appointments late this afternoon"),
        (Intent.SERVICE, "the car behind the shop"),
        (Intent.INVENTORY, "did we sell the blue civic"),
        (Intent.INVENTORY, "cars not sold"),
    ],
)
def test_a_question_about_one_record_or_another_subject_is_not_narrowed(intent: Intent, text: str) -> None:
    assert find_status(text, intent=intent) == {}


@pytest.mark.parametrize(
    "text", ["how many are overdue", "what's late in the shop", "is anything late", "jobs behind schedule"]
)
def test_work_past_its_promised_time_is_late(text: str) -> None:
    assert find_status(text, intent=Intent.SERVICE) == {"status": "late"}
