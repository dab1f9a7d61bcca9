"""Who calls: the tenant comes from the verified credential, never from path, query or body."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.errors import Forbidden, Misconfigured, Unauthenticated
from shared.manifest import Route
from shared.platform import Platform
from shared.ports import Claims, Data
from shared.runtime.tenant_state import require_open


@dataclass(frozen=True)
class Caller:
    """A verified caller. `id` is what the ledger names as actor, e.g. `users/u1`, `api_keys/web`."""

    kind: str
    id: str
    tenant_id: str
    roles: tuple[str, ...] = ()
    name: str = ""


class Headers(Protocol):
    """Request headers, looked up without regard to case."""

    def get(self, key: str, default: str, /) -> str: ...


def authenticate(
    platform: Platform, route: Route, headers: Headers, token: str = "", *, checked: bool = False
) -> Caller:
    """Tries the route's kinds in order; the first credential present decides. `checked`: the platform lets in
    nobody whose service token it has not verified itself, which holds for no public function.

    Raises `Unauthenticated` when none is present or it does not hold, `Forbidden` without the role or when
    the caller's dealership is closed.
    """
    for kind in route.auth:
        caller = VERIFIERS[kind](platform, headers, token, checked)
        if caller is not None:
            require_open(platform, caller.tenant_id)
            return _with_role(caller, route)
    raise Unauthenticated(f"this needs {' or '.join(_WORDS[kind] for kind in route.auth)}")


def _with_role(caller: Caller, route: Route) -> Caller:
    if caller.kind == "user" and route.roles and not set(caller.roles) & set(route.roles):
        raise Forbidden(f"this needs one of the roles {', '.join(route.roles)}")
    return caller


def key_hash(key: str) -> str:
    """API keys are stored by their SHA-256; they are long and random, so no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


def key_holds(key: Data, now: datetime) -> bool:
    """Not revoked, and before its `valid_until` when it has one: the moment itself is too late."""
    until = key.get("valid_until")
    return not key.get("revoked") and (until is None or now < until)


def _api_key(platform: Platform, headers: Headers, token: str, checked: bool) -> Caller | None:
    key = headers.get("X-API-Key", "")
    if not key:
        return None
    known = platform.documents.get(f"api_keys/{key_hash(key)}")
    if known is None or not key_holds(known.data, platform.clock.now()):
        raise Unauthenticated("the header X-API-Key holds no valid key")
    return Caller("api_key", f"api_keys/{known.data['name']}", known.data["tenant_id"])


def bearer(headers: Headers) -> str:
    """The token of an `Authorization: Bearer …` header, or an empty string."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _user(platform: Platform, headers: Headers, token: str, checked: bool) -> Caller | None:
    presented = token or bearer(headers)
    return _caller(platform.tokens.verify_user(presented)) if presented else None


def _service(platform: Platform, headers: Headers, token: str, checked: bool) -> Caller | None:
    presented = bearer(headers)
    if not presented:
        return None
    audience = platform.settings.service_audience
    claims = platform.tokens.verify_service(presented, audience=audience, checked=checked)
    allowed = {name.strip() for name in platform.settings.service_callers.split(",") if name.strip()}
    if platform.settings.profile == "google" and not allowed:
        # Every account of every Google project gets tokens for any audience it asks for.
        raise Misconfigured(
            "COS_SERVICE_CALLERS is [], so anybody's service could call this; name the accounts"
        )
    if allowed and claims.subject not in allowed:
        raise Forbidden(f"the service [{claims.subject}] may not call this")
    return Caller("service", f"services/{claims.subject}", "")


def _public(platform: Platform, headers: Headers, token: str, checked: bool) -> Caller | None:
    return Caller("public", "public", "")


def _caller(claims: Claims) -> Caller:
    if not claims.tenant_id:
        raise Forbidden("the signed-in user belongs to no dealership yet")
    return Caller("user", f"users/{claims.subject}", claims.tenant_id, claims.roles, claims.name)


VERIFIERS: dict[str, Callable[[Platform, Headers, str, bool], Caller | None]] = {
    "api_key": _api_key,
    "user": _user,
    "service": _service,
    "public": _public,
}

_WORDS = {
    "api_key": "an X-API-Key header",
    "user": "a signed-in user (Authorization: Bearer …)",
    "service": "a service's OIDC token",
    "public": "nothing",
}
