"""Phone numbers as E.164."""

from __future__ import annotations

from typing import Any


def parse_phone(text: str, *, region: str = "US") -> str:
    """The number as E.164, e.g. `+13125550142`; without a country code it is one of `region`.

    Raises `ValueError` for what is no number anybody could be reached at.
    """
    # The number plans take 30 ms to import, and most rows of most kinds have no phone.
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"a phone number such as +13125550142 is expected, not [{text[:40]}]") from error
    if not phonenumbers.is_valid_number(number) and not _is_fictional(number):
        raise ValueError(f"[{text[:40]}] is not a number of any phone plan")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _is_fictional(number: Any) -> bool:
    """The area code 555 is nobody's: sample data and examples use it, and no text ever reaches it."""
    return bool(number.country_code == 1 and 5_550_000_000 <= number.national_number <= 5_559_999_999)
