"""The only place that names the adapters of the owner's tools; each is imported when it is first used."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from shared.admin.ports import Accounts, DocumentArchive, Files, Messages, RowArchive
from shared.errors import Misconfigured
from shared.platform import Platform
from shared.settings import Settings
from shared.sql_catalogue import Catalogue
from shared.wiring import build_platform

BUCKET_ADDRESS = re.compile(r"gs://(?P<bucket>[a-z0-9][a-z0-9._-]+)(?:/(?P<prefix>.*))?")

Factory = Callable[["Administration"], Any]


def _class(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(f"shared.adapters.{module}"), name)


EMBEDDED: Mapping[str, Factory] = {
    "documents": lambda a: _class("embedded.admin_documents:SqliteDocumentArchive")(
        a.settings.data_dir / "documents.db"
    ),
    "rows": lambda a: _class("embedded.admin_rows:DuckDbRowArchive")(
        _class("embedded.duckdb_tables:DuckDbTables")(a.settings.data_dir / "warehouse.duckdb", a.catalogue)
    ),
    "files": lambda a: _class("embedded.admin_files:FolderFiles")(
        a.settings.data_dir / "blobs", folder_mark="~"
    ),
    "accounts": lambda a: _class("embedded.admin_accounts:FileAccounts")(
        a.settings.data_dir / "accounts.json"
    ),
    "messages": lambda a: _class("embedded.admin_messages:SqliteMessages")(a.settings.data_dir / "bus.db"),
}

GOOGLE: Mapping[str, Factory] = {
    "documents": lambda a: _class("google.admin_documents:FirestoreDocumentArchive")(
        project=a.settings.project,
        database=a.database,
        emulator_host=a.settings.firestore_emulator_host or None,
    ),
    "rows": lambda a: _class("google.admin_rows:BigQueryRowArchive")(
        lambda: _class("google.warehouse:bigquery_client")(
            a.settings.project, a.settings.region, a.settings.bigquery_base_url or None
        )
    ),
    "files": lambda a: a.bucket(a.settings.bucket or f"{a.settings.project}-files", ""),
    "accounts": lambda a: _class("google.admin_accounts:IdentityPlatformAccounts")(
        project=a.settings.project, base_url=a.identity_url
    ),
    # Pub/Sub lets nobody take a tenant's messages out: they go when their retention is over.
    "messages": lambda a: None,
}

PROFILES = {"embedded": EMBEDDED, "google": GOOGLE}


class Administration:
    """The archives of one profile beside its platform, each built on first use. Close it at the end.

    `database` is where documents are read from by the archive: a restored backup beside the one that serves.
    `identity_url` is another address for Identity Platform, `replaced` puts other archives in place of some:
    for stubs and tests.
    """

    settings: Settings
    database: str
    identity_url: str
    catalogue: Catalogue
    platform: Platform

    def __init__(
        self,
        settings: Settings,
        *,
        database: str = "(default)",
        identity_url: str = "",
        replaced: Mapping[str, Factory] | None = None,
    ) -> None:
        if settings.profile == "google" and not settings.project:
            raise Misconfigured("--project is []; name the Google Cloud project (or GOOGLE_CLOUD_PROJECT)")
        self.settings = settings
        self.database = database
        self.identity_url = identity_url
        self.catalogue = Catalogue()
        self.platform = build_platform(settings)
        self._factories = {**PROFILES[settings.profile], **(replaced or {})}
        self._built: dict[str, Any] = {}
        self._places: list[Any] = []

    @property
    def documents(self) -> DocumentArchive:
        built: DocumentArchive = self._part("documents")
        return built

    @property
    def rows(self) -> RowArchive:
        built: RowArchive = self._part("rows")
        return built

    @property
    def files(self) -> Files:
        built: Files = self._part("files")
        return built

    @property
    def accounts(self) -> Accounts:
        built: Accounts = self._part("accounts")
        return built

    @property
    def messages(self) -> Messages | None:
        built: Messages | None = self._part("messages")
        return built

    def place(self, address: str) -> Files:
        """Where an export lies: a folder, or `gs://bucket/prefix`."""
        if not address.startswith("gs://"):
            folder: Files = _class("embedded.admin_files:FolderFiles")(Path(address))
            return folder
        match = BUCKET_ADDRESS.fullmatch(address)
        if match is None:
            raise Misconfigured(f"[{address}] is no bucket's address; write gs://bucket/prefix")
        return self.bucket(match["bucket"], match["prefix"] or "")

    def bucket(self, name: str, prefix: str) -> Files:
        found: Files = _class("google.admin_files:GcsFiles")(
            bucket=name,
            project=self.settings.project,
            prefix=prefix,
            endpoint=self.settings.storage_base_url or None,
        )
        self._places.append(found)
        return found

    def close(self) -> None:
        for one in (*self._built.values(), *self._places):
            close = getattr(one, "close", None)
            if close is not None:
                close()
        self.platform.close()

    def _part(self, name: str) -> Any:
        if name not in self._built:
            self._built[name] = self._factories[name](self)
        return self._built[name]
