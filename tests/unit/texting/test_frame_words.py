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
