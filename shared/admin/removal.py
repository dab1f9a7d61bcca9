"""A dealership deleted: everything of it, proved by reading back, with a receipt.

Every step may be done again, so a run that was killed, or that BigQuery kept waiting, is finished by the
next. What is being deleted takes no request, no schedule and no late delivery; what stays behind is one
document that says so, for else a message still on its way would begin the dealership anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from shared.admin.belongings import AT_ROOT, files_prefix, tenant_path
from shared.admin.export_files import Manifest, Progress
from shared.admin.patience import patiently
from shared.admin.ports import StillWriting
from shared.admin.wiring import Administration
from shared.errors import InvalidInput, NotFound, Unavailable
from shared.manifest import all_manifests
from shared.ports import Document, Write
from shared.runtime.tenant_state import DELETED, DELETING, IMPORTING, KNOWN_S, state_of

_PAGE = 300
_PASSES = 3
"""A handler that was at work when the dealership was closed may write once more."""

PAST_KEPT = timedelta(days=7)
"""Messages' history, point-in-time recovery, time travel, soft-deleted files."""
DEAD_LETTERS_KEPT = timedelta(days=31)
BACKUPS_KEPT = timedelta(weeks=14)
"""The weekly ones of terraform/foundation; the daily ones go sooner."""


@dataclass
class Receipt:
    """What was deleted in this run, that nothing is left, and what goes by itself and when."""

    tenant_id: str
    finished_at: datetime
    export: str
    content_sha256: str
    deleted: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    goes_by_itself: list[str] = field(default_factory=list)


def check_deletable(
    admin: Administration, tenant_id: str, manifest: Manifest, *, now: datetime, max_age: timedelta
) -> Document:
    """The tenant's document, also what is left of a deleted one: deleting again proves that it is gone.

    Raises `NotFound`, or `InvalidInput` when the export is another's or too old.
    """
    tenant = admin.platform.documents.get(tenant_path(tenant_id))
    if tenant is None:
        raise NotFound(f"there is no tenant [{tenant_id}]")
    if state_of(tenant.data) == IMPORTING:
        raise InvalidInput(f"tenant [{tenant_id}] is being imported; finish that first")
    if manifest.tenant_id != tenant_id:
        raise InvalidInput(f"--export holds tenant [{manifest.tenant_id}], not [{tenant_id}]")
    begun = tenant.data.get("deleting_at", now)
    if (age := begun - manifest.read_at) > max_age:
        raise InvalidInput(
            f"--export was read [{age.days}] days ago, which is over [{max_age.days}]; export again, or "
            "say --max-age-days"
        )
    if not manifest.with_keys and state_of(tenant.data) not in (DELETING, DELETED):
        raise InvalidInput(
            "--export was made without keys, so nothing could be restored as it was; export again"
        )
    return tenant


