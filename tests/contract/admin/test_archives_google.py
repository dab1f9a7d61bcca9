"""The same promises of the google adapters, and what only they have to stand."""

from __future__ import annotations

import gc
import io
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shared.adapters import table_statements
from shared.adapters.embedded.bigquery_engine import BigQueryEngine
from shared.adapters.google import admin_accounts
from shared.adapters.google.admin_accounts import IdentityPlatformAccounts
from shared.adapters.google.admin_documents import FirestoreDocumentArchive
from shared.adapters.google.admin_files import GcsFiles
from shared.adapters.google.admin_rows import BigQueryRowArchive
from shared.adapters.google.documents import FirestoreDocuments
from shared.adapters.google.warehouse import BigQueryWarehouse, bigquery_client
from shared.admin.lines import row_lines
from shared.admin.ports import Accounts, StillWriting
from shared.errors import InvalidInput, Misconfigured, Unavailable
from shared.ports import Write
from shared.sql_catalogue import SQL_ROOT, Catalogue, Table
from shared.testing.bigquery_stub import BigQueryStub
from shared.testing.contracts.archives import (
    AccountsContract,
    DocumentArchiveContract,
    FilesContract,
    RowArchiveContract,
    row,
)
from shared.testing.emulators import free_port
from shared.testing.gcs_stub import GcsStub, gcs_stub
from shared.testing.identity_stub import IdentityStub, identity_stub
from tests.sql.googlesql.analyser import GoogleSqlAnalyser

IN_BUFFER = "UPDATE or DELETE statement over table p.d.t would affect rows in the streaming buffer"


class TestFirestoreDocumentArchive(DocumentArchiveContract):
    @pytest.fixture
    def documents(self, firestore_host: str, project: str) -> Iterator[FirestoreDocuments]:
        documents = FirestoreDocuments(project=project, emulator_host=firestore_host)
        yield documents
        documents.close()

    @pytest.fixture
    def archive(self, firestore_host: str, project: str) -> Iterator[FirestoreDocumentArchive]:
        archive = FirestoreDocumentArchive(project=project, emulator_host=firestore_host)
        yield archive
        archive.close()

    def test_what_is_read_as_of_a_moment_is_one_state(
        self, documents: FirestoreDocuments, archive: FirestoreDocumentArchive
    ) -> None:
        documents.commit([Write(f"tenants/a/s/{n}", {"n": n}) for n in range(3)])
        time.sleep(0.01)
        then = archive.now()
        time.sleep(0.01)
        documents.commit(
            [Write("tenants/a/s/0", None), Write("tenants/a/s/1", {"n": 9}), Write("tenants/a/s/3", {"n": 3})]
        )
        assert [one.data["n"] for one in archive.below("tenants/a", at=then)] == [0, 1, 2]
        assert [one.data["n"] for one in archive.in_collection("tenants/a/s", at=then)] == [0, 1, 2]
        assert [one.data["n"] for one in archive.below("tenants/a")] == [9, 2, 3]


def test_a_restored_backup_is_read_beside_the_database_that_serves(firestore_host: str, project: str) -> None:
    for database in ("(default)", "before"):
        documents = FirestoreDocuments(project=project, database=database, emulator_host=firestore_host)
        documents.commit([Write("tenants/a/s/1", {"of": database})])
        documents.close()
        archive = FirestoreDocumentArchive(project=project, database=database, emulator_host=firestore_host)
        assert [one.data for one in archive.below("tenants/a")] == [{"of": database}]
        archive.close()


def test_a_database_that_does_not_answer_is_unavailable_in_time() -> None:
    away = FirestoreDocumentArchive(project="p", emulator_host=f"127.0.0.1:{free_port()}", timeout_s=0.5)
    with pytest.raises(Unavailable, match="tenants/a"):
        list(away.below("tenants/a"))
    away.close()


