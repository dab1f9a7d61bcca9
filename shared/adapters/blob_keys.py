"""What a blob's key may look like: the same in a folder and in a bucket."""

from __future__ import annotations

import re

from shared.errors import InvalidInput

_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
MAX_KEY = 900


def check_key(key: str) -> None:
    """Raises `InvalidInput`. A segment never starts with a dot, so no key leaves its folder."""
    if len(key) > MAX_KEY or not all(map(_SEGMENT.fullmatch, key.split("/"))):
        raise InvalidInput(
            f"Blob key [{key[:200]}] is not segments of letters, digits, [._-] joined by [/], "
            f"at most [{MAX_KEY}] characters in all and [200] each"
        )


def check_piece(offset: int, content: bytes, size: int) -> None:
    """Raises `InvalidInput` for a piece of a file of `size` bytes that is not of it."""
    if offset < 0 or offset + len(content) > size:
        raise InvalidInput(
            f"[{len(content)}] bytes at [{offset}] are not of a file of [{size}] bytes; begin an upload with "
            "its true size"
        )
