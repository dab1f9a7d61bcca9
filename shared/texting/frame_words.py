"""A frame in plain words, for who has no screen: what a text message can say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any

LIMIT = 320
MOST_ROWS = 3
MOST_CELLS = 4
MOST_NOTE = 80

HELP = "HELP"
CODED = frozenset({"status", "state", "stage", "category"})
VEHICLE = ("year", "make", "model")
DAYS = {"date": "%b %-d, %Y", "month": "%b %Y", "week": "week of %b %-d, %Y"}

Row = Mapping[str, Any]


def in_words(frame: Mapping[str, Any], *, link: str = "", zone: tzinfo = UTC, limit: int = LIMIT) -> str:
    """At most `limit` characters with the link at the end. What the frame says stays as it says it: figures,
    dates and names are the frame's own, which come from records.

    A question keeps all its options; of a panel as many rows as fit, of a chart the sum and the newest
    periods first. Times are told in `zone`.
    """
    tail = f" {link}" if link else ""
    room = limit - len(tail)
    if frame["type"] == "CLARIFICATION":
        return shortened(_question(frame), limit)  # it is answered by a text, so it needs no page
    if frame.get("plate_id") == HELP:
        return shortened(_examples(frame), limit)
    if frame["type"] == "MOUNT_PLATE":
        return _panel(frame, room, zone) + tail
    return shortened(str(frame.get("text") or ""), limit)


def _examples(frame: Mapping[str, Any]) -> str:
    """One question of each kind, to be texted as it stands."""
    firsts = [str(row["examples"][0]) for row in frame.get("dataset") or () if row.get("examples")]
    if not firsts:
        return str(frame.get("note") or frame.get("title") or "")
    return f"You can ask for example: {' / '.join(firsts)}"


def _question(frame: Mapping[str, Any]) -> str:
    options = [str(option) for option in frame.get("options") or ()]
    return f"{frame['question']} {' / '.join(options)}".strip()


def _panel(frame: Mapping[str, Any], room: int, zone: tzinfo) -> str:
    rows, columns = _newest_first(frame)
    said = [str(frame.get("title") or frame.get("plate_id") or "")]
    if not rows:
        return shortened(f"{said[0]}. {frame.get('note') or 'There is nothing to show.'}", room)
    if frame.get("note") and len(str(frame["note"])) <= MOST_NOTE:
        said[0] += f". {str(frame['note']).rstrip('.')}"
    said += _sums(frame, zone)
    head = len(said)
    total = max(int(frame.get("total") or 0), len(rows))
    for row in rows[:MOST_ROWS]:
        line = _line(row, columns, zone)
        if not line or len("; ".join([*said, line])) > room - len(_more(total)):
            break
        said.append(line)
    left = total - (len(said) - head)
    return shortened("; ".join(said) + (_more(left) if left else ""), room)


def _newest_first(frame: Mapping[str, Any]) -> tuple[Sequence[Row], Sequence[Mapping[str, Any]]]:
    """A chart runs from the oldest period to the newest; of the few a text has room for the newest matter.
    A month is told by its name, not by its first day."""
    rows: Sequence[Row] = frame.get("dataset") or ()
    columns: Sequence[Mapping[str, Any]] = frame.get("columns") or ()
    bucket = (frame.get("filters") or {}).get("bucket")
    if not bucket:
        return rows, columns
    units = {"month": "month", "week": "week"}
    named = [
        {**column, "label": "", "unit": units.get(bucket, "date")} if column["unit"] == "date" else column
        for column in columns
    ]
    return rows[::-1], named


def _sums(frame: Mapping[str, Any], zone: tzinfo) -> list[str]:
    """The whole of a chart of several periods, before any one of them."""
    sums: Sequence[Row] = (frame.get("details") or {}).get("total") or ()
    columns: Sequence[Mapping[str, Any]] = (frame.get("detail_columns") or {}).get("total") or ()
    if len(sums) != 1 or len(frame["dataset"]) < 2:
        return []
    return [f"in all {_line({**sums[0], 'part': None, 'entry_count': None}, columns, zone)}"]


def _more(left: int) -> str:
    return f" (+{left} more)"


def _line(row: Row, columns: Sequence[Mapping[str, Any]], zone: tzinfo) -> str:
    shown = [(c, row.get(c["name"])) for c in columns if row.get(c["name"]) not in (None, "", [], {})]
    cells = _vehicle_as_one(shown)[:MOST_CELLS]
    return ", ".join(_cell(column, value, zone, alone=len(columns) > 1) for column, value in cells)


def _vehicle_as_one(cells: list[tuple[Mapping[str, Any], Any]]) -> list[tuple[Mapping[str, Any], Any]]:
    """`2021 Jeep Wrangler`, as people say it, in the place of its first part."""
    parts = [str(value) for column, value in cells if column["name"] in VEHICLE]
    if len(parts) < 2:
        return cells
    place = next(place for place, (column, _) in enumerate(cells) if column["name"] in VEHICLE)
    others = [(column, value) for column, value in cells if column["name"] not in VEHICLE]
    return [*others[:place], ({"name": "vehicle", "label": "Vehicle"}, " ".join(parts)), *others[place:]]


def _cell(column: Mapping[str, Any], value: Any, zone: tzinfo, *, alone: bool) -> str:
    unit = str(column.get("unit") or "")
    words = _value(value, unit, zone)
    label = str(column.get("label") or "")
    if column["name"] == "year" and isinstance(value, int):
        words = str(value)
    elif column["name"] in CODED and isinstance(value, str):
        words = value.replace("_", " ")
    # A name or a make says by itself what it is; a number does not.
    return f"{label} {words}" if alone and label and (unit or not isinstance(value, str)) else words


def _value(value: Any, unit: str, zone: tzinfo) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if unit == "USD" and isinstance(value, int | float):
        return f"-${-value:,.2f}" if value < 0 else f"${value:,.2f}"
    if unit == "share" and isinstance(value, int | float):
        return f"{value:.1%}"
    if isinstance(value, str) and (unit == "time" or unit in DAYS):
        return _moment(value, unit, zone)
    if isinstance(value, list | tuple):
        return " / ".join(str(one) for one in value)
    if isinstance(value, int | float):
        number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
        return f"{number} {unit}".strip()
    return str(value)


def _moment(text: str, unit: str, zone: tzinfo) -> str:
    try:
        if unit in DAYS:
            return date.fromisoformat(text).strftime(DAYS[unit])
        return f"{datetime.fromisoformat(text).astimezone(zone):%b %d %H:%M}"
    except ValueError:
        return text


def shortened(text: str, room: int) -> str:
    """Whole words of at most `room` characters."""
    plain = " ".join(text.split())
    if len(plain) <= room:
        return plain
    return plain[: max(0, room - 1)].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"
