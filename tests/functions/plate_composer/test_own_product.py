"""What needs a product of its own: broken stores, other settings, a ledger nobody else writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shared.errors import InvalidInput, Unavailable
from shared.manifest import FUNCTIONS, read_manifest
from shared.ports import Row, Write
from shared.testing.harness import running
from tests.functions.plate_composer.conftest import Asking, take_in

MANIFEST = read_manifest(FUNCTIONS / "plate_composer" / "function.yaml")
VIN = "1HGCM82633A004352"


def test_a_message_that_waited_long_enough_goes_first(tmp_path: Path) -> None:
    with running(tmp_path, order_wait_seconds=0.01) as harness:
        asking = Asking(harness, "s1")
        late, early = asking.event("FINANCE"), asking.event("SERVICE")
        assert asking.deliver(early).status == 200
        assert asking.deliver(late).status == 200, "what was overtaken is answered too"
        assert asking.session()["answered_seq"] == 2 and len(asking.frames()) == 2


class BrokenWarehouse:
    """Fails each query in the way it is told."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def query(self, name: str, parameters: Any) -> list[Row]:
        raise self.error

    def append(self, table: str, rows: Any) -> None: ...


@pytest.mark.parametrize("error", [Unavailable("away"), ZeroDivisionError("a bug")])
def test_after_the_last_attempt_the_person_is_told_and_the_message_counts_as_given_up(
    tmp_path: Path, error: Exception
) -> None:
    with running(tmp_path, replaced={"warehouse": lambda _: BrokenWarehouse(error)}) as harness:
        asking = Asking(harness, "s1")
        event = asking.event("FINANCE")
        assert asking.deliver(event, attempt=1).status >= 500 and asking.frames() == []
        for _ in range(2):
            assert asking.deliver(event, attempt=MANIFEST.max_attempts).status >= 500
        (frame,) = asking.frames()
        assert (frame["type"], frame["reason"]) == ("ERROR", "given_up")
        assert "away" not in frame["text"] and "bug" not in frame["text"]
        rows = asking.ledger("event.dead_lettered")
        assert rows[0]["outcome"] == "dead_lettered" and rows[0]["causation_id"] == "event-s1-1"


def test_what_a_query_refuses_is_answered_in_words(tmp_path: Path) -> None:
    with running(tmp_path, replaced={"warehouse": lambda _: BrokenWarehouse(InvalidInput("no"))}) as harness:
        assert Asking(harness, "s1").ask("FINANCE")["reason"] == "rejected"


def test_the_error_rate_of_today_comes_from_what_the_runtime_wrote(tmp_path: Path) -> None:
    with running(tmp_path) as harness:
        asking = Asking(harness, "s1")
        asking.ask("SERVICE")
        asking.deliver(asking.event("SERVICE", seq=99).model_copy(update={"session_id": "nobody"}))
        harness.call(
            "POST",
            "/api/records/staff",
            json=[{"staff_id": "1", "name": "A B", "role": "sales"}],
            api_key=True,
        )
        harness.settle()
        frame = asking.ask("SYSTEM_HEALTH")
        (row,) = frame["dataset"]
        assert (row["unit_count"], row["ok_count"], row["rejected_count"], row["failed_count"]) == (
            3,
            2,
            1,
            0,
        )
        assert (row["error_rate"], row["plate_count"]) == (0.0, 1)
        hops = {part["name"] for part in frame["details"]["latency"] if part["kind"] == "hop"}
        assert {"membrane", "plate_composer", "plate_composer_queue"} <= hops
        assert [part["reason"] for part in frame["details"]["problems"]] == ["NotFound"]


def test_attempts_of_one_event_are_one_unit_and_a_good_retry_is_no_error(tmp_path: Path) -> None:
    with running(tmp_path) as harness:
        asking = Asking(harness, "s1")
        event = asking.event("SERVICE")
        harness.tenant().documents.commit([_broken_order()])
        assert asking.deliver(event).status == 500
        harness.tenant().documents.commit([_broken_order(gone=True)])
        assert asking.deliver(event, attempt=2).status == 200
        harness.settle()
        row = asking.ask("SYSTEM_HEALTH")["dataset"][0]
        assert (row["unit_count"], row["retried_count"], row["error_rate"]) == (1, 1, 0.0)


def _broken_order(*, gone: bool = False) -> Any:
    return Write("repair_orders/broken", None if gone else {"status": "open"})


def test_a_long_list_is_cut_and_says_so(tmp_path: Path) -> None:
    with running(tmp_path) as harness:
        order = {"vin": VIN, "opened_at": "2026-03-02T15:00:00Z", "customer_name": "Ann Lee"}
        take_in(harness, "repair_orders", *({**order, "ro_number": f"RO-{number}"} for number in range(205)))
        frame = Asking(harness, "s1").ask("SERVICE")
        assert (len(frame["dataset"]), frame["total"], frame["truncated"]) == (200, 205, True)