@pytest.fixture
def stub(tmp_path: Path) -> Iterator[BigQueryStub]:
    engine = BigQueryEngine(tmp_path / "behind.duckdb", SQL_ROOT)
    with BigQueryStub(engine) as stub:
        yield stub
    engine.close()


@pytest.fixture
def rows(stub: BigQueryStub) -> Iterator[BigQueryRowArchive]:
    archive = BigQueryRowArchive(lambda: bigquery_client("local", endpoint=stub.endpoint), timeout_s=5)
    yield archive
    archive.close()


@pytest.fixture
def money() -> Table:
    return Catalogue().table("ledger.money_entry_v1")


class TestBigQueryRowArchive(RowArchiveContract):
    @pytest.fixture
    def warehouse(self, stub: BigQueryStub) -> BigQueryWarehouse:
        return BigQueryWarehouse(lambda: bigquery_client("local", endpoint=stub.endpoint))

    @pytest.fixture
    def archive(self, rows: BigQueryRowArchive) -> BigQueryRowArchive:
        return rows

    @pytest.fixture
    def twins(self) -> Table:
        return Catalogue().table("twins.inventory_master_v1")


def test_every_statement_reads_as_of_the_moment(
    stub: BigQueryStub, rows: BigQueryRowArchive, money: Table
) -> None:
    stub.engine.append(money.full_name, [row("e1")])
    assert len(list(rows.rows(money, "a", at=datetime(2026, 11, 20, 7, 15, tzinfo=UTC)))) == 1
    assert stub.read_as_of == ["2026-11-20 07:15:00+00:00"] * 2


def test_rows_that_are_still_in_the_buffer_are_told_apart_from_a_refusal(
    stub: BigQueryStub, rows: BigQueryRowArchive, money: Table
) -> None:
    stub.fail_next(400, "invalidQuery", message=IN_BUFFER)
    with pytest.raises(StillWriting, match=r"\[ledger.money_entry_v1\].*again in 90 minutes"):
        rows.delete(money, "a")
    stub.fail_next(400, "invalidQuery", message="Unrecognized name")
    with pytest.raises(Misconfigured, match="Unrecognized name"):
        rows.delete(money, "a")


def test_a_load_that_was_begun_before_is_not_done_twice(
    stub: BigQueryStub, rows: BigQueryRowArchive, money: Table
) -> None:
    content = b"".join(row_lines(money, [row("e1"), row("e2")]))
    for _ in range(3):
        rows.load(money, io.BytesIO(content), job="import-a-run1")
    assert (stub.jobs.loads, rows.count(money, "a")) == (1, 2)


def statements(table: Table) -> Iterator[object]:
    at = datetime(2026, 11, 20, 7, 15, 0, 1, tzinfo=UTC)
    for moment in (None, at):
        yield table_statements.rows(table, moment, None)
        if table.partition:
            yield table_statements.months(table, moment)
            yield table_statements.rows(table, moment, datetime(2026, 12, 1).date())
    yield table_statements.count(table)


def test_googlesql_accepts_every_statement_made_here() -> None:
    tables = Catalogue().tables
    analyser = GoogleSqlAnalyser(tables.values())
    made = [statement for table in tables.values() for statement in statements(table)]
    assert [problem for one in made if (problem := analyser.problem(one))] == []  # type: ignore[arg-type]  # queries


def test_every_statement_on_a_partitioned_table_filters_its_partition() -> None:
    for table in Catalogue().tables.values():
        if table.partition:
            made = [*statements(table), table_statements.delete(table)]
            assert all(f"{table.partition.field} >= " in one.sql for one in made)  # type: ignore[attr-defined]  # queries


@pytest.fixture
def gcs() -> Iterator[GcsStub]:
    with gcs_stub("files") as stub:
        stub.page_size = 3
        yield stub


