"""The text of an uploaded file, whatever wrote it."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

from shared.errors import Malformed

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
FORMATS: Mapping[str, str] = {
    "application/json": "json",
    "application/x-ndjson": "ndjson",
    "application/ndjson": "ndjson",
    "application/jsonl": "ndjson",
    "text/csv": "csv",
    "application/csv": "csv",
    # What browsers on Windows call a .csv file.
    "application/vnd.ms-excel": "csv",
}


def read_text(body: bytes, *, is_csv: bool) -> str:
    """The decoded text without a byte order mark. Raises `Malformed`.

    A spreadsheet program in Europe writes CSV in windows-1252 without saying so, hence the second try.
    """
    if body.startswith(_WORKBOOKS):
        raise Malformed("this is an Excel workbook; save it as CSV and send that")
    tried = [marked for mark, marked in _BYTE_ORDER_MARKS if body.startswith(mark)] or ["utf-8"]
    for encoding in [*tried, "cp1252"] if is_csv else tried:
        try:
            return _without_nul(body.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise Malformed(f"the file is not text in [{tried[0]}]")


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise Malformed("the file holds NUL characters; it is no text file")
    return text
