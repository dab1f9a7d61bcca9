"""Rows of a CSV file with a header, as spreadsheet programs anywhere write them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from functions.records_intake.column_names import Columns, read_columns
from functions.records_intake.raw_row import RawRow
from shared.domain.record import Record
from shared.errors import FieldError, InvalidInput, Malformed

_SEPARATORS = (",", ";", "\t", "|")

LONGEST_HEADER = 50_000
"""Characters. No export comes near; a line of separators alone would keep the reader busy for seconds."""


def read_csv(text: str, kind: type[Record]) -> tuple[Columns, Iterator[RawRow]]:
    """The columns and, read one by one, the rows.

    Raises `Malformed` for a broken quotation, `InvalidInput` naming columns that are missing or doubled.
    """
    separator, text = _separator(text, kind)
    lines = _lines(text, separator)
    header = next((cells for _, cells in lines if any(cells)), [])
    columns = read_columns(kind, header)
    _check(columns, kind)
    return columns, _rows(lines, header, columns)


def _rows(lines: Iterator[tuple[int, list[str]]], header: list[str], columns: Columns) -> Iterator[RawRow]:
    fields = [columns.meaning.get(name) for name in header]
    for line, cells in lines:
        if not any(cells):
            continue
        if len(cells) > len(header) and any(cells[len(header) :]):
            yield RawRow(line, problem=f"the row has {len(cells)} cells, the header {len(header)}")
            continue
        # Spreadsheets leave out empty cells at the end of a row.
        yield RawRow(line, {field: cell for field, cell in zip(fields, cells, strict=False) if field})


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise Malformed(f"the CSV breaks in the row that begins on line {line}: {error}") from error


def _separator(text: str, kind: type[Record]) -> tuple[str, str]:
    """The separator under which most columns of the header mean something; Excel may say it itself."""
    first, newline, rest = text.partition("\n")
    said = first.strip()[4] if first.strip().lower().startswith("sep=") and len(first.strip()) == 5 else ""
    # The line stays, empty, so that line numbers are those of the file.
    text = f"{newline}{rest}" if said else text
    header = next((line for line in StringIO(text, newline=None) if line.strip()), "")
    if len(header) > LONGEST_HEADER:
        raise Malformed(f"the header of the CSV has [{len(header)}] characters, over [{LONGEST_HEADER}]")
    if said:
        return said, text
    known = {mark: len(read_columns(kind, _cells(header, mark)).meaning) for mark in _SEPARATORS}
    return max(_SEPARATORS, key=lambda mark: known[mark]), text


def _cells(line: str, separator: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error as error:
        raise Malformed(f"the header of the CSV cannot be read: {error}") from error


def _check(columns: Columns, kind: type[Record]) -> None:
    present = set(columns.meaning.values())
    missing = [
        name for name, field in kind.model_fields.items() if field.is_required() and name not in present
    ]
    if missing:
        errors = tuple(FieldError(name, "the header has no such column") for name in missing)
        raise InvalidInput(f"the header has no column [{missing[0]}]", errors=errors)
    if columns.twice:
        errors = tuple(FieldError(name, "two columns of the header mean it") for name in columns.twice)
        raise InvalidInput(f"two columns of the header mean [{columns.twice[0]}]", errors=errors)
