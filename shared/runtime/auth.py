"""Who calls: the tenant comes from the verified credential, never from path, query or body."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shared.errors import Forbidden, Misconfigured, NotFound, Unauthenticated
from shared.links import digest, opened
from shared.manifest import Route
from shared.platform import Platform
from shared.ports import Claims, Data
from shared.runtime.tenant_state import require_open
from shared.runtime.webhook import Webhook, addresses, sms_number_path


@dataclass(frozen=True)
class Caller:
    """A verified caller. `id` is what the ledger names as actor, e.g. `users/u1`, `api_keys/web`."""

    kind: str
    id: str
    tenant_id: str
    roles: tuple[str, ...] = ()
    name: str = ""
    subject: str = ""
    """The record a signed link opens, e.g. `quotes/q1`; nothing else of the dealership."""


class Headers(Protocol):
    """Request headers, looked up without regard to case."""

    def get(self, key: str, default: str, /) -> str: ...


@dataclass(frozen=True)
class Presented:
    """What a request brings to show who calls. `checked`: the platform lets in nobody whose service token it
    has not verified itself, which holds for no public function."""

    route: Route
    headers: Headers
    token: str = ""
    checked: bool = False
    path_values: Mapping[str, str] = field(default_factory=dict)
    webhook: Webhook | None = None
    """The request as it was called, for routes whose credential is a signature of all of it."""


def authenticate(platform: Platform, presented: Presented) -> Caller:
    """Tries the route's kinds in order; the first credential present decides.

    Raises `Unauthenticated` when none is present or it does not hold, `NotFound` or `Gone` for a link that
    opens nothing, `Forbidden` without the role or when the caller's dealership is closed.
    """
    route = presented.route
    for kind in route.auth:
        caller = VERIFIERS[kind](platform, presented)
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


def _api_key(platform: Platform, presented: Presented) -> Caller | None:
    key = presented.headers.get("X-API-Key", "")
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


def _user(platform: Platform, presented: Presented) -> Caller | None:
    token = presented.token or bearer(presented.headers)
    return _caller(platform.tokens.verify_user(token)) if token else None


def _service(platform: Platform, presented: Presented) -> Caller | None:
    token = bearer(presented.headers)
    if not token:
        return None
    audience = platform.settings.service_audience
    claims = platform.tokens.verify_service(token, audience=audience, checked=presented.checked)
    allowed = {name.strip() for name in platform.settings.service_callers.split(",") if name.strip()}
    if platform.settings.profile == "google" and not allowed:
        # Every account of every Google project gets tokens for any audience it asks for.
        raise Misconfigured(
            "COS_SERVICE_CALLERS is [], so anybody's service could call this; name the accounts"
        )
    if allowed and claims.subject not in allowed:
        raise Forbidden(f"the service [{claims.subject}] may not call this")
    return Caller("service", f"services/{claims.subject}", "")


def _public_link(platform: Platform, presented: Presented) -> Caller | None:
    link, kind = presented.path_values["uuid"], presented.route.link or ""
    if not platform.links.holds(link):
        raise NotFound("there is nothing at this link; was it copied whole?")
    known = opened(platform.documents, link, kind, platform.clock.now())
    caller_id = f"public_links/{digest(link)[:16]}"
    return Caller("public_link", caller_id, known["tenant_id"], subject=known["subject"])


def _twilio(platform: Platform, presented: Presented) -> Caller | None:
    signature, webhook = presented.headers.get("X-Twilio-Signature", ""), presented.webhook
    if not signature or webhook is None:
        return None
    urls, form = addresses(platform.settings, webhook, presented.headers), webhook.form
    if not platform.text_provider.is_its_own(urls=urls, form=form, body=webhook.body, signature=signature):
        raise Unauthenticated("the header X-Twilio-Signature does not fit this address and these fields")
    known = platform.documents.get(sms_number_path(webhook.own_number))
    if known is None:
        raise Forbidden("the number this text went to belongs to no dealership here")
    return Caller("twilio", "twilio", known.data["tenant_id"])


def _public(platform: Platform, presented: Presented) -> Caller | None:
    return Caller("public", "public", "")


def _caller(claims: Claims) -> Caller:
    if not claims.tenant_id:
        raise Forbidden("the signed-in user belongs to no dealership yet")
    return Caller("user", f"users/{claims.subject}", claims.tenant_id, claims.roles, claims.name)


VERIFIERS: dict[str, Callable[[Platform, Presented], Caller | None]] = {
    "api_key": _api_key,
    "user": _user,
    "service": _service,
    "public_link": _public_link,
    "twilio": _twilio,
    "public": _public,
}

_WORDS = {
    "api_key": "an X-API-Key header",
    "user": "a signed-in user (Authorization: Bearer …)",
    "service": "a service's OIDC token",
    "public_link": "a signed link",
    "twilio": "Twilio's signature (X-Twilio-Signature)",
    "public": "nothing",
}
