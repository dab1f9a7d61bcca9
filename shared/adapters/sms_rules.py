"""What a text message must be before any provider sees it."""

from __future__ import annotations

import re

from shared.errors import InvalidInput, InvalidNumber
from shared.ports import Sms

MAX_CHARACTERS = 1_600
"""Twilio's limit of one message, in ten segments."""

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def check_sms(sms: Sms) -> None:
    """Raises `InvalidNumber`, or `InvalidInput` for an empty or overlong text."""
    if not _E164.fullmatch(sms.to):
        raise InvalidNumber(f"Number [{sms.to}] is not E.164, e.g. +13125550100")
    if not sms.body.strip():
        raise InvalidInput(f"Text to [{sms.to}] is empty")
    if len(sms.body) > MAX_CHARACTERS:
        raise InvalidInput(f"Text has [{len(sms.body)}] characters; at most [{MAX_CHARACTERS}]")
