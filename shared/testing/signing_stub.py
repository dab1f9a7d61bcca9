"""Google's token issuers on loopback: Firebase for people, OIDC for services, and their keys by HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from shared.ports import Claims
from shared.testing.http_stub import Reply, Request, json_reply, serve

LIFETIME = timedelta(hours=1)


@dataclass
class GoogleSigner:
    """`keys` are published at `url`, the newest signs; `fetches` counts how often they were asked for."""

    project: str
    url: str = ""
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)
    fetches: int = 0
    cache_control: str = "public, max-age=3600"
    failing: bool = False

    def rotate(self) -> str:
        """A new key signs from now on; answers its id."""
        key_id = f"key-{len(self.keys) + 1}"
        self.keys[key_id] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return key_id

    def user(self, claims: Claims, *, at: datetime | None = None, **changes: Any) -> str:
        """A Firebase ID token; `changes` replace claims, None removes one."""
        issued = at or datetime.now(UTC)
        payload = {
            "iss": f"https://securetoken.google.com/{self.project}",
            "aud": self.project,
            "sub": claims.subject,
            "user_id": claims.subject,
            "auth_time": int(issued.timestamp()),
            "tenant_id": claims.tenant_id,
            "roles": list(claims.roles),
            "name": claims.name,
        }
        return self.sign({**payload, **_times(issued), **changes})

    def service(self, subject: str, audience: str, *, at: datetime | None = None, **changes: Any) -> str:
        """An OIDC token as Pub/Sub and Scheduler send it."""
        payload = {
            "iss": "https://accounts.google.com",
            "aud": audience,
            "sub": "1234567890",
            "email": subject,
            "email_verified": True,
        }
        return self.sign({**payload, **_times(at or datetime.now(UTC)), **changes})

    def sign(self, payload: Mapping[str, Any], *, key_id: str = "") -> str:
        key_id = key_id or list(self.keys)[-1]
        said = {name: value for name, value in payload.items() if value is not None}
        return jwt.encode(said, self.keys[key_id], algorithm="RS256", headers={"kid": key_id})

    def answer(self, request: Request) -> Reply:
        self.fetches += 1
        if self.failing:
            return Reply(503)
        keys = [{**public_key(key), "kid": name} for name, key in self.keys.items()]
        reply = json_reply({"keys": keys})
        return Reply(reply.status, reply.body, {**reply.headers, "Cache-Control": self.cache_control})


def public_key(key: rsa.RSAPrivateKey) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    return {**found, "alg": "RS256", "use": "sig"}


def _times(issued: datetime) -> dict[str, int]:
    return {"iat": int(issued.timestamp()), "exp": int((issued + LIFETIME).timestamp())}


@contextmanager
def google_signer(project: str) -> Iterator[GoogleSigner]:
    signer = GoogleSigner(project)
    signer.rotate()
    with serve(signer.answer) as url:
        signer.url = url
        yield signer
