"""Phone numbers as E.164."""

from __future__ import annotations


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
    if not phonenumbers.is_valid_number(number):
        raise ValueError(f"[{text[:40]}] is not a number of any phone plan")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
