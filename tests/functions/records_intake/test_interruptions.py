"""The intake is killed, raced and repeated: nothing is lost, nothing is doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from functions.records_intake.intake import CHUNK_ROWS
from shared.adapters.embedded.bus import SqliteBus
from shared.adapters.embedded.documents import SqliteDocuments
from shared.events.records import RecordsReceived
from shared.ports import Message, Write
from shared.runtime.cause import Cause
from shared.runtime.work import UnitOfWork
from shared.testing.harness import Harness, running

Row = dict[str, Any]
Entries = Callable[[int], list[Row]]


class Killed(BaseException):
    """The process dies here: no handler, no clean-up, no answer."""


class DyingBus(SqliteBus):
    """Dies at its second publish: the chunk's commit has happened, its messages have not gone out."""

    publishes = 0

    def publish(self, messages: Sequence[Message]) -> None:
        self.publishes += 1
        if self.publishes == 2:
            raise Killed
        super().publish(messages)


class DyingDocuments(SqliteDocuments):
    """Dies just before the commit of a chunk that holds the entry `dies_at`."""

    dies_at = f"E-{CHUNK_ROWS + 1}"

    def commit(self, writes: Sequence[Write]) -> list[str]:
        if any(write.path.endswith(f"/money_entries/{self.dies_at}") for write in writes):
            raise Killed
        return super().commit(writes)


class RacedDocuments(SqliteDocuments):
    """Somebody else posts the same entry between the second chunk's reads and its commit."""

    raced = False

    def commit(self, writes: Sequence[Write]) -> list[str]:
        meant = [write for write in writes if write.path.endswith(f"/money_entries/E-{CHUNK_ROWS + 1}")]
        if meant and not self.raced:
            self.raced = True
            super().commit(meant)
        return super().commit(writes)


def recorded(product: Harness) -> Counter[str]:
    product.settle()
    return Counter(event["data"]["entry_id"] for event in product.events("money-entry-recorded", 100_000))


def send(product: Harness, rows: list[Row], **headers: str) -> Any:
    return product.call("POST", "/api/records/ledger_entries", json=rows, api_key=True, headers=headers)


@pytest.mark.parametrize("port", ["bus", "documents"])
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "monday"}])
def test_a_killed_intake_sent_again_has_each_posting_once(
    tmp_path: Path, entries: Entries, port: str, headers: dict[str, str]
) -> None:
    rows = entries(3 * CHUNK_ROWS + 7)
    dying = {
        "bus": lambda p: DyingBus(p.settings.data_dir / "bus.db"),
        "documents": lambda p: DyingDocuments(p.settings.data_dir / "documents.db"),
    }
    with running(tmp_path, replaced={port: dying[port]}) as product, pytest.raises(Killed):
        send(product, rows, **headers)
    with running(tmp_path) as product:
        answer = send(product, rows, **headers).json()
        assert answer["created"] + answer["unchanged"] == len(rows)
        assert 0 < answer["unchanged"] < len(rows)
        assert recorded(product) == Counter(row["entry_id"] for row in rows)


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "monday"}])
def test_a_file_sent_again_before_the_outbox_is_swept_loses_no_message(
    tmp_path: Path, entries: Entries, headers: dict[str, str]
) -> None:
    rows = entries(3 * CHUNK_ROWS)
    dying = {"bus": lambda p: DyingBus(p.settings.data_dir / "bus.db")}
    with running(tmp_path, replaced=dying) as product:
        with pytest.raises(Killed):
            send(product, rows, **headers)
        assert send(product, rows, **headers).json()["unchanged"] == 2 * CHUNK_ROWS
        assert recorded(product).total() == 2 * CHUNK_ROWS
        product.product.recover()
        assert recorded(product) == Counter(row["entry_id"] for row in rows)


def test_a_run_that_begins_again_never_overwrites_what_the_run_before_left_unpublished(
    tmp_path: Path,
) -> None:
    cause = Cause(id="c1", function="records_intake", tenant_id="autohaus", correlation_id="c1")
    with running(tmp_path) as product:
        for kind in ("vehicles", "staff"):
            work = UnitOfWork(tenant=product.tenant(), cause=cause, now=product.platform.clock.now())
            nothing = dict.fromkeys(("received", "created", "updated", "unchanged", "rejected"), 0)
            work.emit(RecordsReceived(kind=kind, **nothing))
            work.commit()
        product.product.recover()
        assert {event["data"]["kind"] for event in product.events("records-received")} == {
            "vehicles",
            "staff",
        }


def test_the_same_request_again_gets_the_same_answer(tmp_path: Path, entries: Entries) -> None:
    with running(tmp_path) as product:
        first = send(product, entries(3), **{"Idempotency-Key": "k"})
        second = send(product, entries(3), **{"Idempotency-Key": "k"})
        assert first.json() == second.json()
        assert recorded(product).total() == 3


def test_the_same_file_sent_twice_at_once_is_taken_in_once(tmp_path: Path, entries: Entries) -> None:
    rows = entries(2 * CHUNK_ROWS)
    with running(tmp_path) as product, ThreadPoolExecutor(4) as threads:
        answers = [answer.json() for answer in threads.map(lambda _: send(product, rows), range(4))]
        assert sum(answer["created"] for answer in answers) == len(rows)
        assert all(answer["created"] + answer["unchanged"] == len(rows) for answer in answers)
        assert recorded(product) == Counter(row["entry_id"] for row in rows)


def test_a_chunk_that_meets_another_writer_is_decided_again_on_what_is_there_now(
    tmp_path: Path, entries: Entries
) -> None:
    raced = {"documents": lambda p: RacedDocuments(p.settings.data_dir / "documents.db")}
    with running(tmp_path, replaced=raced) as product:
        answer = send(product, entries(2 * CHUNK_ROWS)).json()
        assert (answer["created"], answer["unchanged"]) == (2 * CHUNK_ROWS - 1, 1)


def test_ten_thousand_rows_take_seconds(tmp_path: Path, entries: Entries) -> None:
    import time

    with running(tmp_path) as product:
        started = time.perf_counter()
        assert send(product, entries(10_000)).json()["created"] == 10_000
        assert time.perf_counter() - started < 15
        assert recorded(product).total() == 10_000
