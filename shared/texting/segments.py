"""How long a text message is as networks count it."""

from __future__ import annotations

MAX_CHARACTERS = 1_600
"""The provider's limit of one message."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


def segments(body: str) -> int:
    """Parts the networks send it in (3GPP TS 23.038): of GSM-7 160 characters, or 153 each when there are
    several; with any other character UCS-2, 70 or 67 each. A character of the extension table counts twice,
    and one beyond the basic plane takes two units of UCS-2."""
    if all(char in _BASIC or char in _EXTENDED for char in body):
        return _parts(sum(2 if char in _EXTENDED else 1 for char in body), alone=160, each=153)
    return _parts(len(body.encode("utf-16-be")) // 2, alone=70, each=67)


def fitted(body: str, most: int = MAX_CHARACTERS) -> str:
    """The text, cut to `most` characters with an ellipsis where it is longer."""
    return body if len(body) <= most else f"{body[: most - 1].rstrip()}…"


def _parts(units: int, *, alone: int, each: int) -> int:
    return 1 if units <= alone else -(-units // each)
