"""What a chunk of rows changes, against what is stored."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from functions.records_intake.chunk import Changes, decide, paths_to_read
from functions.records_intake.report import MOST_ERRORS, RowError, Tally
from shared.domain.money_entry import MoneyEntry
from shared.domain.record import Record
from shared.domain.staff import StaffMember


def member(staff_id: str = "1", name: str = "Ann") -> StaffMember:
    return StaffMember.model_validate({"staff_id": staff_id, "name": name, "role": "sales"})


def entry(entry_id: str, amount: str = "10", **more: str) -> MoneyEntry:
    row = {
        "entry_id": entry_id,
        "occurred_on": "2026-11-01",
        "lane": "C",
        "category": "fuel",
        "amount": amount,
    }
    return MoneyEntry.model_validate({**row, **more})


def taken(*records: Record, stored: dict[str, Any] | None = None) -> Changes:
    return decide(list(enumerate(records, start=1)), stored or {})


def test_new_changed_and_equal_rows_are_told_apart() -> None:
    stored = {"staff/1": member().to_document(), "staff/2": member("2").to_document()}
    changes = taken(member(), member("2", "Bob"), member("3"), stored=stored)
    assert changes.outcomes == ["unchanged", "updated", "created"]
    assert set(changes.documents) == {"staff/2", "staff/3"}


def test_the_last_of_several_rows_with_one_key_holds() -> None:
    changes = taken(member(), member(), member(name="Bob"))
    assert changes.outcomes == ["created", "unchanged", "updated"]
    assert changes.documents["staff/1"]["name"] == "Bob"


def test_what_other_capabilities_keep_in_the_document_stays() -> None:
    stored = {"staff/1": {**member().to_document(), "rating": 5}}
    assert taken(member(name="Bob"), stored=stored).documents["staff/1"]["rating"] == 5


def test_a_posted_entry_is_never_changed() -> None:
    stored = {"money_entries/E1": entry("E1").to_document()}
    changes = taken(entry("E1"), entry("E1", "11"), entry("E2"), entry("E2", "12"), stored=stored)
    assert changes.outcomes == ["unchanged", "created"]
    assert [(error.line, error.field) for error in changes.rejected] == [(2, "entry_id"), (4, "entry_id")]
    assert changes.documents["money_entries/E2"]["amount"] == "10.00"


def test_a_correction_needs_its_entry_stored_or_earlier_in_the_file() -> None:
    stored = {"money_entries/E0": entry("E0").to_document()}
    wanted = [entry("C0", "-1", corrects="E0"), entry("C1", "-1", corrects="E1"), entry("E1")]
    again = entry("C1", "-1", corrects="E1")
    changes = taken(*wanted, again, stored=stored)
    assert changes.outcomes == ["created", "created", "created"]
    assert [(error.line, error.field) for error in changes.rejected] == [(2, "corrects")]


def test_the_entries_that_are_corrected_are_read_too() -> None:
    assert paths_to_read([entry("C/1", "-1", corrects="E1"), entry("E1")]) == [
        "money_entries/C%2F1",
        "money_entries/E1",
    ]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))))
def test_sending_rows_a_second_time_changes_what_they_left_only_where_they_disagree(
    rows: list[tuple[str, str]],
) -> None:
    records = [member(key, name) for key, name in rows]
    once = taken(*records)
    twice = taken(*records, stored=once.documents)
    assert once.documents == {**once.documents, **twice.documents}
    assert len(twice.outcomes) == len(rows) and "created" not in twice.outcomes


def test_errors_are_bounded_and_the_rest_counted() -> None:
    tally = Tally("staff")
    for line in range(MOST_ERRORS + 50):
        tally.reject(
            [RowError(line=line, field="a", message="m"), RowError(line=line, field="b", message="m")]
        )
    report = tally.report([])
    assert (len(report.errors), report.errors_left_out) == (MOST_ERRORS, MOST_ERRORS + 100)
    assert report.rejected == report.received == MOST_ERRORS + 50


def test_errors_are_told_in_the_order_of_the_file() -> None:
    tally = Tally("vehicles")
    for line in (4, 2):
        tally.reject([RowError(line=line, field="vin", message="wrong")])
    assert [error.line for error in tally.report([]).errors] == [2, 4]
