"""A frame in plain words for a text message: short, whole, and with the frame's own figures."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.texting.frame_words import LIMIT, in_words

LINK = "https://cos.example.com/chat/5f0c"
COLUMNS = [
    {"name": "lane", "label": "Lane", "unit": ""},
    {"name": "net", "label": "Net", "unit": "USD"},
    {"name": "share", "label": "Share", "unit": "share"},
    {"name": "at", "label": "Since", "unit": "time"},
]


def panel(rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    frame = {"type": "MOUNT_PLATE", "title": "Money, today", "columns": COLUMNS, "dataset": rows}
    return {**frame, "total": len(rows), **more}


def test_a_row_is_told_with_its_units_in_the_dealerships_time() -> None:
    row = {"lane": "A", "net": -1234.5, "share": 0.125, "at": "2026-11-20T18:30:00+00:00"}
    said = in_words(panel([row]), link=LINK, zone=ZoneInfo("America/Chicago"))
    assert said == f"Money, today; A, Net -$1,234.50, Share 12.5%, Since Nov 20 12:30 {LINK}"


def test_of_many_rows_the_first_are_told_and_the_others_counted() -> None:
    said = in_words(panel([{"lane": letter, "net": 1.0} for letter in "ABCDE"]), link=LINK)
    assert said == f"Money, today; A, Net $1.00; B, Net $1.00; C, Net $1.00 (+2 more) {LINK}"


def test_rows_that_were_not_sent_count_among_the_others() -> None:
    assert "(+499 more)" in in_words(panel([{"lane": "A"}], total=500))


def test_nothing_found_is_said_in_the_frames_own_words() -> None:
    assert in_words(panel([], note="No entry."), link=LINK) == f"Money, today. No entry. {LINK}"


def test_a_question_keeps_its_options_and_needs_no_page() -> None:
    frame = {"type": "CLARIFICATION", "question": "Which lane?", "options": ["Lane A", "Lane B"]}
    assert in_words(frame, link=LINK) == "Which lane? Lane A / Lane B"


@pytest.mark.parametrize("kind", ["HANDOFF", "ERROR"])
def test_other_frames_say_their_text(kind: str) -> None:
    assert in_words({"type": kind, "text": "Please try again."}, link=LINK) == "Please try again."


MONTHS = [
    {"name": "period_start", "label": "Period", "unit": "date"},
    {"name": "net", "label": "Net", "unit": "USD"},
]


def chart(bucket: str, *starts: str) -> dict[str, Any]:
    rows = [{"period_start": start, "net": float(place)} for place, start in enumerate(starts, 1)]
    sums = {"details": {"total": [{"part": "all", "net": 99.0}]}}
    named = {"detail_columns": {"total": [{"name": "part", "label": "Part", "unit": ""}, MONTHS[1]]}}
    return panel(rows, title="Money", columns=MONTHS, filters={"bucket": bucket}, **sums, **named)


def test_a_chart_tells_its_sum_and_its_newest_periods() -> None:
    said = in_words(chart("month", "2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"), link=LINK)
    assert said == (
        "Money; in all Net $99.00; Nov 2026, Net $4.00; Oct 2026, Net $3.00; Sep 2026, Net $2.00 "
        f"(+1 more) {LINK}"
    )


def test_a_week_is_told_by_its_first_day_and_a_day_with_its_year() -> None:
    assert "week of Nov 16, 2026, Net $2.00" in in_words(chart("week", "2026-11-09", "2026-11-16"))
    assert "Nov 20, 2026, Net $2.00" in in_words(chart("day", "2026-11-19", "2026-11-20"))


def test_a_chart_of_one_period_does_not_say_the_same_twice() -> None:
    assert in_words(chart("day", "2026-11-20")) == "Money; Nov 20, 2026, Net $1.00"


def test_what_one_can_ask_is_told_as_questions_to_be_texted() -> None:
    rows = [
        {"shows": "Money.", "examples": ["Show me Lane A", "Net profit"]},
        {"shows": "Cars.", "examples": ["Hondas?"]},
    ]
    said = in_words(panel(rows, plate_id="HELP", columns=[]), link=LINK)
    assert said == "You can ask for example: Show me Lane A / Hondas?"


def test_a_list_in_a_row_is_told_without_brackets() -> None:
    said = in_words(panel([{"lane": ["A", "B"]}]))
    assert said.endswith("Lane A / B")


def test_a_vehicle_is_told_as_people_say_it_and_a_state_without_underscores() -> None:
    names = ("stock_number", "year", "make", "model", "status")
    columns = [{"name": name, "label": name.capitalize(), "unit": ""} for name in names]
    row = dict(zip(names, ("U1", 2021, "Jeep", "Wrangler", "in_transit"), strict=True))
    assert in_words(panel([row], columns=columns)) == "Money, today; U1, 2021 Jeep Wrangler, in transit"


def test_a_short_note_is_told_with_the_rows() -> None:
    said = in_words(panel([{"lane": "A"}], note="3 trips are under way."))
    assert said == "Money, today. 3 trips are under way; A"


VALUES = st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.booleans(), st.none())
ROWS = st.lists(st.dictionaries(st.sampled_from(["lane", "net", "share", "at"]), VALUES), max_size=6)


@given(rows=ROWS, title=st.text(max_size=500), note=st.text(max_size=500), total=st.integers(0, 10_000))
def test_whatever_a_panel_holds_it_fits_and_ends_with_its_page(
    rows: list[dict[str, Any]], title: str, note: str, total: int
) -> None:
    said = in_words(panel(rows, title=title, note=note, total=total), link=LINK)
    assert len(said) <= LIMIT and said.endswith(LINK)


@given(text=st.text(), options=st.lists(st.text(), max_size=5))
def test_whatever_a_question_holds_it_fits(text: str, options: list[str]) -> None:
    assert len(in_words({"type": "CLARIFICATION", "question": text, "options": options}, link=LINK)) <= LIMIT
