"""The body AppSheet sends: one row or a batch, under the names an app's columns happen to have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import GenericAlias
from typing import Any, Self

from pydantic import BaseModel, Field

from shared.domain.record import folded_name
from shared.errors import InvalidInput, Malformed
from shared.runtime.request import BodyModel

MOST_ROWS = 1_000
"""A phone that was a quarter of an hour without reception, at one position a second."""


class PositionRow(BaseModel):
    """A row as it is best sent; other names of the columns are understood too (docs/logistics.md)."""

    row_id: str = Field("", description="The app's key of the row.")
    version: int = Field(1, description="Which writing of the row this is; of several the highest holds.")
    trip_id: str = Field("", description="The trip; or `driver_id`, whose trip is under way.")
    driver_id: str = ""
    at: str = Field("", description="When it was taken, by the phone's clock; empty: now.")
    location: str = Field("", description="`41.8781, -87.6298`; or `latitude` and `longitude`.")


class PositionRows(BodyModel):
    """`{"Rows": […], "Properties": {"Locale": …, "Timezone": …}}`, an array of rows, or one row."""

    rows: tuple[Any, ...]
    locale: str = ""
    time_zone: str = ""

    @classmethod
    def documented_as(cls) -> Mapping[str, Any]:
        return {"application/json": GenericAlias(list, (PositionRow,))}

    @classmethod
    def read_body(cls, content_type: str, body: bytes) -> Self:
        """Raises `Malformed` for what is no JSON, `InvalidInput` for no rows or too many."""
        content = read_json(body)
        properties = named(content, "properties") if isinstance(content, dict) else None
        words = properties if isinstance(properties, dict) else {}
        rows = rows_of(content)
        if not rows:
            raise InvalidInput("Rows: there is no row")
        if len(rows) > MOST_ROWS:
            raise InvalidInput(f"Rows: there are [{len(rows)}] rows; send [{MOST_ROWS}] at most at once")
        zone, locale = named(words, "timezone"), named(words, "locale")
        return cls(rows=tuple(rows), locale=str(locale or ""), time_zone=str(zone or ""))


def read_json(body: bytes) -> Any:
    try:
        content = json.loads(body, parse_constant=_refuse)
        return _whole_characters(content) if b"\\u" in body else content
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the body is no valid JSON: {str(error)[:120]}") from error


def _whole_characters(content: Any) -> Any:
    r"""Half of a surrogate pair, `\ud83d`, is what an app leaves that cuts a text; no store takes it."""
    return json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))


def rows_of(content: Any) -> list[Any]:
    if isinstance(content, list):
        return content
    if not isinstance(content, dict):
        raise InvalidInput('Rows: a row, an array of rows or {"Rows": […]} is expected')
    rows = named(content, "rows")
    if rows is None:
        rows = named(content, "row")
    if rows is None:
        return [content]
    return rows if isinstance(rows, list) else [rows]


def named(words: Mapping[str, Any], wanted: str) -> Any:
    """The value under this name, however it is written."""
    return next((value for name, value in words.items() if folded_name(name) == wanted), None)


def _refuse(name: str) -> None:
    raise ValueError(f"[{name}] is no JSON number")
