"""Every error of the product.

CosError
├── Rejected            can never succeed: recorded, answered 4xx, acknowledged
│   ├── InvalidInput        422  a field is missing or wrong
│   │   └── InvalidNumber   422  a phone number that cannot be texted
│   ├── Malformed           400  the body cannot be read at all
│   ├── TooLarge            413  the body is over the limit
│   ├── UnsupportedMedia    415  a content type nobody reads here
│   ├── Unauthenticated     401  no credential, or one that does not hold
│   ├── Forbidden           403  a good credential without the right
│   ├── NotFound            404  no such record in this tenant
│   ├── Gone                410  it was there and has ended
│   ├── AlreadyExists       409  the record stands with other content
│   └── OptedOut            409  the person said stop: no message to them
├── Transient           may succeed later: retried with back-off
│   ├── Conflict            a document changed since it was read
│   ├── LeaseHeld           another delivery is working on the same event
│   ├── NotYetInOrder       an earlier message of the same session is not handled yet
│   └── Unavailable         a provider or store did not answer
├── EffectUnknown       an outside effect may or may not have happened: a human decides
└── Misconfigured       stops the start, naming the setting
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One thing wrong in one field: `field` is a dotted path such as `vehicle.vin`, `line` is in files."""

    field: str
    message: str
    line: int | None = None


class CosError(Exception):
    """Base of every error the product raises on purpose."""


class Rejected(CosError):
    """The input can never succeed, however often it is tried."""

    status = 400
    title = "Rejected"

    def __init__(self, message: str, *, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(message)
        self.errors = errors
        self.headers: dict[str, str] = {}
        """What an HTTP answer says besides, e.g. `Allow`."""


class InvalidInput(Rejected):
    status, title = 422, "Invalid input"


class InvalidNumber(InvalidInput):
    title = "Invalid phone number"


class Malformed(Rejected):
    status, title = 400, "Malformed body"


class TooLarge(Rejected):
    status, title = 413, "Body too large"


class UnsupportedMedia(Rejected):
    status, title = 415, "Unsupported content type"


class Unauthenticated(Rejected):
    status, title = 401, "Not authenticated"


class Forbidden(Rejected):
    status, title = 403, "Not allowed"


class NotFound(Rejected):
    status, title = 404, "Not found"


class Gone(Rejected):
    status, title = 410, "Gone"


class AlreadyExists(Rejected):
    status, title = 409, "Already exists"


class OptedOut(Rejected):
    status, title = 409, "Opted out"


class Transient(CosError):
    """May succeed when tried again."""


class Conflict(Transient):
    """A document changed between its read and the commit."""


class LeaseHeld(Transient):
    """Another delivery holds the lease of this event."""


class NotYetInOrder(Transient):
    """An earlier message of the same session has not been handled."""


class Unavailable(Transient):
    """A store or provider did not answer, or not in time."""


class EffectUnknown(CosError):
    """An outside effect was claimed and no result is recorded."""


class Misconfigured(CosError):
    """A setting is missing or wrong; the message names it."""
