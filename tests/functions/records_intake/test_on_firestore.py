"""The same intake on Firestore: its limits of a commit and its own idea of types change nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.records_intake.intake import CHUNK_ROWS
from functions.records_intake.main import RecordsFile, take_records
from functions.records_intake.report import IntakeReport
from shared.adapters.google.documents import FirestoreDocuments
from shared.adapters.system import RandomIds
from shared.platform import Factory, Platform
from shared.ports import Message
from shared.runtime.auth import Caller
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.testing.harness import settings_for

Row = dict[str, Any]

KEY = Caller("api_key", "api_keys/dms", "autohaus")


class KeptMessages:
    def __init__(self) -> None:
        self.messages: list[Message] = []

    def publish(self, messages: Sequence[Message]) -> None:
        self.messages += messages


class FixedClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 20, 16, tzinfo=UTC)


@pytest.fixture
def platform(firestore_host: str, project: str, tmp_path: Any) -> Iterator[Platform]:
    documents = FirestoreDocuments(project=project, emulator_host=firestore_host)
    bus = KeptMessages()
    ports: dict[str, Factory] = {
        "documents": lambda _: documents,
        "bus": lambda _: bus,
        "clock": lambda _: FixedClock(),
        "ids": lambda _: RandomIds(),
    }
    opened = Platform(settings_for(tmp_path), ports)
    yield opened
    opened.close()


def send(platform: Platform, kind: str, rows: list[Row], cause: str = "c1") -> IntakeReport:
    file = RecordsFile(media_type="application/json", content=json.dumps(rows).encode())
    told = Cause(id=cause, function="records_intake", tenant_id="autohaus", correlation_id=cause)
    return run_unit(platform, told, lambda work: take_records(kind, file, work, KEY))


def test_postings_and_corrections_go_in_once(platform: Platform, entries: Callable[[int], list[Row]]) -> None:
    rows = entries(2 * CHUNK_ROWS + 1)
    rows.append({**rows[0], "entry_id": "C-1", "amount": "-0.50", "corrects": "E-0"})
    assert send(platform, "ledger_entries", rows).created == len(rows)
    assert send(platform, "ledger_entries", rows, "c2").unchanged == len(rows)
    bus = platform.bus
    assert isinstance(bus, KeptMessages)
    assert sum(message.topic == "money-entry-recorded" for message in bus.messages) == len(rows)


@pytest.mark.parametrize("order", [("vehicles", "deals"), ("deals", "vehicles")])
def test_dates_times_and_money_are_unchanged_when_they_come_again(
    platform: Platform, vehicle: Row, order: tuple[str, str]
) -> None:
    deal = {
        "deal_number": "D/1",
        "stage": "new",
        "opened_on": "2026-11-01",
        "vin": vehicle["vin"],
        "amount": "5",
    }
    deal |= {"customer_name": "Ann", "last_activity_at": "2026-11-02T10:00:00.123456Z"}
    rows = {"vehicles": [vehicle], "deals": [deal]}
    assert [send(platform, kind, rows[kind]).created for kind in order] == [1, 1]
    assert [send(platform, kind, rows[kind]).unchanged for kind in order] == [1, 1]
    stored = platform.tenant("autohaus").documents.get(f"vehicles/{vehicle['vin']}")
    assert stored and stored.data["open_deal_number"] == "D/1"


def test_two_hundred_orders_with_as_many_long_lines_go_in(platform: Platform, vehicle: Row) -> None:
    """Together over 10 MiB, which no commit holds."""
    lines = [{"kind": "labour", "description": "x" * 200, "amount": "1.00"} for _ in range(200)]
    order = {
        "status": "open",
        "customer_name": "Ann",
        "opened_at": "2026-11-02T10:00:00Z",
        "vin": vehicle["vin"],
        "lines": lines,
    }
    orders = [{**order, "ro_number": f"R-{n}"} for n in range(220)]
    assert send(platform, "repair_orders", orders).created == len(orders)
