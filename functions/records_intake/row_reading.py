"""From a row as written to a record, or to what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from functions.records_intake.raw_row import RawRow
from functions.records_intake.report import RowError
from shared.domain.record import Record

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_OWN_WORDS = "Value error, "


def read_row(row: RawRow, kind: type[Record], zone: tzinfo) -> Record | list[RowError]:
    """`zone` is where times without an offset are meant."""
    if row.problem:
        return [RowError(line=row.line, field="", message=row.problem)]
    try:
        return kind.model_validate(row.values, context={"zone": zone})
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        return [_row_error(row.line, detail, row.values) for detail in details]


def _row_error(line: int, detail: ErrorDetails, values: Mapping[str, Any]) -> RowError:
    field = ".".join(str(part) for part in detail["loc"])
    message = detail["msg"].removeprefix(_OWN_WORDS)
    if detail["type"] == "missing":
        message = "is required"
    elif not detail["msg"].startswith(_OWN_WORDS) and isinstance(detail["input"], str | int | float):
        message = f"{message}, not [{str(detail['input'])[:40]}]"
    return RowError(line=line, field=field, message=message.encode("utf-8", "replace").decode())
