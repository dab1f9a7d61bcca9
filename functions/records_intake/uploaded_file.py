"""An uploaded file of records: seen to be whole before its first row is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from functions.records_intake.csv_rows import read_csv
from functions.records_intake.json_rows import read_json, read_json_lines
from functions.records_intake.raw_row import RawRow
from functions.records_intake.uploaded_text import FORMATS, read_text
from shared.domain.record import Record
from shared.errors import Malformed, TooLarge

MOST_ROWS = 10_000


@dataclass(frozen=True)
class UploadedFile:
    """`ignored` fills with the names of columns nobody knows while the rows are read."""

    text: str
    format: str
    kind: type[Record]
    ignored: dict[str, None] = field(default_factory=dict)

    def rows(self) -> Iterator[RawRow]:
        """From the start each time, one row at a time."""
        if self.format == "ndjson":
            return read_json_lines(self.text, self.kind, self.ignored)
        if self.format == "json":
            return read_json(self.text, self.kind, self.ignored)
        columns, rows = read_csv(self.text, self.kind)
        self.ignored.update(dict.fromkeys(columns.ignored))
        return rows


def open_file(body: bytes, *, media_type: str, kind: type[Record]) -> UploadedFile:
    """Reads the file once through, keeping nothing. `media_type` is one of `FORMATS`.

    Raises `Malformed`, `InvalidInput` for a header that cannot work, and `TooLarge` beyond `MOST_ROWS`:
    such a file stores nothing.
    """
    format_name = FORMATS[media_type]
    text = read_text(body, is_csv=format_name == "csv")
    if not text.strip():
        raise Malformed("the file is empty")
    file = UploadedFile(text, format_name, kind)
    for number, _ in enumerate(file.rows(), start=1):
        if number > MOST_ROWS:
            raise TooLarge(f"a file holds at most {MOST_ROWS:,} rows; send the rest as another file")
    return file
