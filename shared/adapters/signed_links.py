"""Uuids that carry their own signature, for links that people hold."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Mapping

from shared.errors import Misconfigured

_NAME_BITS, _TAG_BITS = 62, 60

PAGES: Mapping[str, str] = {"quote": "/quote/", "track": "/track/", "alert": "/alert/"}
"""Where a person opens a link of each kind."""


class HmacLinks:
    """A link is a UUID of version 8 (RFC 9562): 62 bits that name it and 60 bits of HMAC-SHA-256 over them.

    `keys` are separated by white space: the first signs, all verify, so a key is replaced without a gap.
    """

    def __init__(self, *, keys: str, base_url: str) -> None:
        self._keys = [key.encode() for key in keys.split()]
        if not self._keys:
            raise Misconfigured("Secret [link_signing_key] is empty")
        self._base_url = base_url.rstrip("/")

    def sign(self, name: str) -> str:
        bits = _bits(self._keys[0], f"name|{name}".encode(), _NAME_BITS)
        return str(_joined(bits, _tag(self._keys[0], bits)))

    def holds(self, link: str) -> bool:
        try:
            value = uuid.UUID(link)
        except ValueError:
            return False
        if str(value) != link:
            return False
        name = (value.int >> 80 << 14) | (value.int >> 64 & 0xFFF) << 2 | (value.int >> 60 & 0x3)
        found = value.int & (1 << _TAG_BITS) - 1
        same = [hmac.compare_digest(_as_bytes(found), _as_bytes(_tag(key, name))) for key in self._keys]
        return value.version == 8 and any(same)

    def url(self, kind: str, link: str) -> str:
        return f"{self._base_url}{PAGES[kind]}{link}"


def _joined(name: int, tag: int) -> uuid.UUID:
    """48 bits | version | 12 bits | variant | 2 bits, and the 60 of the tag."""
    high, middle, low = name >> 14, name >> 2 & 0xFFF, name & 0x3
    return uuid.UUID(int=high << 80 | 0x8 << 76 | middle << 64 | 0b10 << 62 | low << 60 | tag)


def _tag(key: bytes, name: int) -> int:
    return _bits(key, b"tag|" + _as_bytes(name), _TAG_BITS)


def _bits(key: bytes, message: bytes, count: int) -> int:
    return int.from_bytes(hmac.new(key, message, hashlib.sha256).digest(), "big") >> (256 - count)


def _as_bytes(value: int) -> bytes:
    return value.to_bytes(8, "big")
