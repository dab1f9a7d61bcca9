"""The ports that say who somebody is and that what they hold was not changed; `shared.ports` has them all."""

from __future__ import annotations

from typing import Protocol

from shared.port_types import Claims


class Links(Protocol):
    """Signed uuids of links that people hold; `shared.links` says what each opens."""

    def sign(self, name: str) -> str:
        """The uuid of this name: always the same, and nobody makes it without the key."""

    def holds(self, link: str) -> bool:
        """It was signed with one of our keys, as it stands."""

    def url(self, kind: str, link: str) -> str:
        """The page a person opens; `kind` is `quote`, `track` or `alert`."""


class Seals(Protocol):
    """What proves later that we wrote something, and digests of what must not be guessed from the store."""

    @property
    def public_keys(self) -> tuple[str, ...]:
        """Ed25519 (RFC 8032), 64 hex digits each: with the first, anybody checks what `sign` gives now; the
        others are earlier ones of ours."""

    def sign(self, message: bytes) -> bytes:
        """64 bytes; the same message always gives the same."""

    def digest(self, purpose: str, value: str) -> str:
        """64 hex digits that nobody recomputes without the secret; another purpose gives others."""


class Secrets(Protocol):
    def get(self, name: str) -> str:
        """Raises `Misconfigured` naming the secret."""


class Tokens(Protocol):
    """Who signed in. Google: Firebase ID tokens and OIDC; embedded: a local issuer."""

    def verify_user(self, token: str) -> Claims:
        """Raises `Unauthenticated`."""

    def verify_service(self, token: str, *, audience: str, checked: bool = False) -> Claims:
        """The identity of a calling service (Pub/Sub push, Scheduler). Raises `Unauthenticated`.

        `checked`: the platform lets in nobody with a token it has not verified, whose signature may be gone.
        """
