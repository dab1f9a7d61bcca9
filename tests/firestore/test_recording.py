"""The watched store answers as the one behind it, and what the product asks is noted with its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.domain.record import document_path
from shared.ports import Query, Write
from shared.runtime.lease import acquire, free_orphans
from shared.tenant_ports import TenantDocuments
from shared.testing.recording_documents import RecordingDocuments, Seen

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def documents(tmp_path: Path) -> Iterator[RecordingDocuments]:
    store = SqliteDocuments(tmp_path / "documents.db")
    yield RecordingDocuments(store, Seen())
    store.close()


def test_what_the_product_asks_is_noted_with_its_line_and_its_callers(documents: RecordingDocuments) -> None:
    acquire(documents, "tenants/t1/leases/one", now=NOW, seconds=30)
    assert free_orphans(documents, "t1") == 1
    (shape,) = documents.seen.asked
    assert str(shape) == "tenants/*/leases (state ==)"
    ((place, *_),) = documents.seen.asked[shape]
    line = Path(place.file).read_text(encoding="utf-8").splitlines()[place.line - 1]
    assert place.file == "shared/runtime/lease.py" and line[place.column :].startswith(
        "documents.query(Query("
    )


def test_what_a_test_asks_and_keeps_is_not_noted(documents: RecordingDocuments) -> None:
    documents.commit([Write(document_path("deals", "D1"), {"stage": "new"})])
    assert len(documents.query(Query("deals"))) == 1
    assert (documents.seen.asked, documents.seen.kept) == ({}, {})


def test_what_a_test_keeps_by_a_dealerships_port_is_not_noted_either(documents: RecordingDocuments) -> None:
    own = TenantDocuments(documents, "tenants/t1/")
    own.commit([Write(document_path("deals", "D1"), {"stage": "new"})])
    assert len(own.query(Query("deals"))) == 1
    assert (documents.seen.asked, documents.seen.kept) == ({}, {})


def test_a_time_to_go_is_noted_by_collection(documents: RecordingDocuments) -> None:
    acquire(documents, "tenants/t1/leases/one", now=NOW, seconds=30)
    acquire(documents, "tenants/t2/leases/one", now=NOW, seconds=30)
    assert documents.seen.kept == {"tenants/*/leases": {"time"}}
    assert documents.seen.fields["tenants/*/leases"] >= {"state", "until", "expires_at"}


def test_the_store_behind_is_asked_everything_else(documents: RecordingDocuments) -> None:
    documents.commit([Write("deals/D1", {"stage": "new"})])
    assert documents.get("deals/D1") == documents.get_many(["deals/D1"])[0] is not None
    assert "SEARCH" in documents.explain(Query("deals", (("stage", "==", "new"),)))
