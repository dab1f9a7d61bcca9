"""Who signed in, by Google: people with Firebase, services with their OIDC tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jwt
from jwt.types import Options

from shared.adapters.google.signing_keys import SigningKeys
from shared.errors import Misconfigured, Unauthenticated
from shared.ports import Claims

FIREBASE_KEYS = "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"
GOOGLE_KEYS = "https://www.googleapis.com/oauth2/v3/certs"

FIREBASE_ISSUER = "https://securetoken.google.com/"
GOOGLE_ISSUERS = ("https://accounts.google.com", "accounts.google.com")

LEEWAY_S = 10
"""Clocks differ by this much at most."""

KEPT_BACK = ".SIGNATURE_REMOVED_BY_GOOGLE"
"""How a token ends that Cloud Run has verified and hands on so that nobody can use it a second time."""

# Each by its name: without a signature the library would leave out the others too.
_CHECKED: Options = {
    "verify_exp": True,
    "verify_nbf": True,
    "verify_iat": True,
    "verify_aud": True,
    "verify_iss": True,
    "verify_sub": True,
    "require": ["exp", "iat", "aud", "iss", "sub"],
}


class FirebaseTokens:
    """RS256 alone, with Google's keys; a user's dealership and roles are custom claims of the account."""

    def __init__(
        self, *, project: str, firebase_keys_url: str = FIREBASE_KEYS, google_keys_url: str = GOOGLE_KEYS
    ) -> None:
        if not project:
            raise Misconfigured("GOOGLE_CLOUD_PROJECT is [], so no user's token can be checked; set it")
        self._project = project
        self._firebase_keys = SigningKeys(firebase_keys_url)
        self._google_keys = SigningKeys(google_keys_url)

    def verify_user(self, token: str) -> Claims:
        """Firebase's rules: audience is the project, the issuer is its own, somebody signed in."""
        found = _verified(
            token, self._firebase_keys, audience=self._project, issuers=(FIREBASE_ISSUER + self._project,)
        )
        return Claims(
            kind="user",
            subject=str(found["sub"]),
            tenant_id=_text(found, "tenant_id"),
            roles=_texts(found, "roles"),
            name=_text(found, "name"),
        )

    def verify_service(self, token: str, *, audience: str, checked: bool = False) -> Claims:
        """Any service account of Google's with this audience; who of them may call is the caller's to say.

        Cloud Run may keep back the signature of a token it has verified. Anybody can write such a token, so
        it holds only where `checked` says that Cloud Run lets nobody in without verifying.
        """
        if not audience:
            raise Misconfigured("COS_SERVICE_AUDIENCE is [], so no service's token can be checked; set it")
        keys = None if checked and token.endswith(KEPT_BACK) else self._google_keys
        found = _verified(token, keys, audience=audience, issuers=GOOGLE_ISSUERS)
        email = _text(found, "email")
        if not email or found.get("email_verified") is not True:
            raise Unauthenticated("the token does not hold: its service account is not verified")
        return Claims(kind="service", subject=email)


def _verified(
    token: str, keys: SigningKeys | None, *, audience: str, issuers: Sequence[str]
) -> Mapping[str, Any]:
    """The claims; without keys everything but the signature is checked."""
    options: Options = {"verify_signature": keys is not None, **_CHECKED}
    try:
        found: Mapping[str, Any] = jwt.decode(
            token,
            keys.get(_key_id(token)) if keys else "",
            algorithms=["RS256"],
            audience=audience,
            issuer=issuers,
            leeway=LEEWAY_S,
            options=options,
        )
    except jwt.PyJWTError as error:
        raise Unauthenticated(f"the token does not hold: {error}") from error
    if not found["sub"]:
        raise Unauthenticated("the token does not hold: it names nobody")
    return found


def _key_id(token: str) -> str:
    header = jwt.get_unverified_header(token)
    if header.get("alg") != "RS256":
        raise Unauthenticated("the token does not hold: it is not signed with RS256")
    return str(header.get("kid", ""))


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    return value if isinstance(value, str) else ""


def _texts(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = claims.get(name, ())
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
