"""What a message names says what it is about: a repair order number means the workshop."""

from __future__ import annotations

from typing import Any

from shared.brain.route_message.entities.identifiers import find_identifiers
from shared.brain.route_message.entities.ledger_words import LANE_LETTER
from shared.brain.route_message.entities.money import find_days_in_stock, find_mileage
from shared.brain.route_message.entities.person_names import find_person
from shared.brain.route_message.intents import INTENTS, Intent

SPEAKS_FOR = {
    "ro_number": Intent.SERVICE,
    "stock_number": Intent.INVENTORY,
    "mileage": Intent.INVENTORY,
    "days_in_stock": Intent.INVENTORY,
    "phone": Intent.CRM,
    "email": Intent.CRM,
    "deal_number": Intent.CRM,
    "person": Intent.CRM,
    "trip_number": Intent.LOGISTICS,
    "lane": Intent.FINANCE,
}


def named_intents(text: str) -> set[Intent]:
    found: dict[str, Any] = dict(find_identifiers(text))
    found |= {"mileage": find_mileage(text), "days_in_stock": find_days_in_stock(text)}
    found |= {"person": find_person(text, cued=False), "lane": LANE_LETTER.search(text)}
    return {SPEAKS_FOR[name] for name, value in found.items() if value and name in SPEAKS_FOR}


def evidence(text: str) -> Any:
    """1 for each intent that something in the text speaks for, else 0: float [7]."""
    import numpy as np

    named = named_intents(text)
    return np.array([float(intent in named) for intent in INTENTS], dtype=np.float32)
