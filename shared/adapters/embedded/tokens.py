"""The local issuer: signed tokens for personas and for the product's own calls."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt

from shared.errors import Unauthenticated
from shared.ports import Claims

ISSUER = "autohaus-local"
LIFETIME = timedelta(hours=12)


class LocalTokens:
    """HS256 with a key that never leaves the data folder."""

    def __init__(self, key_file: Path) -> None:
        self._key = _read_or_make(key_file)

    def issue(self, claims: Claims, *, now: datetime | None = None) -> str:
        issued = now or datetime.now(UTC)
        return jwt.encode(
            {
                "iss": ISSUER,
                "aud": claims.kind,
                "sub": claims.subject,
                "tenant_id": claims.tenant_id,
                "roles": list(claims.roles),
                "name": claims.name,
                "iat": issued,
                "exp": issued + LIFETIME,
            },
            self._key,
            algorithm="HS256",
        )

    def verify_user(self, token: str) -> Claims:
        return self._verify(token, "user")

    def verify_service(self, token: str, *, audience: str, checked: bool = False) -> Claims:
        return self._verify(token, "service")

    def _verify(self, token: str, kind: str) -> Claims:
        try:
            found = jwt.decode(token, self._key, algorithms=["HS256"], issuer=ISSUER, audience=kind)
        except jwt.InvalidTokenError as error:
            raise Unauthenticated(f"the token does not hold: {error}") from error
        return Claims(kind, found["sub"], found["tenant_id"], tuple(found["roles"]), found["name"])


def _read_or_make(key_file: Path) -> bytes:
    key_file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return key_file.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
    return key_file.read_bytes()
