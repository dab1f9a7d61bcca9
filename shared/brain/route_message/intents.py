"""What a message can be about."""

from __future__ import annotations

from enum import StrEnum


class Intent(StrEnum):
    FINANCE = "FINANCE"
    INVENTORY = "INVENTORY"
    SERVICE = "SERVICE"
    CRM = "CRM"
    LOGISTICS = "LOGISTICS"
    SYSTEM_HEALTH = "SYSTEM_HEALTH"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"


INTENTS = tuple(Intent)
IN_SCOPE = tuple(intent for intent in INTENTS if intent is not Intent.OUT_OF_SCOPE)

CHOICE_WORDING = {
    Intent.FINANCE: "the money figures",
    Intent.INVENTORY: "the vehicles in stock",
    Intent.SERVICE: "the workshop",
    Intent.CRM: "a customer or lead",
    Intent.LOGISTICS: "deliveries and drivers",
    Intent.SYSTEM_HEALTH: "the health of this system",
}
"""How a question names an intent to a person."""
