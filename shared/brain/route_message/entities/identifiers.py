"""Numbers that name one record: VIN, stock, repair order and deal numbers, phone, e-mail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

from shared.domain.phone import parse_phone
from shared.domain.vin import parse_vin

VIN = re.compile(r"\b(?=[A-Z]*\d)[A-HJ-NPR-Z0-9]{17}\b", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w+])\+?(?:\d[\s().-]{0,2}){9,14}\d\b|\(\d{3}\)\s?\d{3}[\s.-]?\d{4}\b")
CODE = r"(?:(?:number|numbers|no\.?|num|nr\.?)\b|#)?\s*[:#]?\s*(?P<code>[a-z]{0,3}-?\d[\w-]*)\b"
FEWEST_DIGITS_OF_A_VIN = 4
WRITTEN = {
    # As the records write them; people also leave out all but the digits, see RECORDS.
    "ro_number": re.compile(r"(?<![\w-])RO-\d[\w-]*", re.IGNORECASE),
    "deal_number": re.compile(r"(?<![\w-])D-\d{2,}[\w-]*", re.IGNORECASE),
    # One or two letters and four to six digits: no model year ("FY2026") and no truck ("C1500").
    "stock_number": re.compile(
        r"(?<![\w@.#-])(?!(?:ro|[fcm]y|q)\d|[a-z]{1,2}[123]500\b)[a-z]{1,2}\d{4,6}(?![\w@-]|\.\w)",
        re.IGNORECASE,
    ),
}
RECORDS = {
    "ro_number": re.compile(
        rf"\b(?:repair orders?|work orders?|ros?)\b\s*{CODE}|\bro(?P<joined>\d{{2,}})\b", re.IGNORECASE
    ),
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


def find_vin_text(text: str) -> str | None:
    """A token meant as a VIN whose check digit does not hold, in upper case; none beside a right one."""
    if find_vin(text):
        return None
    tokens = (match.group().upper() for match in VIN.finditer(EMAIL.sub(" ", text)))
    return next((token for token in tokens if sum(map(str.isdigit, token)) >= FEWEST_DIGITS_OF_A_VIN), None)


def find_record(name: str, text: str) -> str | None:
    """The first number of this kind, as it was written, in upper case."""
    written = WRITTEN[name].search(text) if name in WRITTEN and name != "stock_number" else None
    if written:
        return written.group().upper()
    match = RECORDS[name].search(text)
    code = (match["code"] or match.groupdict().get("joined") or "") if match else ""
    return code.upper() if code and not code.lower().endswith(("k", "th")) else None


def find_bare_stock_number(text: str, found: Mapping[str, str | None]) -> str | None:
    """N20003 by itself, unless it was read as another number already."""
    match = WRITTEN["stock_number"].search(EMAIL.sub(" ", text))
    number = match.group().upper() if match else None
    return None if number in found.values() else number


def other_numbers(text: str, found: Mapping[str, str]) -> list[str]:
    """Numbers of further records, of which only the first of a kind is an entity."""
    plain = EMAIL.sub(" ", text)
    said = [m.group().upper() for p in (*WRITTEN.values(), VIN) for m in p.finditer(plain)]
    known = {number for name, number in found.items() if name in (*RECORDS, "vin", "vin_text")}
    kinds = [number for number in dict.fromkeys(said) if number not in known]
    return [number for number in kinds if not VIN.fullmatch(number) or find_vin(number)]


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
        "vin_text": find_vin_text(text),
        "phone": find_phone(text),
        "email": email.group().lower() if email else None,
    }
    found |= {name: find_record(name, text) for name in RECORDS}
    found["stock_number"] = found["stock_number"] or find_bare_stock_number(text, found)
    return {name: value for name, value in found.items() if value}
