"""Google's public signing keys, kept as long as their answer says."""

from __future__ import annotations

import json
import re
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

import jwt

from shared.errors import Unauthenticated, Unavailable

UNSAID_S = 300.0
"""How long keys are kept when the answer does not say."""

ASK_AGAIN_S = 30.0
"""A token may name any key: keys it makes us look for in vain are asked for no oftener than this."""


class SigningKeys:
    """The JSON Web Key Set at `url`, by key id. When it cannot be had, the keys known go on serving."""

    def __init__(
        self, url: str, *, timeout_s: float = 5.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._url, self._timeout_s, self._monotonic = url, timeout_s, monotonic
        self._lock = threading.Lock()
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fresh_until = self._asked_at = float("-inf")

    def get(self, key_id: str) -> jwt.PyJWK:
        """Raises `Unauthenticated` for a key Google does not have, `Unavailable` when no keys can be had."""
        with self._lock:
            now = self._monotonic()
            may_ask = now - self._asked_at >= ASK_AGAIN_S
            if now >= self._fresh_until or (key_id not in self._keys and may_ask):
                self._refresh(now)
            if key_id not in self._keys:
                raise Unauthenticated("the token does not hold: it is signed with a key nobody knows")
            return self._keys[key_id]

    def _refresh(self, now: float) -> None:
        self._asked_at = now
        try:
            with urllib.request.urlopen(self._url, timeout=self._timeout_s) as answer:
                found, lifetime_s = json.load(answer), _max_age(answer.headers.get("Cache-Control", ""))
            self._keys = _by_id(found)
        except (OSError, ValueError, KeyError, jwt.PyJWTError) as error:
            if not self._keys:
                raise Unavailable(f"the signing keys at [{self._url}] cannot be had: {error!r}") from error
            lifetime_s = ASK_AGAIN_S
        self._fresh_until = now + lifetime_s


def _by_id(found: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
    return {str(key["kid"]): jwt.PyJWK(key, algorithm="RS256") for key in found["keys"]}


def _max_age(cache_control: str) -> float:
    stated = re.search(r"max-age=(\d+)", cache_control)
    return float(stated[1]) if stated else UNSAID_S
