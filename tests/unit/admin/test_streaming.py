"""What an export holds in memory does not grow with the dealership."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from shared.admin.export import Exporting
from shared.admin.export_files import batches
from shared.admin.ports import FileInfo
from shared.ports import Document
from shared.testing.harness import settings_for
from tests.unit.admin.owner import NOON, Owner, money, silent

MANY = 60_000


class Tally:
    """How many are read and not yet written."""

    def __init__(self) -> None:
        self.open = self.most = self.read = 0

    def reading(self) -> None:
        self.read += 1
        self.open += 1
        self.most = max(self.most, self.open)

    def written(self) -> None:
        self.open -= 1


class Endless:
    """An archive of documents and of rows that makes them when they are asked for."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def now(self) -> datetime:
        return NOON

    def below(self, path: str, *, at: datetime | None = None) -> Iterator[Document]:
        for number in range(MANY):
            self._tally.reading()
            yield Document(f"{path}/leads/{number:08d}", {"n": number}, "1")

    def in_collection(self, collection: str, **_: Any) -> Iterator[Document]:
        yield Document("tenants/harbor", {"name": "Harbor"}, "1")

    def rows(self, table: Any, tenant_id: str, *, at: datetime | None = None) -> Iterator[dict[str, Any]]:
        for number in range(MANY if table.name == "money_entry_v1" else 0):
            self._tally.reading()
            yield money(tenant_id, number)


class Counting:
    """Files that keep nothing but count the lines."""

    place = "nowhere"

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def list(self, prefix: str = "") -> Iterator[FileInfo]:
        return iter(())

    @contextmanager
    def create(self, key: str) -> Iterator[Any]:
        tally = self._tally

        class Sink:
            def write(self, line: bytes) -> None:
                if b'"n":' in line or b"entry_id" in line:
                    tally.written()

        yield Sink()


def test_at_most_a_few_pages_lie_between_the_store_and_the_file(tmp_path: Path) -> None:
    tally = Tally()
    owner = Owner(settings_for(tmp_path / "data"), tmp_path, ())
    with owner.admin(documents=lambda _: Endless(tally), rows=lambda _: Endless(tally)) as admin:
        exporting = Exporting(admin, "harbor", Counting(tally), NOON, silent)  # type: ignore[arg-type]  # no reading
        exporting._documents()
        exporting._rows()
    assert tally.read == 2 * MANY and tally.open == 0
    assert 1 <= tally.most <= 1_100


def test_a_restore_reads_a_commit_at_a_time() -> None:
    lines = BytesIO(b"".join(b"x" * 999 + b"\n" for _ in range(5_000)))
    found = list(batches(lines, most=300, most_bytes=200_000))
    assert {len(batch) for batch in found[:-1]} == {200} and sum(map(len, found)) == 5_000
    assert [len(one) for one in batches([b"x" * 500_000], most=300, most_bytes=200_000)] == [1]
