"""Numbers that name one record: VIN, stock, repair order and deal numbers, phone, e-mail."""

from __future__ import annotations

import re
from contextlib import suppress

from shared.domain.phone import parse_phone
from shared.domain.vin import parse_vin

VIN = re.compile(r"\b[A-HJ-NPR-Z0-9]{17}\b", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w+])\+?(?:\d[\s().-]{0,2}){9,14}\d\b|\(\d{3}\)\s?\d{3}[\s.-]?\d{4}\b")
CODE = r"(?:(?:number|numbers|no\.?|num|nr\.?)\b|#)?\s*[:#]?\s*(?P<code>[a-z]{0,3}-?\d[\w-]*)\b"
RECORDS = {
    "ro_number": re.compile(rf"\b(?:repair orders?|work orders?|ros?)\b\s*{CODE}", re.IGNORECASE),
    "stock_number": re.compile(rf"\b(?:stock|stk|unit(?= [a-z]?\d{{3}}))\b\s*{CODE}", re.IGNORECASE),
    "deal_number": re.compile(rf"\bdeals?\b\s*{CODE}", re.IGNORECASE),
    "trip_number": re.compile(rf"\b(?:trips?|deliver(?:y|ies)|shipments?|loads?)\b\s*{CODE}", re.IGNORECASE),
}


def find_vin(text: str) -> str | None:
    """A VIN whose check digit holds, in upper case."""
    for match in VIN.finditer(text):
        # Seventeen characters with a wrong check digit are a typing mistake, not a vehicle.
        with suppress(ValueError):
            return parse_vin(match.group()).value
    return None


def find_phone(text: str) -> str | None:
    """The first reachable number, as E.164."""
    for match in PHONE.finditer(text):
        with suppress(ValueError):
            return parse_phone(match.group().strip())
    return None


def find_identifiers(text: str) -> dict[str, str]:
    email = EMAIL.search(text)
    found = {
        "vin": find_vin(text),
        "phone": find_phone(text),
        "email": email.group().lower() if email else None,
    }
    for name, pattern in RECORDS.items():
        match = pattern.search(text)
        found[name] = (
            match["code"].upper() if match and not match["code"].lower().endswith(("k", "th")) else None
        )
    return {name: value for name, value in found.items() if value}
