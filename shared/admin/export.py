"""A dealership's whole data as files: every document, every row, every file, and who may sign in.

Streamed: what is held in memory is a page of each, whatever the size. One moment of the store's own clock is
taken first and every document is read as of it, so they are one state however long it takes. Rows are only
ever added, and files are written before the documents that name them: read after that moment, none is
missing. Rows are read as of a moment only when one is asked for: BigQuery does not promise that its past
shows what was streamed in shortly before.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from shared.admin.belongings import AT_ROOT, KEYS, TENANT_FIELD, files_prefix, kind_of, tenant_path
from shared.admin.export_files import (
    ACCOUNTS_FILE,
    FILES_INDEX,
    MANIFEST,
    TENANT_FILE,
    FileEntry,
    LineFile,
    Manifest,
    Progress,
    content_hash,
    copy,
    line_file,
    told,
)
from shared.admin.lines import document_line, row_lines
from shared.admin.ports import Files
from shared.admin.wiring import Administration
from shared.errors import InvalidInput, NotFound
from shared.manifest import ROOT
from shared.ports import Document


def export_tenant(
    admin: Administration,
    tenant_id: str,
    to: Files,
    *,
    at: datetime | None = None,
    with_keys: bool = True,
    progress: Progress,
) -> Manifest:
    """`at` is a whole minute of the last seven days (cloud only); None is now.

    Raises `NotFound` when the dealership was not there at that moment, `InvalidInput` when `to` is not empty.
    """
    if (first := next(to.list(), None)) is not None:
        raise InvalidInput(f"--to [{to.place}] holds [{first.key}] already; name an empty place")
    exporting = Exporting(admin, tenant_id, to, at or admin.documents.now(), progress, rows_at=at)
    return exporting.run(with_keys=with_keys)


class Exporting:
    """One export under way; `files` are the finished ones."""

    def __init__(
        self,
        admin: Administration,
        tenant_id: str,
        to: Files,
        at: datetime,
        progress: Progress,
        *,
        rows_at: datetime | None = None,
    ) -> None:
        self.admin, self.tenant_id, self.to, self.at, self.rows_at = admin, tenant_id, to, at, rows_at
        self.progress = progress
        self.files: list[FileEntry] = []

    def run(self, *, with_keys: bool) -> Manifest:
        started_at = self.admin.platform.clock.now()
        tenant = self._tenant()
        self._documents()
        for collection in AT_ROOT if with_keys else [name for name in AT_ROOT if name != KEYS]:
            self._at_root(collection)
        self._rows()
        self._stored_files()
        self._accounts()
        return self._manifest(tenant, started_at, with_keys)

    def _tenant(self) -> Document:
        found = self.admin.documents.in_collection("tenants", at=self.at)
        tenant = next((one for one in found if one.id == self.tenant_id), None)
        if tenant is None:
            raise NotFound(f"there was no tenant [{self.tenant_id}] at [{self.at:%Y-%m-%d %H:%M:%S} UTC]")
        with line_file(self.to, TENANT_FILE, "tenant", "tenant") as file:
            file.add(document_line(tenant))
        self.files.append(file.entry())
        return tenant

    def _documents(self) -> None:
        """One reading, told apart into a file for each kind of collection."""
        kinds: dict[str, LineFile] = {}
        found = self.admin.documents.below(tenant_path(self.tenant_id), at=self.at)
        with ExitStack() as stack:
            for number, document in enumerate(found, 1):
                kind = kind_of(document.path)
                if kind not in kinds:
                    writing = line_file(self.to, f"documents/{kind}.jsonl", "documents", kind)
                    kinds[kind] = stack.enter_context(writing)
                kinds[kind].add(document_line(document))
                if number % 1_000 == 0:
                    self.progress("documents", number)
        self.files += [kinds[kind].entry() for kind in sorted(kinds)]
        self.progress("documents", sum(file.count for file in kinds.values()))

    def _at_root(self, collection: str) -> None:
        found = AT_ROOT[collection](self.admin.documents, self.tenant_id, self.at)
        with line_file(self.to, f"root/{collection}.jsonl", "root", collection) as file:
            for line in told(map(document_line, found), collection, self.progress):
                file.add(line)
        self.files.append(file.entry())

    def _rows(self) -> None:
        for name, table in self.admin.catalogue.tables.items():
            if TENANT_FIELD not in table.by_name:
                continue
            rows = self.admin.rows.rows(table, self.tenant_id, at=self.rows_at)
            with line_file(self.to, f"rows/{name}.jsonl", "rows", name) as file:
                for line in told(row_lines(table, rows), name, self.progress):
                    file.add(line)
            self.files.append(file.entry())

    def _stored_files(self) -> None:
        with line_file(self.to, FILES_INDEX, "files", "files") as index:
            for line in told(self._copied(), "files", self.progress, every=10):
                index.add(line)
        self.files.append(index.entry())

    def _copied(self) -> Iterator[bytes]:
        for info in self.admin.files.list(files_prefix(self.tenant_id)):
            with self.admin.files.open(info.key) as source, self.to.create(f"files/{info.key}") as target:
                size, digest = copy(source, target)
            yield json_line({"bytes": size, "key": info.key, "sha256": digest})

    def _accounts(self) -> None:
        found = sorted(self.admin.accounts.of_tenant(self.tenant_id), key=lambda one: one.email)
        with line_file(self.to, ACCOUNTS_FILE, "accounts", "accounts") as file:
            for one in found:
                file.add(json_line({"email": one.email, "roles": list(one.roles), "uid": one.uid}))
        self.files.append(file.entry())

    def _manifest(self, tenant: Document, started_at: datetime, with_keys: bool) -> Manifest:
        messages = self.admin.messages
        manifest = Manifest(
            tenant_id=self.tenant_id,
            name=str(tenant.data.get("name", "")),
            profile=self.admin.settings.profile,
            project=self.admin.settings.project,
            product_version=product_version(),
            read_at=self.at,
            started_at=started_at,
            finished_at=self.admin.platform.clock.now(),
            with_keys=with_keys,
            waiting_messages=messages.waiting(self.tenant_id) if messages else 0,
            files=tuple(self.files),
            content_sha256=content_hash(self.files),
        )
        with self.to.create(MANIFEST) as file:
            file.write(manifest.model_dump_json(indent=2).encode() + b"\n")
        return manifest


def json_line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def product_version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])
