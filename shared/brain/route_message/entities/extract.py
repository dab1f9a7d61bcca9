"""Everything a message names, by kind; a kind that is not named is not in the answer."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from shared.brain.route_message.entities.identifiers import EMAIL, find_identifiers, other_numbers
from shared.brain.route_message.entities.ledger_words import (
    find_bare_lanes,
    find_lane,
    find_lanes,
    find_ledger_words,
)
from shared.brain.route_message.entities.money import find_amount, find_days_in_stock, find_mileage
from shared.brain.route_message.entities.periods import find_period
from shared.brain.route_message.entities.person_names import find_person
from shared.brain.route_message.entities.vehicle_words import find_vehicle, other_vehicles
from shared.brain.route_message.intents import Intent

LOOKS_AHEAD = {Intent.SERVICE, Intent.LOGISTICS}
ABOUT_VEHICLES = {Intent.INVENTORY, Intent.SERVICE, Intent.LOGISTICS, Intent.CRM}
PICK_UP = re.compile(r"\bpick-?ups?\b", re.IGNORECASE)
ABOUT_PEOPLE = {Intent.CRM, Intent.SERVICE, Intent.LOGISTICS}


def find_entities(text: str, *, intent: Intent, today: date) -> dict[str, Any]:
    """Keys: `lane, category, direction, period, amount, mileage, days_in_stock, vehicle, person, vin, phone,
    email, ro_number, stock_number, deal_number, trip_number, vin_text, also_said`.

    The intent decides what a word can mean: "parts" is a category of the books in a money question only.
    `vin_text` is what was meant as a VIN and is none. `also_said` names, in words, what stands beside the
    first of its kind ("white or black"): no record is narrowed by it, and a plate can say so.
    `today` is the day in the person's time zone.
    """
    found: dict[str, Any] = find_ledger_words(text) if intent is Intent.FINANCE else lane_only(text)
    found |= find_identifiers(text)
    plain = without_identifiers(text, found)
    period = find_period(plain, today=today, ahead=intent in LOOKS_AHEAD)
    if period:
        found["period"] = period.as_entity()
    found |= described(plain, intent)
    found["also_said"] = ", ".join(also_said(text, plain, found, intent))
    return {name: value for name, value in found.items() if value}


def also_said(text: str, plain: str, found: dict[str, Any], intent: Intent) -> list[str]:
    numbers = other_numbers(text, found)
    lanes = () if found.get("lane") else find_lanes(text)
    if intent is Intent.FINANCE and not (lanes or found.get("lane") or found.get("category")):
        lanes = find_bare_lanes(text)
    vehicles = other_vehicles(without_words(plain, found.get("person"))) if found.get("vehicle") else []
    return [*numbers, *(f"lane {lane}" for lane in lanes), *vehicles]


def lane_only(text: str) -> dict[str, Any]:
    return {"lane": find_lane(text)}


def described(text: str, intent: Intent) -> dict[str, Any]:
    """What is told by description: amounts, the vehicle, the person."""
    found: dict[str, Any] = {"amount": find_amount(text)}
    if intent is Intent.INVENTORY:
        found |= {"mileage": find_mileage(text), "days_in_stock": find_days_in_stock(text)}
    if intent in ABOUT_PEOPLE:
        found["person"] = find_person(text, cued=intent is Intent.CRM)
    if intent in ABOUT_VEHICLES:
        found["vehicle"] = vehicle_apart_from(text, found.get("person"), is_stock=intent is Intent.INVENTORY)
    return found


def vehicle_apart_from(text: str, person: str | None, *, is_stock: bool) -> dict[str, Any]:
    """Karen White is no white car; and "the truck" is one of ours only where stock is asked for."""
    text = without_words(text, person)
    # Only among the vehicles for sale is a pickup a truck; elsewhere somebody picks something up.
    vehicle = find_vehicle(text if is_stock else PICK_UP.sub(" ", text))
    return vehicle if is_stock or vehicle.keys() & {"make", "colour"} else {}


def without_words(text: str, words: str | None) -> str:
    for word in (words or "").split():
        text = re.sub(rf"\b{re.escape(word)}\b", " ", text, flags=re.IGNORECASE)
    return text


def without_identifiers(text: str, found: dict[str, Any]) -> str:
    """The digits of a VIN, a phone or a repair order must not be read again as a year or an amount."""
    plain = EMAIL.sub(" ", text)
    for name in ("vin", "vin_text", "ro_number", "stock_number", "deal_number", "trip_number"):
        if name in found:
            plain = re.sub(re.escape(str(found[name])), " ", plain, flags=re.IGNORECASE)
    if "phone" in found:
        plain = re.sub(r"\+?\(?\d[\d\s().-]{8,}\d", " ", plain)
    return plain
