"""Files of records in JSON, JSON lines and CSV: what is read, what is refused, and that nothing crashes."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.records_intake.raw_row import RawRow
from functions.records_intake.row_reading import read_row
from functions.records_intake.uploaded_file import MOST_ROWS, open_file
from functions.records_intake.uploaded_text import FORMATS
from shared.domain.record import Record
from shared.domain.staff import StaffMember
from shared.domain.vehicle import Vehicle
from shared.errors import InvalidInput, Malformed, Rejected, TooLarge

CSV, JSON, LINES = "text/csv", "application/json", "application/x-ndjson"
VIN = "1HGCM82633A004352"
HEADER = "vin,year,make,model"
ROW = f"{VIN},2003,Honda,Accord"


def rows_of(content: str | bytes, media_type: str = CSV, kind: type[Record] = Vehicle) -> list[RawRow]:
    body = content if isinstance(content, bytes) else content.encode()
    return list(open_file(body, media_type=media_type, kind=kind).rows())


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{ROW}\n",
        f"{HEADER}\r\n{ROW}",
        f"{HEADER}\r{ROW}\r",
        f"\ufeff{HEADER}\n{ROW}\n".encode(),
        f"{HEADER}\n{ROW}\n".encode("utf-16"),
        f"{HEADER}\n{ROW}\n".replace(",", ";"),
        f"{HEADER}\n{ROW}\n".replace(",", "\t"),
        f"sep=;\r\n{HEADER}\r\n{ROW}\r\n".replace(",", ";"),
        f" VIN , Model Year ,MAKE, Model\n{ROW}\n",
        f"\n\n{HEADER}\n\n{ROW}\n,,,\n\n",
        f'"vin","year","make","model"\n"{VIN}","2003","Honda","Accord"\n',
        f"{HEADER}\n{ROW},,\n",
    ],
)
def test_the_same_row_is_read_from_every_spreadsheet_program(content: str | bytes) -> None:
    assert [dict(row.values) for row in rows_of(content)] == [
        {"vin": VIN, "year": "2003", "make": "Honda", "model": "Accord"}
    ]


def test_windows_text_without_a_declared_charset_is_read() -> None:
    rows = rows_of("staff_id;name;role\n1;José Müller;sales\n".encode("cp1252"), kind=StaffMember)
    assert rows[0].values["name"] == "José Müller"


def test_a_row_is_told_by_the_line_it_begins_on() -> None:
    content = f'{HEADER},location\n{ROW},"back\nlot"\n{ROW},\n{ROW},"a ""b"""\n{ROW},a,b,c\n'
    rows = rows_of(content)
    assert [row.line for row in rows] == [2, 4, 5, 6]
    assert rows[2].values["location"] == 'a "b"'
    assert rows[3].problem == "the row has 7 cells, the header 5"


def test_a_line_that_names_the_separator_counts_as_a_line() -> None:
    assert [row.line for row in rows_of(f"sep=,\n{HEADER}\n{ROW}\n")] == [3]


def test_cells_left_out_at_the_end_are_empty() -> None:
    assert "trim" not in rows_of(f"{HEADER},trim\n{ROW}\n")[0].values


@pytest.mark.parametrize(
    ("content", "field"),
    [("vin,year,make\n", "model"), ("a;b;c\n1;2;3", "vin"), (f"{HEADER},VIN\n", "vin"), ("{}", "vin")],
)
def test_a_header_that_cannot_work_is_refused_naming_the_column(content: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        rows_of(content)
    assert field in {error.field for error in caught.value.errors}


def test_a_fields_own_name_wins_over_another_name_for_it() -> None:
    file = open_file(f"{HEADER},colour,Color\n{ROW},red,blue\n".encode(), media_type=CSV, kind=Vehicle)
    assert [row.values["colour"] for row in file.rows()] == ["red"]
    assert list(file.ignored) == ["Color"]


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b" \n ", f'{HEADER}\n{ROW},"never closed\n'.encode(), f'{HEADER}\n"{VIN}"x,2003,a,b'.encode()),
        *(b"PK\x03\x04 workbook", b"\xff\xfe\x00", f"{HEADER}\n\x00".encode(), b"vin\x81"),
        f'{HEADER}\n{ROW}\n"{"x" * 200_000}",1,2,3'.encode(),
    ],
)
def test_csv_that_breaks_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(Malformed):
        rows_of(content)


@pytest.mark.parametrize(
    "content",
    [
        '[{"vin": 1}]',
        ' \n[ {"vin" : 1} ] \n',
        '{"rows": [{"vin": 1}]}',
        '{"source": {"rows": []}, "rows": [{"vin": 1}], "total": 1}',
        b'\xef\xbb\xbf[{"VIN": 1}]',
    ],
)
def test_json_rows_are_an_array_or_lie_under_rows(content: str | bytes) -> None:
    assert rows_of(content, JSON) == [RawRow(1, {"vin": 1})]


