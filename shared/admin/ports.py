"""What the owner's tools ask of the stores, beside the ports that serve.

Nothing here is granted to a function: whoever serves customers cannot list what it was not told of, nor
delete a dealership. `shared.admin.wiring` builds these, no function imports them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Protocol

from shared.errors import Unavailable
from shared.ports import Document, Row
from shared.sql_catalogue import Table


class StillWriting(Unavailable):
    """Rows so fresh that the warehouse cannot delete them yet."""


class DocumentArchive(Protocol):
    """Documents by where they lie. Read page by page, in order of their paths, segment by segment.

    `at` reads the state of that moment; None reads the present one, page by page.
    """

    def now(self) -> datetime:
        """The store's own present moment, UTC: what is read as of it is one state."""

    def below(self, path: str, *, at: datetime | None = None) -> Iterator[Document]:
        """Every document below the document, however deep, also where one between is gone."""

    def in_collection(
        self, collection: str, *, where: tuple[str, Any] | None = None, at: datetime | None = None
    ) -> Iterator[Document]:
        """Those directly in the collection; `where` keeps those whose field equals a value."""


class RowArchive(Protocol):
    """A tenant's rows of one table of the warehouse."""

    def rows(self, table: Table, tenant_id: str, *, at: datetime | None = None) -> Iterator[Row]:
        """Every row, repeated ones too, by month of the partition and then natural key.

        Values are typed as the warehouse's queries type them.
        """

    def count(self, table: Table, tenant_id: str) -> int: ...

    def delete(self, table: Table, tenant_id: str) -> int:
        """How many were deleted. Raises `StillWriting` when some cannot be deleted yet; then none was."""

    def load(self, table: Table, lines: BinaryIO, *, job: str) -> None:
        """Appends one JSON object a line, all or none. The same `job` (letters, digits, [-_]) loads once."""


@dataclass(frozen=True)
class FileInfo:
    """A file's key and its size in bytes."""

    key: str
    size: int


class Files(Protocol):
    """Files by key, never whole in memory: the product's own, or those of an export."""

    @property
    def place(self) -> str:
        """What an operator would type for it: a folder, or `gs://bucket/prefix`."""

    def list(self, prefix: str = "") -> Iterator[FileInfo]:
        """In order of their keys."""

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """To be read. Raises `NotFound`."""

    def create(self, key: str) -> AbstractContextManager[BinaryIO]:
        """To be written, replacing; there, whole, once the context ends without an error."""

    def delete(self, key: str) -> None:
        """With every older version of it. No error when it is gone already."""


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in; `uid` is what a token names as its subject."""

    uid: str
    email: str
    tenant_id: str = ""
    roles: tuple[str, ...] = ()


class Accounts(Protocol):
    """Who may sign in to which dealership, as what."""

    def find(self, email: str) -> Account | None: ...

    def create(self, email: str) -> Account:
        """An account without rights and without a password."""

    def invite(self, account: Account) -> None:
        """Sends the mail by which its owner sets a password."""

    def grant(self, account: Account, *, tenant_id: str, roles: Sequence[str]) -> None:
        """Replaces the rights. They are in the next token, within an hour."""

    def revoke(self, account: Account, *, now: datetime) -> None:
        """Takes the rights and ends every session; a token made before holds until its hour is over."""

    def delete(self, account: Account) -> None: ...

    def of_tenant(self, tenant_id: str) -> Iterator[Account]: ...


class Messages(Protocol):
    """What a bus keeps of a tenant, where it can be taken out."""

    def waiting(self, tenant_id: str) -> int:
        """Messages that are not handled yet."""

    def forget(self, tenant_id: str) -> int:
        """Takes every message of the tenant out, handled or not; answers how many."""
