"""What of the product's data is a dealership's, and where it lies.

Below `tenants/{id}` everything; of the collections at the root those named here; of every table of the
warehouse the rows with its `tenant_id`; of the files those below `tenants/{id}/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from shared.admin.ports import DocumentArchive
from shared.ports import Document

TENANT_FIELD = "tenant_id"
TENANT_ATTRIBUTE = "ce-tenantid"


def _by_field(collection: str) -> Callable[[DocumentArchive, str, datetime | None], Iterator[Document]]:
    def found(archive: DocumentArchive, tenant_id: str, at: datetime | None) -> Iterator[Document]:
        return archive.in_collection(collection, where=(TENANT_FIELD, tenant_id), at=at)

    return found


def _unpublished(archive: DocumentArchive, tenant_id: str, at: datetime | None) -> Iterator[Document]:
    """An outbox document holds the messages of one commit, so of one dealership; there are few at a time."""
    for document in archive.in_collection("outbox", at=at):
        if any(
            message["attributes"].get(TENANT_ATTRIBUTE) == tenant_id for message in document.data["messages"]
        ):
            yield document


KEYS, OUTBOX = "api_keys", "outbox"

AT_ROOT = {
    KEYS: _by_field(KEYS),
    "public_links": _by_field("public_links"),
    "given_up": _by_field("given_up"),
    "rejected": _by_field("rejected"),
    "sms_numbers": _by_field("sms_numbers"),
    OUTBOX: _unpublished,
}
"""By collection: how a dealership's documents in it are found."""

NOBODYS = frozenset({"tenants", "dead_letter_marks"})
"""Collections at the root that hold nothing of a dealership: `tenants` is asked for by its id."""


def tenant_path(tenant_id: str) -> str:
    return f"tenants/{tenant_id}"


def files_prefix(tenant_id: str) -> str:
    return f"tenants/{tenant_id}/"


def kind_of(path: str) -> str:
    """Its collections below the tenant: `tenants/a/sessions/s/frames/1` → `sessions.frames`."""
    return ".".join(path.split("/")[2::2]) or "tenant"
