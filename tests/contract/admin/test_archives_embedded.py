from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.embedded.admin_accounts import FileAccounts
from shared.adapters.embedded.admin_documents import SqliteDocumentArchive
from shared.adapters.embedded.admin_files import FolderFiles
from shared.adapters.embedded.admin_rows import DuckDbRowArchive
from shared.adapters.embedded.documents import SqliteDocuments
from shared.adapters.embedded.duckdb_tables import DuckDbTables
from shared.sql_catalogue import Catalogue, Table
from shared.testing.contracts.archives import (
    AccountsContract,
    DocumentArchiveContract,
    FilesContract,
    RowArchiveContract,
)


class TestSqliteDocumentArchive(DocumentArchiveContract):
    @pytest.fixture
    def documents(self, tmp_path: Path) -> Iterator[SqliteDocuments]:
        documents = SqliteDocuments(tmp_path / "documents.db")
        yield documents
        documents.close()

    @pytest.fixture
    def archive(self, tmp_path: Path) -> SqliteDocumentArchive:
        return SqliteDocumentArchive(tmp_path / "documents.db")


class TestDuckDbRowArchive(RowArchiveContract):
    @pytest.fixture
    def warehouse(self, tmp_path: Path) -> Iterator[DuckDbTables]:
        tables = DuckDbTables(tmp_path / "warehouse.duckdb", Catalogue())
        yield tables
        tables.close()

    @pytest.fixture
    def archive(self, warehouse: DuckDbTables) -> DuckDbRowArchive:
        return DuckDbRowArchive(warehouse)

    @pytest.fixture
    def money(self) -> Table:
        return Catalogue().table("ledger.money_entry_v1")

    @pytest.fixture
    def twins(self) -> Table:
        return Catalogue().table("twins.inventory_master_v1")


@pytest.mark.parametrize("mark", ["", "~"], ids=["of an export", "of the product"])
class TestFolderFiles(FilesContract):
    @pytest.fixture
    def files(self, tmp_path: Path, mark: str) -> FolderFiles:
        return FolderFiles(tmp_path / "files", folder_mark=mark)


def test_the_files_of_the_product_are_the_blobs_of_the_product(tmp_path: Path) -> None:
    from shared.adapters.embedded.blobs import FolderBlobs

    blobs = FolderBlobs(tmp_path)
    for key in ("a/b", "a"):
        blobs.put(key, key.encode(), content_type="text/plain")
    files = FolderFiles(tmp_path, folder_mark="~")
    assert [info.key for info in files.list()] == ["a", "a/b"]
    with files.open("a/b") as file:
        assert file.read() == b"a/b"


def test_an_export_can_be_read_by_nobody_else_on_the_machine(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    with files.create("a/b.jsonl") as file:
        file.write(b"personal")
    assert (tmp_path / "a" / "b.jsonl").stat().st_mode & 0o077 == 0


class TestFileAccounts(AccountsContract):
    @pytest.fixture
    def accounts(self, tmp_path: Path) -> FileAccounts:
        return FileAccounts(tmp_path / "accounts.json")
