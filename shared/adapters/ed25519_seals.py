"""Signatures that anybody can check, and digests nobody can recompute, from one secret."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from shared.errors import Misconfigured

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_FEWEST_CHARACTERS = 32
_SIGNING = b"autohaus|ed25519|"
_DIGESTING = b"autohaus|digest|"


class Ed25519Seals:
    """Ed25519 (RFC 8032) and HMAC-SHA-256, each with a key of its own derived from the secret.

    `secrets` are separated by white space: the first signs, all are ours, so one is replaced without a gap.
    Raises `Misconfigured` for one too short to be a key.
    """

    def __init__(self, *, secrets: str) -> None:
        self._secrets = [secret.encode() for secret in secrets.split()]
        if not self._secrets or min(map(len, self._secrets)) < _FEWEST_CHARACTERS:
            raise Misconfigured(
                f"Secret [receipt_signing_key] needs {_FEWEST_CHARACTERS} characters or more a key; "
                "make one with `openssl rand -base64 48`"
            )
        self._keys: list[Ed25519PrivateKey] = []

    def sign(self, message: bytes) -> bytes:
        return self._private()[0].sign(message)

    @property
    def public_keys(self) -> tuple[str, ...]:
        return tuple(key.public_key().public_bytes_raw().hex() for key in self._private())

    def digest(self, purpose: str, value: str) -> str:
        key = hashlib.sha256(_DIGESTING + self._secrets[0]).digest()
        return hmac.new(key, f"{purpose}|{value}".encode(), hashlib.sha256).hexdigest()

    def _private(self) -> list[Ed25519PrivateKey]:
        """Made on first use: most requests sign nothing, and the library takes its time to import."""
        if not self._keys:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

            seeds = [hashlib.sha256(_SIGNING + secret).digest() for secret in self._secrets]
            self._keys = [Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds]
        return self._keys