@pytest.mark.parametrize(
    "content",
    [
        *(
            "",
            "[",
            "[{}",
            "[{},]",
            "[{}] []",
            "{}",
            '{"rows": 5}',
            '{"rows": [{}]',
            '{"a": [], "b"}',
            "7",
            '"x"',
        ),
        *(
            "[NaN]",
            "[" * 100_000,
            '{"a":' * 100_000,
            "[1" + "0" * 5000 + "]",
            "nothing",
            "[{} {}]",
            b"[\xff]",
        ),
    ],
)
def test_json_that_breaks_is_refused_as_a_whole(content: str | bytes) -> None:
    with pytest.raises(Malformed):
        rows_of(content, JSON)


def test_the_place_where_json_breaks_is_told() -> None:
    with pytest.raises(Malformed, match="line 2 column 3"):
        rows_of('[{"vin": 1},\n  oops]', JSON)


def test_what_is_no_object_is_a_bad_row_among_good_ones() -> None:
    rows = rows_of('[{"vin": 1}, [], null, {"VIN": 1, "vin": 2}]', JSON)
    assert [bool(row.problem) for row in rows] == [False, True, True, True]


def test_each_json_line_stands_for_itself() -> None:
    rows = rows_of('{"vin": 1}\n\n{"vin": \n{"vin": "\u2028"}\r\n', LINES)
    assert [(row.line, bool(row.problem)) for row in rows] == [(1, False), (3, True), (4, False)]


def test_ten_thousand_rows_are_read_and_one_more_is_too_many() -> None:
    assert len(rows_of(json.dumps([{}] * MOST_ROWS), JSON)) == MOST_ROWS
    with pytest.raises(TooLarge, match="10,000"):
        rows_of(json.dumps([{}] * (MOST_ROWS + 1)), JSON)
    with pytest.raises(TooLarge):
        rows_of(f"{HEADER}\n" + f"{ROW}\n" * (MOST_ROWS + 1))


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.sampled_from(sorted(FORMATS)))
def test_no_bytes_crash_the_reading(body: bytes, media_type: str) -> None:
    try:
        rows = list(open_file(body, media_type=media_type, kind=Vehicle).rows())
    except Rejected:
        return
    for row in rows:
        read_row(row, Vehicle, UTC)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
odd_rows = st.dictionaries(st.sampled_from([*Vehicle.model_fields, "VIN", "Price", "other"]), json_values)


@given(st.lists(odd_rows | json_values, max_size=12))
def test_every_json_row_is_either_a_record_or_has_errors_with_its_line(values: list[Any]) -> None:
    try:
        raw = rows_of(json.dumps(values, allow_nan=False), JSON)
    except ValueError:  # hypothesis made a NaN, which is no JSON
        return
    assert [row.line for row in raw] == list(range(1, len(values) + 1))
    for row in raw:
        read = read_row(row, Vehicle, UTC)
        assert not isinstance(read, list) or {error.line for error in read} == {row.line}


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@given(st.lists(st.lists(cells, min_size=4, max_size=4), max_size=8), st.sampled_from(",;\t|"))
def test_every_cell_comes_out_of_csv_as_it_went_in(table: list[list[str]], separator: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([HEADER.split(","), *table])
    kept = [[cell.strip() for cell in row] for row in table if any(cell.strip() for cell in row)]
    assert [list(row.values.values()) for row in rows_of(text.getvalue())] == kept


HALF = '{"vin": "x\\ud83d"}'
NAMED = '{"\\uDE00": 1}'
WITHIN = '{"lines": [{"description": ["\\udfff"]}]}'


@pytest.mark.parametrize("row", [HALF, NAMED, WITHIN])
def test_half_a_character_is_refused_as_no_store_or_answer_could_hold_it(row: str) -> None:
    with pytest.raises(Malformed, match="surrogate"):
        rows_of(f"[{row}]", JSON)
    good, bad = rows_of(f'{{"make": "\\ud83d\\ude00 \\\\ud83d"}}\n{row}', LINES)
    assert good.values == {"make": "\U0001f600 \\ud83d"}
    assert "surrogate" in bad.problem


@pytest.mark.parametrize("start", ["", "sep=;\n", "\n\n"])
def test_a_line_of_separators_is_refused_before_it_is_taken_apart(start: str) -> None:
    with pytest.raises(Malformed, match="header of the CSV has"):
        rows_of(start + ";" * 60_000 + "\n" + ROW)
