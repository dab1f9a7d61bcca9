"""Who holds a receipt finds it by its id, without knowing whose dealership it is.

The entry stands beside those of public links, by the digest of the id, and says no more than where it is.
"""

from __future__ import annotations

from datetime import timedelta

from shared.links import digest, path_of
from shared.platform import Tenant
from shared.runtime.work import UnitOfWork

KIND = "receipt"
KEPT_FINDABLE = timedelta(days=3653)
"""Ten years: longer than any state lets somebody go to court over a repair."""


def register(work: UnitOfWork, receipt_id: str, path: str) -> None:
    """In the commit that makes the receipt."""
    ends_at = work.now + KEPT_FINDABLE
    fields = {"kind": KIND, "subject": path, "created_at": work.now, "ends_at": ends_at, "revoked_at": None}
    work.put_link(digest(receipt_id), fields)


def holder_of(anybody: Tenant, receipt_id: str) -> tuple[Tenant, str] | None:
    """The dealership that made the receipt and its path there; None for one nobody made."""
    platform = anybody.platform
    known = platform.documents.get(path_of(digest(receipt_id)))
    if known is None or known.data["kind"] != KIND:
        return None
    return platform.tenant(known.data["tenant_id"]), known.data["subject"]
