"""An export put back, into a dealership that is empty.

May be killed at any point and run again with the same export: documents are put, not added, a table's rows
are loaded whole or not at all, and until the last step nobody gets in. The dealership opens only after what
is there has been counted and is what the manifest says.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from shared.admin.belongings import AT_ROOT, OUTBOX, files_prefix, tenant_path
from shared.admin.export_files import (
    ACCOUNTS_FILE,
    FILES_INDEX,
    FileEntry,
    Manifest,
    Progress,
    batches,
    copy,
    told,
)
from shared.admin.lines import read_document
from shared.admin.patience import patiently
from shared.admin.ports import Files
from shared.admin.verify import verify_export
from shared.admin.wiring import Administration
from shared.errors import InvalidInput, Unavailable
from shared.ports import Expect, Write
from shared.runtime.tenant_state import DELETED, IMPORTING, state_of

MOST_WRITES, MOST_BYTES = 300, 4_000_000
"""Of a commit: Firestore takes 10 MiB, and what it stores is larger than its JSON."""


def import_tenant(
    admin: Administration, place: Files, *, with_accounts: bool = False, progress: Progress
) -> Manifest:
    """Raises `InvalidInput` for a damaged export, or a dealership that is there or not empty."""
    manifest = verify_export(place, progress=lambda what, count: progress(f"verified {what}", count))
    restoring = Restoring(admin, place, manifest, progress, _begun(admin, manifest))
    restoring.run(with_accounts=with_accounts)
    return manifest


def _begun(admin: Administration, manifest: Manifest) -> str:
    """The run's id: a new one, or that of an import of the same export that did not end."""
    path = tenant_path(manifest.tenant_id)
    present = admin.platform.documents.get(path)
    state = state_of(present.data) if present else DELETED
    if present and state == IMPORTING and present.data["content_sha256"] == manifest.content_sha256:
        return str(present.data["run"])
    if state != DELETED:
        raise InvalidInput(
            f"tenant [{manifest.tenant_id}] is there and [{state}]; delete it first, or export it"
        )
    if next(admin.documents.below(path), None) is not None:
        raise InvalidInput(f"tenant [{manifest.tenant_id}] is not empty: documents lie below [{path}]")
    for table in admin.catalogue.tables.values():
        if count := admin.rows.count(table, manifest.tenant_id):
            raise InvalidInput(
                f"tenant [{manifest.tenant_id}] is not empty: [{table.full_name}] has [{count}] rows"
            )
    run = uuid.uuid4().hex
    mark = {"state": IMPORTING, "content_sha256": manifest.content_sha256, "run": run}
    expect = present.version if present else Expect.ABSENT
    admin.platform.documents.commit([Write(path, mark, expect)])
    return run


@dataclass(frozen=True)
class Restoring:
    """One import under way."""

    admin: Administration
    place: Files
    manifest: Manifest
    progress: Progress
    run_id: str

    def run(self, *, with_accounts: bool) -> None:
        for entry in self.manifest.of_kind("documents"):
            self._put(entry)
        for entry in self.manifest.of_kind("rows"):
            self._load(entry)
        self._stored_files()
        if with_accounts:
            self._accounts()
        unpublished = []
        for entry in self.manifest.of_kind("root"):
            if entry.name == OUTBOX:
                unpublished.append(entry)
            else:
                self._put(entry)
        self._check()
        # From here on the sweeper publishes what was left unpublished, to capabilities that find everything.
        for entry in unpublished:
            self._put(entry)
        (tenant,) = self.manifest.of_kind("tenant")
        self._put(tenant)

    def _accounts(self) -> None:
        """Gives their rights back to those who had them; who has no account gets one, and a mail."""
        accounts = self.admin.accounts
        with self.place.open(ACCOUNTS_FILE) as file:
            for line in file:
                known = json.loads(line)
                present = accounts.find(known["email"])
                account = present or accounts.create(known["email"])
                accounts.grant(account, tenant_id=self.manifest.tenant_id, roles=known["roles"])
                if present is None:
                    accounts.invite(account)

    def _put(self, entry: FileEntry) -> None:
        with self.place.open(entry.key) as file:
            lines = told(file, f"restored {entry.name}", self.progress)
            for batch in batches(lines, most=MOST_WRITES, most_bytes=MOST_BYTES):
                writes = [read_document(line) for line in batch]
                patiently(partial(self.admin.platform.documents.commit, writes))

    def _load(self, entry: FileEntry) -> None:
        table = self.admin.catalogue.table(entry.name)
        present = self.admin.rows.count(table, self.manifest.tenant_id)
        if not entry.count or present == entry.count:
            return
        with self.place.open(entry.key) as file:
            job = f"import-{self.manifest.tenant_id}-{self.run_id}-{table.full_name.replace('.', '-')}"
            self.admin.rows.load(table, file, job=job)
        self.progress(f"restored {entry.name}", entry.count)

    def _stored_files(self) -> None:
        with self.place.open(FILES_INDEX) as index:
            for number, line in enumerate(index, 1):
                key = json.loads(line)["key"]
                with self.place.open(f"files/{key}") as source, self.admin.files.create(key) as target:
                    copy(source, target)
                self.progress("restored files", number)

    def _check(self) -> None:
        """What lies in the stores is counted; a difference leaves the dealership closed."""
        for what, wanted, found in self._counts():
            if wanted != found:
                raise Unavailable(
                    f"after the import [{what}] has [{found}] instead of [{wanted}]; the dealership "
                    f"[{self.manifest.tenant_id}] stays closed: run the import again"
                )

    def _counts(self) -> Iterator[tuple[str, int, int]]:
        tenant_id, archive = self.manifest.tenant_id, self.admin.documents
        yield "documents", self.manifest.count("documents"), _length(archive.below(tenant_path(tenant_id)))
        for entry in self.manifest.of_kind("root"):
            if entry.name != OUTBOX:
                yield entry.name, entry.count, _length(AT_ROOT[entry.name](archive, tenant_id, None))
        for entry in self.manifest.of_kind("rows"):
            table = self.admin.catalogue.table(entry.name)
            yield entry.name, entry.count, self.admin.rows.count(table, tenant_id)
        yield "files", self.manifest.count("files"), _length(self.admin.files.list(files_prefix(tenant_id)))


def _length(items: Iterator[Any]) -> int:
    count = 0
    while page := sum(1 for _ in islice(items, 1_000)):
        count += page
    return count
