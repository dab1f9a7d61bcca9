"""A request that is signed as a whole: which address was it signed for, and whose number is it about?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from shared.errors import Malformed
from shared.settings import Settings

MOST_FIELDS = 300
FORM = "application/x-www-form-urlencoded"


class Headers(Protocol):
    def get(self, key: str, default: str, /) -> str: ...


@dataclass(frozen=True)
class Webhook:
    """`called` is the whole address as this server was asked for it."""

    called: str
    content_type: str
    body: bytes

    @cached_property
    def form(self) -> tuple[tuple[str, str], ...]:
        """Every field, also those nobody here knows: the signature covers them. Empty for other bodies.

        Raises `Malformed` for a body that only calls itself a form.
        """
        if self.content_type.partition(";")[0].strip().lower() != FORM:
            return ()
        try:
            # Unreadable bytes stay what they are: the signature was made over them.
            text = self.body.decode("ascii")
            fields = parse_qsl(
                text, keep_blank_values=True, errors="surrogateescape", max_num_fields=MOST_FIELDS
            )
        except ValueError as error:
            raise Malformed("the body is no form") from error
        return tuple(fields)

    @property
    def own_number(self) -> str:
        """The dealership's number: who a text went to, or who a text is from whose delivery is reported."""
        fields = dict(self.form)
        is_report = fields.get("MessageStatus", "received") not in ("received", "receiving")
        return fields.get("From" if is_report else "To", "")


def sms_number_path(number: str) -> str:
    """Where it stands whose number this is; numbers are E.164."""
    digits = "".join(char for char in number if char in "0123456789")
    return f"sms_numbers/{digits or 'none'}"


def addresses(settings: Settings, webhook: Webhook, headers: Headers) -> list[str]:
    """Addresses the caller may have used: the product's public one, and without one what was called.

    A proxy in front ends the encryption and may change the host, so what it forwards is tried too. Where the
    public address is known in the cloud it is the only one: a request signed for another system of the same
    account, sent on to this one, does not hold.
    """
    target = "".join(_target(webhook.called))
    public = [f"{settings.public_url.rstrip('/')}{target}"] if settings.public_url else []
    if public and settings.profile == "google":
        return public
    parts = urlsplit(webhook.called)
    protos = dict.fromkeys((_first(headers.get("X-Forwarded-Proto", "")) or parts.scheme, parts.scheme))
    hosts = dict.fromkeys((_first(headers.get("X-Forwarded-Host", "")) or parts.netloc, parts.netloc))
    called = [f"{proto}://{host}{target}" for host in hosts for proto in protos if proto in ("http", "https")]
    return [*public, *called]


def _target(called: str) -> Iterator[str]:
    """Path and query, letter by letter as they were sent."""
    rest = called.partition("://")[2]
    yield from ("/", rest.partition("/")[2])


def _first(forwarded: str) -> str:
    """Of several proxies the outermost, which the caller met."""
    return forwarded.partition(",")[0].strip()