class TestGcsFiles(FilesContract):
    @pytest.fixture
    def files(self, gcs: GcsStub) -> Iterator[GcsFiles]:
        files = GcsFiles(bucket="files", project="demo", prefix="exports/one", endpoint=gcs.url, timeout_s=5)
        yield files
        files.close()


def test_a_file_that_could_not_be_written_is_not_sent_later(gcs: GcsStub) -> None:
    """The library's writer sends what is left when it is collected: half a file would look whole."""
    files = GcsFiles(bucket="files", project="demo", endpoint=gcs.url, timeout_s=0.5)
    with pytest.raises(Unavailable), files.create("half.jsonl") as file:
        file.write(b"the first of two lines\n")
        gcs.fail_with = 503
        raise Unavailable("the second line is not there")
    del file
    gcs.fail_with = None
    gc.collect()
    assert gcs.objects == {}
    with pytest.raises(Unavailable), files.create("whole.jsonl") as file:
        file.write(b"a line\n")
        gcs.fail_with = 503
    del file
    gcs.fail_with = None
    gc.collect()
    assert gcs.objects == {}
    files.close()


@pytest.mark.parametrize(("status", "error"), [(503, Unavailable), (403, Misconfigured)])
def test_storage_on_a_bad_day(gcs: GcsStub, status: int, error: type[Exception]) -> None:
    files = GcsFiles(bucket="files", project="demo", endpoint=gcs.url, timeout_s=0.5)
    gcs.fail_with = status
    with pytest.raises(error), files.create("a") as file:
        file.write(b"x")
    with pytest.raises(error):
        list(files.list())
    files.close()


@pytest.fixture
def identity() -> Iterator[IdentityStub]:
    with identity_stub() as stub:
        stub.page_size = 2
        yield stub


class TestIdentityPlatformAccounts(AccountsContract):
    @pytest.fixture
    def accounts(self, identity: IdentityStub) -> Iterator[Accounts]:
        accounts = IdentityPlatformAccounts(project="demo", base_url=identity.url)
        yield accounts
        accounts.close()


def test_a_revoked_account_has_no_claims_and_no_session_before_the_moment(identity: IdentityStub) -> None:
    accounts = IdentityPlatformAccounts(project="demo", base_url=identity.url)
    uid = identity.add("ann@example.com", tenant_id="a", roles=["ceo"])
    account = accounts.find("ann@example.com")
    assert account
    now = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(milliseconds=900)
    accounts.revoke(account, now=now)
    user = identity.users[uid]
    assert (user["customAttributes"], user["validSince"]) == ("{}", str(int(now.timestamp())))
    accounts.close()


def test_the_owners_own_credentials_are_shown_and_the_project_is_billed(
    identity: IdentityStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    known = {"type": "service_account", "client_email": "owner@demo.example", "private_key": pem}
    file = tmp_path / "credentials.json"
    file.write_text(json.dumps({**known, "private_key_id": "1", "token_uri": f"{identity.url}/token"}))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    monkeypatch.setattr(admin_accounts, "URL", identity.url)
    accounts = IdentityPlatformAccounts(project="demo-project")
    accounts.create("ann@example.com")
    accounts.close()
    (headers,) = identity.headers
    assert headers["authorization"] == "Bearer of-the-owner"
    assert headers["x-goog-user-project"] == "demo-project"


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (403, "PERMISSION_DENIED", Misconfigured),
        (404, "CONFIGURATION_NOT_FOUND", Misconfigured),
        (429, "QUOTA_EXCEEDED", Unavailable),
        (503, "UNAVAILABLE", Unavailable),
        (400, "INVALID_EMAIL", InvalidInput),
    ],
)
def test_identity_platform_on_a_bad_day(
    identity: IdentityStub, status: int, message: str, error: type[Exception]
) -> None:
    accounts = IdentityPlatformAccounts(project="demo", base_url=identity.url)
    identity.fail_with = (status, message)
    with pytest.raises(error, match=message):
        accounts.find("ann@example.com")
    accounts.close()
