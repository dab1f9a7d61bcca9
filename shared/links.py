"""Links that open one thing to whoever holds them: signed, ending, revocable.

The path's `{uuid}` is the whole credential. It is signed (the port `links`), so a guessed one is refused
without a read; `public_links/{digest}` says whose it is, what it opens and until when. The uuid itself is
stored by nobody but the record that has to show it again: who reads this collection can open nothing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from shared.errors import FieldError, Gone, NotFound
from shared.port_types import Data
from shared.ports import Documents
from shared.runtime.work import UnitOfWork

REVOKED, ENDED = FieldError("link", "revoked"), FieldError("link", "ended")
"""What a page goes by; the sentence is for people."""


def digest(uuid: str) -> str:
    """SHA-256 in hex: under it the link is stored."""
    return hashlib.sha256(uuid.encode()).hexdigest()


def path_of(link_digest: str) -> str:
    return f"public_links/{link_digest}"


def issue(work: UnitOfWork, *, kind: str, subject: str, ends_at: datetime, name: str) -> str:
    """A link of this kind to the record `subject`, in the same commit as everything else.

    The same `name` of the same dealership and kind gives the same uuid, so a handler that runs again makes no
    second one; a link that replaces another needs another name.
    """
    uuid = work.tenant.links.sign(f"{work.tenant.tenant_id}|{kind}|{name}")
    fields = {"kind": kind, "subject": subject, "created_at": work.now, "ends_at": ends_at}
    work.put_link(digest(uuid), {**fields, "revoked_at": None})
    return uuid


def revoke(work: UnitOfWork, link_digest: str) -> None:
    """From the commit on it opens nothing any more. Raises `NotFound`."""
    work.put_link(link_digest, {**own_link(work, link_digest), "revoked_at": work.now})


def extend(work: UnitOfWork, link_digest: str, ends_at: datetime) -> None:
    """Moves its end, to either side. Raises `NotFound`."""
    work.put_link(link_digest, {**own_link(work, link_digest), "ends_at": ends_at})


def own_link(work: UnitOfWork, link_digest: str) -> Data:
    """Raises `NotFound` for another dealership's as for none."""
    known = work.tenant.platform.documents.get(path_of(link_digest))
    if known is None or known.data["tenant_id"] != work.tenant.tenant_id:
        raise NotFound("there is no such link")
    return known.data


def opened(documents: Documents, uuid: str, kind: str, now: datetime) -> Data:
    """What a signed uuid opens. Raises `NotFound` for one nobody issued or of another kind, `Gone` once it
    has ended or was revoked."""
    known = documents.get(path_of(digest(uuid)))
    if known is None or known.data["kind"] != kind:
        raise NotFound("there is nothing at this link; was it copied whole?")
    if known.data["revoked_at"] is not None:
        raise Gone("this link was withdrawn; ask the dealership for a new one", errors=(REVOKED,))
    if now >= known.data["ends_at"]:
        raise Gone("this link has ended; ask the dealership for a new one", errors=(ENDED,))
    return known.data
