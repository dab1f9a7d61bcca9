"""Twilio's proof that a webhook is its own.

`X-Twilio-Signature` is base64(HMAC-SHA1(auth token, URL + every form field sorted by name, name and value run
together)): https://www.twilio.com/docs/usage/webhooks/webhooks-security. A body that is no form is covered by
its SHA-256 in the URL's `bodySHA256`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, urlsplit

Form = Sequence[tuple[str, str]]


def signature(token: str, url: str, form: Form) -> str:
    """What Twilio sends with a request to exactly this URL. A value sent twice counts once."""
    fields = "".join(name + value for name, value in sorted(set(form)))
    mac = hmac.new(token.encode(), (url + fields).encode("utf-8", "surrogateescape"), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()


def is_signed(token: str, *, urls: Sequence[str], form: Form, body: bytes, presented: str) -> bool:
    """Whether one of the URLs is the one that was signed. All are compared, whichever fits."""
    given = presented.strip().encode("utf-8", "backslashreplace")
    fitting = [
        hmac.compare_digest(signature(token, spelled, form).encode(), given) and _covers(url, form, body)
        for url in urls
        for spelled in _with_and_without_port(url)
    ]
    return any(fitting)


def _covers(url: str, form: Form, body: bytes) -> bool:
    """Nothing but a form is signed itself, so any other body needs its hash in the signed URL."""
    if form or not body:
        return True
    (said, *_) = parse_qs(urlsplit(url).query).get("bodySHA256", [""])
    return hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), said.lower().encode())


def _with_and_without_port(url: str) -> Iterator[str]:
    """Twilio signs the standard port on some ways and leaves it out on others."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # an address nobody can call, so nobody signed it
        return
    standard = {"https": 443, "http": 80}.get(parts.scheme)
    yield url
    if port == standard:
        yield parts._replace(netloc=parts.netloc.rpartition(":")[0]).geturl()
    elif port is None:
        yield parts._replace(netloc=f"{parts.netloc}:{standard}").geturl()
