"""What each level of agreement is called when a person reads it."""

from __future__ import annotations

_FIELDS = {
    "first_name": "first name",
    "last_name": "last name",
    "birth_date": "birth date",
    "email": "e-mail",
    "phone": "phone number",
    "street": "street address",
    "city": "city",
    "postal_code": "postal code",
    "vin": "vehicle",
    "national_id": "national id",
}
_LEVELS = {
    "exact": "is the same",
    "variant": "is a short form or another spelling",
    "close": "is nearly the same",
    "alike": "looks much the same and is another name",
    "swapped": "stands in the other name's place",
    "crossed": "stands in the other name's place on one side",
    "initial": "begins with the same letter and is only an initial",
    "same_year": "has only the year in common",
    "same_mailbox_name": "has the same name before the @ at another provider",
    "same_street": "is the same street with another house number",
    "same_number": "has only the house number in common",
    "different": "is different",
}


def words_for(field: str, level: str) -> str:
    if field == "prior":
        return "Two records picked at random are rarely one person."
    return f"The {_FIELDS[field]} {_LEVELS[level]}."
