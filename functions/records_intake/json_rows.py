"""Rows of a JSON array, of `{"rows": […]}` and of JSON lines, decoded one element at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from functions.records_intake.column_names import Columns, read_columns
from functions.records_intake.raw_row import RawRow
from shared.domain.record import Record
from shared.errors import Malformed

_SPACE = re.compile(r"[ \t\r\n]*")


def read_json(text: str, kind: type[Record], ignored: dict[str, None]) -> Iterator[RawRow]:
    """Rows with their place in the array. Raises `Malformed` where the text stops being JSON.

    Names of fields nobody knows are added to `ignored`.
    """
    names = _Names(kind, ignored)
    for place, value in enumerate(_Cursor(text).rows(), start=1):
        yield names.row(place, value)


def read_json_lines(text: str, kind: type[Record], ignored: dict[str, None]) -> Iterator[RawRow]:
    """One object a line; a line that cannot be read is a bad row, the others stand for themselves."""
    names = _Names(kind, ignored)
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            cursor = _Cursor(line)
            value = cursor.value()
            cursor.end()
        except Malformed as error:
            yield RawRow(number, problem=str(error))
        else:
            yield names.row(number, value)


class _Names:
    """The fields of rows; programs send the same names in every row, so the reading is remembered."""

    def __init__(self, kind: type[Record], ignored: dict[str, None]) -> None:
        self._kind, self._ignored = kind, ignored
        self._known: tuple[tuple[str, ...], Columns] = ((), Columns({}))

    def row(self, line: int, value: Any) -> RawRow:
        if not isinstance(value, dict):
            return RawRow(line, problem="a row is an object with a value for each field")
        names = tuple(value)
        if names != self._known[0]:
            self._known = (names, read_columns(self._kind, names))
            self._ignored.update(dict.fromkeys(self._known[1].ignored))
        columns = self._known[1]
        if columns.twice:
            return RawRow(line, problem=f"two names in the row mean [{columns.twice[0]}]")
        return RawRow(line, {columns.meaning[name]: value[name] for name in names if name in columns.meaning})


class _Cursor:
    """Walks over JSON text without holding more than one value."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._decoder = json.JSONDecoder(parse_constant=_refuse_constant)

    def rows(self) -> Iterator[Any]:
        if self._peek() == "[":
            yield from self._elements()
        elif self._peek() == "{":
            yield from self._rows_of_object()
        else:
            self._fail('an array of rows or {"rows": […]} is expected')
        self.end()

    def value(self) -> Any:
        self._peek()
        begin = self._at
        try:
            value, self._at = self._decoder.raw_decode(self._text, begin)
            _refuse_half_characters(value, self._text[begin : self._at])
        except RecursionError as error:
            raise Malformed(f"the JSON is nested too deeply at character {self._at + 1}") from error
        except json.JSONDecodeError as error:
            place = f"line {error.lineno} column {error.colno}"
            raise Malformed(f"the JSON cannot be read at {place}: {error.msg}") from error
        except ValueError as error:
            raise Malformed(f"the JSON cannot be read after character {self._at + 1}: {error}") from error
        return value

    def end(self) -> None:
        if self._peek():
            self._fail("nothing more is expected")

    def _elements(self) -> Iterator[Any]:
        self._take("[")
        if self._peek() != "]":
            yield self.value()
            while self._peek() == ",":
                self._take(",")
                yield self.value()
        self._take("]")

    def _rows_of_object(self) -> Iterator[Any]:
        found = False
        self._take("{")
        while self._peek() == '"':
            name = self.value()
            self._take(":")
            if name == "rows" and not found and self._peek() == "[":
                found = True
                yield from self._elements()
            else:
                self.value()
            if self._peek() != ",":
                break
            self._take(",")
        self._take("}")
        if not found:
            self._fail('an object with the array [rows] is expected: {"rows": […]}')

    def _peek(self) -> str:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _take(self, char: str) -> None:
        if self._peek() != char:
            self._fail(f"[{char}] is expected")
        self._at += 1

    def _fail(self, expected: str) -> NoReturn:
        line = self._text.count("\n", 0, self._at) + 1
        column = self._at - self._text.rfind("\n", 0, self._at)
        raise Malformed(f"the JSON cannot be read at line {line} column {column}: {expected}")


def _refuse_half_characters(value: Any, written: str) -> None:
    r"""`"\ud800"` alone is half of a character; Python's decoder lets it through and no store takes it."""
    if "\\ud" in written.lower():
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError("it holds half of a surrogate pair, which is no character") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"[{name}] is no JSON number")
