"""What the owner's tools rely on of a store: all is found, in one order, and goes when it is told to."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.admin.lines import document_line, read_document, row_lines
from shared.admin.ports import Accounts, DocumentArchive, FileInfo, Files, RowArchive
from shared.errors import InvalidInput, NotFound
from shared.ports import Documents, Warehouse, Write
from shared.sql_catalogue import Table
from shared.testing.contracts.documents import EVERYTHING

IN_ORDER = [
    "tenants/a/gone/1/below/9",
    "tenants/a/s/1",
    "tenants/a/s/1/f/1",
    "tenants/a/s/1/f/2",
    "tenants/a/s/1-x",
    "tenants/a/s/10",
    "tenants/a/s/é",
    "tenants/a/s-b/1",
]
"""By segments: what is below a document comes before the next one whose name begins with its own."""

OTHERS = ["tenants/a", "tenants/a-b", "tenants/a-b/s/1", "tenants/a0/s/1", "tenants/aa/s/1", "api_keys/1"]


class DocumentArchiveContract:
    def test_everything_below_a_document_is_found_in_order_and_nothing_beside_it(
        self, documents: Documents, archive: DocumentArchive
    ) -> None:
        documents.commit([Write(path, {"at": path}) for path in [*reversed(IN_ORDER), *OTHERS]])
        found = list(archive.below("tenants/a"))
        assert [one.path for one in found] == IN_ORDER
        assert all(one.data == {"at": one.path} for one in found)
        assert list(archive.below("tenants/nobody")) == []

    def test_more_than_a_page_is_read_once_each(self, documents: Documents, archive: DocumentArchive) -> None:
        wanted = [f"tenants/a/s/{number:05d}" for number in range(1_203)]
        for start in range(0, len(wanted), 400):
            documents.commit([Write(path, {"n": path}) for path in wanted[start : start + 400]])
        assert [one.path for one in archive.below("tenants/a")] == wanted
        assert [one.path for one in archive.in_collection("tenants/a/s")] == wanted

    def test_a_collection_is_read_alone_and_by_a_field(
        self, documents: Documents, archive: DocumentArchive
    ) -> None:
        documents.commit([Write(f"keys/{n}", {"tenant_id": "ab"[n % 2]}) for n in range(4)])
        documents.commit([Write("keys/0/below/1", {"tenant_id": "a"}), Write("keys-b/1", {"tenant_id": "a"})])
        assert [one.path for one in archive.in_collection("keys")] == [f"keys/{n}" for n in range(4)]
        found = archive.in_collection("keys", where=("tenant_id", "a"))
        assert [one.path for one in found] == ["keys/0", "keys/2"]

    def test_what_is_deleted_while_it_is_read_is_read_to_its_end(
        self, documents: Documents, archive: DocumentArchive
    ) -> None:
        documents.commit([Write(f"tenants/a/s/{number:04d}", {"n": 1}) for number in range(700)])
        seen = 0
        for one in archive.below("tenants/a"):
            documents.commit([Write(one.path, None)])
            seen += 1
        assert seen == 700 and list(archive.below("tenants/a")) == []

    def test_a_document_of_every_kind_of_value_comes_back_from_its_line(
        self, documents: Documents, archive: DocumentArchive
    ) -> None:
        odd = {**EVERYTHING, "$time": "no time", "map_of": {"$time": "x"}, "one": {"$map": {"a": 1}}}
        documents.commit([Write("tenants/a/odd/1", odd)])
        (first,) = archive.below("tenants/a")
        line = document_line(first)
        documents.commit([read_document(line)])
        (second,) = archive.below("tenants/a")
        assert (second.data, document_line(second)) == (odd, line)

    def test_its_present_moment_is_in_no_future(self, archive: DocumentArchive) -> None:
        assert abs((archive.now() - datetime.now(UTC)).total_seconds()) < 60


def row(entry_id: str, **changes: Any) -> dict[str, Any]:
    """A row of `ledger.money_entry_v1`."""
    return {
        "entry_id": entry_id,
        "tenant_id": "a",
        "occurred_on": date(2026, 3, 31),
        "lane": "A",
        "category": "sales",
        "direction": "income",
        "amount": Decimal("10.50"),
        "currency": "USD",
        "recorded_at": datetime(2026, 4, 1, 12, 0, 0, 5, tzinfo=UTC),
        **changes,
    }


def twin(vin: str, **changes: Any) -> dict[str, Any]:
    """A row of `twins.inventory_master_v1`, which has no partition."""
    flags = [{"severity": "red", "area": "Ærø", "cost": 1.5}, {"b": None, "a": 1}]
    moment = datetime(2026, 4, 1, tzinfo=UTC)
    return {"tenant_id": "a", "vin": vin, "recorded_at": moment, "digital_twin_flags": flags, **changes}


class RowArchiveContract:
    """`warehouse` serves the same tables."""

    def test_rows_come_by_month_and_key_and_only_the_tenants_own(
        self, warehouse: Warehouse, archive: RowArchive, money: Table
    ) -> None:
        days = [date(2026, 4, 1), date(2026, 3, 31), date(2025, 12, 31), date(2026, 1, 1)]
        rows = [row(f"e{number}", occurred_on=day) for number, day in enumerate(days)]
        warehouse.append(money.full_name, [*rows, row("e0"), row("x", tenant_id="b")])
        found = [(one["entry_id"], one["occurred_on"].isoformat()) for one in archive.rows(money, "a")]
        in_order = [("e2", "2025-12-31"), ("e3", "2026-01-01"), ("e0", "2026-03-31"), ("e1", "2026-03-31")]
        assert found == [*in_order, ("e0", "2026-04-01")]
        assert archive.count(money, "a") == 5 and archive.count(money, "nobody") == 0

    def test_a_row_delivered_twice_is_there_twice(
        self, warehouse: Warehouse, archive: RowArchive, money: Table
    ) -> None:
        warehouse.append(money.full_name, [row("e1", lane="B"), row("e2")])
        warehouse.append(money.full_name, [row("e1")])
        lines = list(row_lines(money, archive.rows(money, "a")))
        assert len(lines) == 3 and [b'"lane":"B"' in line for line in lines] == [False, True, False]

    def test_what_was_read_can_be_deleted_and_loaded_again_byte_by_byte(
        self, warehouse: Warehouse, archive: RowArchive, money: Table, twins: Table
    ) -> None:
        warehouse.append(money.full_name, [row(f"e{n:04d}", description=f"Ä {n}") for n in range(4_321)])
        warehouse.append(twins.full_name, [twin("VIN1", price=Decimal("12345.000000001")), twin("VIN2")])
        for table in (money, twins):
            before = b"".join(row_lines(table, archive.rows(table, "a")))
            count = archive.count(table, "a")
            assert archive.delete(table, "a") == count and archive.count(table, "a") == 0
            archive.load(table, io.BytesIO(before), job=f"test-{table.name}")
            assert b"".join(row_lines(table, archive.rows(table, "a"))) == before

    def test_deleting_leaves_the_neighbour_alone(
        self, warehouse: Warehouse, archive: RowArchive, money: Table
    ) -> None:
        warehouse.append(money.full_name, [row("e1"), row("e1", tenant_id="b")])
        assert archive.delete(money, "a") == 1
        assert (archive.count(money, "a"), archive.count(money, "b")) == (0, 1)
        assert archive.delete(money, "a") == 0

    def test_a_load_with_one_bad_line_loads_nothing(self, archive: RowArchive, money: Table) -> None:
        good = b"".join(row_lines(money, [row(f"e{n}") for n in range(2_500)]))
        with pytest.raises(Exception, match="money_entry_v1"):
            archive.load(money, io.BytesIO(good + b'{"tenant_id":"a","entry_id":"bad"}\n'), job="test-2")
        assert archive.count(money, "a") == 0
        archive.load(money, io.BytesIO(good), job="test-2")
        assert archive.count(money, "a") == 2_500


class FilesContract:
    def test_what_was_written_in_pieces_comes_back_whole(self, files: Files) -> None:
        pieces = [bytes([number]) * 300_000 for number in range(9)]
        with files.create("tenants/a/media/v1.mp4") as file:
            for piece in pieces:
                file.write(piece)
        with files.open("tenants/a/media/v1.mp4") as file:
            assert file.read() == b"".join(pieces)
        assert list(files.list()) == [FileInfo("tenants/a/media/v1.mp4", 2_700_000)]

    def test_lines_are_read_one_by_one_and_again_from_the_start(self, files: Files) -> None:
        lines = [f"{number} {'x' * (number % 700)}\n".encode() for number in range(5_000)]
        with files.create("a.jsonl") as file:
            file.writelines(lines)
        with files.open("a.jsonl") as file:
            assert list(file) == lines
            file.seek(0)
            assert file.readline() == lines[0]

    def test_what_was_not_finished_is_not_there(self, files: Files) -> None:
        with pytest.raises(InvalidInput), files.create("a") as file:
            file.write(b"x" * 3_000_000)
            raise InvalidInput("the disk of the other side is full")
        assert list(files.list()) == []
        with pytest.raises(NotFound, match=r"\[a\]"), files.open("a"):
            raise AssertionError("there is nothing to be opened")

    def test_an_empty_file_is_a_file(self, files: Files) -> None:
        with files.create("empty"):
            pass
        with files.open("empty") as file:
            assert file.read() == b"" and list(files.list()) == [FileInfo("empty", 0)]

    def test_they_are_listed_by_prefix_in_order_and_go(self, files: Files) -> None:
        for key in ("b/2", "b/1", "b-1", "c"):
            with files.create(key) as file:
                file.write(key.encode())
        assert [info.key for info in files.list("b/")] == ["b/1", "b/2"]
        files.delete("b/1")
        files.delete("b/1")
        assert [info.key for info in files.list()] == ["b-1", "b/2", "c"]

    @pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/.hidden"])
    def test_no_key_leads_out(self, files: Files, key: str) -> None:
        with pytest.raises(InvalidInput), files.create(key):
            raise AssertionError("this was not to be opened")


class AccountsContract:
    def test_rights_are_given_replaced_and_taken(self, accounts: Accounts) -> None:
        assert accounts.find("ann@example.com") is None
        made = accounts.create("ann@example.com")
        assert (made.email, made.tenant_id, made.roles) == ("ann@example.com", "", ())
        accounts.grant(made, tenant_id="a", roles=["ceo"])
        accounts.grant(made, tenant_id="a", roles=["sales", "advisor"])
        found = accounts.find("ann@example.com")
        assert found and (found.uid, found.tenant_id, found.roles) == (made.uid, "a", ("sales", "advisor"))
        accounts.revoke(found, now=datetime(2026, 11, 20, tzinfo=UTC))
        revoked = accounts.find("ann@example.com")
        assert revoked and (revoked.uid, revoked.tenant_id, revoked.roles) == (made.uid, "", ())
        accounts.delete(revoked)
        assert accounts.find("ann@example.com") is None

    def test_those_of_a_tenant_are_found(self, accounts: Accounts) -> None:
        for number, tenant in enumerate("aabab"):
            account = accounts.create(f"u{number}@example.com")
            accounts.grant(account, tenant_id=tenant, roles=["sales"])
        accounts.create("nobody@example.com")
        assert {one.email for one in accounts.of_tenant("a")} == {
            "u0@example.com",
            "u1@example.com",
            "u3@example.com",
        }