@dataclass
class Removal:
    """One run. `settle_s` is how long it waits for what is at work to end."""

    admin: Administration
    tenant_id: str
    progress: Progress
    settle_s: float
    deleted: dict[str, int] = field(default_factory=dict)
    begun: datetime | None = None

    def run(self, tenant: Document, manifest: Manifest, export: str) -> Receipt:
        """Raises `StillWriting` when rows must wait; everything else is gone then."""
        self._close(tenant)
        late: StillWriting | None = None
        for _ in range(_PASSES):
            self._delete_all()
            late = self._delete_rows()
            left = {what: count for what, count in self._left() if count}
            if not left.keys() - (set(self.admin.catalogue.tables) if late else set()):
                break
        else:
            raise Unavailable(f"tenant [{self.tenant_id}]: still there is {left}; run the same command again")
        if late:
            raise late
        return self._finish(manifest, export)

    def _close(self, tenant: Document) -> None:
        now = self.admin.platform.clock.now()
        self.begun = tenant.data.get("deleting_at", now)
        marked = {**tenant.data, "state": DELETING, "deleting_at": self.begun}
        self.admin.platform.documents.commit([Write(tenant.path, marked, tenant.version)])
        for key in self._root("api_keys"):
            self.admin.platform.documents.commit([Write(key.path, {**key.data, "revoked": True})])
        self.progress("seconds waited for what is at work", int(self.settle_s))
        time.sleep(self.settle_s)

    def _delete_all(self) -> None:
        self._delete("documents", self.admin.documents.below(tenant_path(self.tenant_id)))
        for collection in AT_ROOT:
            self._delete(collection, self._root(collection))
        for info in list(self.admin.files.list(files_prefix(self.tenant_id))):
            self.admin.files.delete(info.key)
            self._count("files", 1)
        for account in list(self.admin.accounts.of_tenant(self.tenant_id)):
            self.admin.accounts.revoke(account, now=self.admin.platform.clock.now())
            self._count("sign-in rights", 1)
        if self.admin.messages:
            self._count("messages", self.admin.messages.forget(self.tenant_id))

    def _delete(self, what: str, documents: Iterator[Document]) -> None:
        """Pages are read ahead of what is deleted, so the next one starts behind it."""
        while page := list(islice(documents, _PAGE)):
            writes = [Write(one.path, None) for one in page]
            patiently(partial(self.admin.platform.documents.commit, writes))
            self._count(what, len(page))

    def _delete_rows(self) -> StillWriting | None:
        late = None
        for name, table in self.admin.catalogue.tables.items():
            try:
                self._count(name, self.admin.rows.delete(table, self.tenant_id))
            except StillWriting as error:
                late = error
        return late

    def _left(self) -> Iterator[tuple[str, int]]:
        archive = self.admin.documents
        yield "documents", _some(archive.below(tenant_path(self.tenant_id)))
        for collection in AT_ROOT:
            yield collection, _some(self._root(collection))
        for name, table in self.admin.catalogue.tables.items():
            yield name, self.admin.rows.count(table, self.tenant_id)
        yield "files", _some(self.admin.files.list(files_prefix(self.tenant_id)))
        yield "sign-in rights", _some(self.admin.accounts.of_tenant(self.tenant_id))
        if self.admin.messages:
            yield "messages", self.admin.messages.waiting(self.tenant_id)

    def _finish(self, manifest: Manifest, export: str) -> Receipt:
        now = self.admin.platform.clock.now()
        left = dict(self._left())
        tombstone = {"state": DELETED, "deleting_at": self.begun, "deleted_at": now}
        self.admin.platform.documents.commit([Write(tenant_path(self.tenant_id), tombstone)])
        return Receipt(
            tenant_id=self.tenant_id,
            finished_at=now,
            export=export,
            content_sha256=manifest.content_sha256,
            deleted=self.deleted,
            left=left,
            goes_by_itself=goes_by_itself(self.admin.settings.profile, now),
        )

    def _root(self, collection: str) -> Iterator[Document]:
        return AT_ROOT[collection](self.admin.documents, self.tenant_id, None)

    def _count(self, what: str, count: int) -> None:
        self.deleted[what] = self.deleted.get(what, 0) + count
        if count:
            self.progress(f"deleted {what}", self.deleted[what])


def settle_seconds(profile: str) -> float:
    """Until every process knows of the closing, and the longest request or event has ended."""
    if profile == "embedded":
        return 0.0  # nobody else has the data folder
    serving = [one.timeout_seconds for one in all_manifests() if one.kind in ("http", "event", "schedule")]
    return KNOWN_S + max(serving)


def goes_by_itself(profile: str, now: datetime) -> list[str]:
    """What no command can take out, and the day it is gone by."""
    if profile == "embedded":
        return ["text messages of this laptop's outbox stay until `make reset`"]
    week, month, backups = (f"{now + kept:%Y-%m-%d}" for kept in (PAST_KEPT, DEAD_LETTERS_KEPT, BACKUPS_KEPT))
    return [
        f"Pub/Sub: history of the topics until {week}, dead letters until {month}",
        f"Firestore: point-in-time recovery until {week}, scheduled backups until {backups}",
        f"BigQuery: time travel until {week}, fail-safe for 7 days more",
        f"Cloud Storage: soft-deleted files until {week}",
        "Identity Platform: the accounts themselves, without rights (`user revoke EMAIL --delete`)",
    ]


def _some(items: Iterator[Any]) -> int:
    return sum(1 for _ in items)
