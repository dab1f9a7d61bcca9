"""Rows are read as AppSheet and people write them; what cannot be is said column by column."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.logistics.position_rows import MOST_ROWS, PositionRows
from functions.logistics.row_reading import RowProblemError, TakenRow, read_row
from functions.logistics.written_places import read_place
from functions.logistics.written_times import clockwork
from shared.errors import InvalidInput, Malformed
from shared.port_types import Place

NOW = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")
ROW = {"trip_id": "t1", "location": "41.8781, -87.6298"}


def read(row: Any, *, locale: str = "", zone: str = "") -> TakenRow:
    clock = clockwork(locale=locale, zone_name=zone, own_zone=lambda: CHICAGO)
    return read_row(row, received_at=NOW, clockwork=clock)


@pytest.mark.parametrize(
    "value",
    [
        "41.8781, -87.6298",
        "41.8781,-87.6298",
        "41.8781 -87.6298",
        "41,8781; -87,6298",
        "41,8781, -87,6298",
        "(41.8781, -87.6298)",
        "41.8781°, -87.6298°",
        {"latitude": 41.8781, "longitude": "-87.6298"},
        {"Lat": "41,8781", "Lng": -87.6298},
    ],
)
def test_a_place_is_read_as_apps_write_it(value: Any) -> None:
    assert read_place(value) == Place(41.8781, -87.6298)


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("91, 0.5", "latitude"),
        ("41.88, 181", "longitude"),
        ("0, 0", "without a fix"),
        ("0.000001,-0.000002", "without a fix"),
        ("NaN, 3", "expected"),
        ("41.88", "expected"),
        ("", "required"),
        ([41.88, -87.6], "expected"),
        ({"lat": 41.88}, "required"),
        ({"lat": True, "lon": 3}, "number"),
        ({"lat": 1e300, "lon": 3}, "number"),
        ("41.88, -87.63, 12", "expected"),
    ],
)
def test_an_impossible_place_is_refused_and_said(location: Any, said: str) -> None:
    with pytest.raises(RowProblemError, match=said) as problem:
        read({**ROW, "location": location})
    assert problem.value.field == "location"


@pytest.mark.parametrize(
    ("value", "locale", "zone"),
    [
        ("2026-11-20T16:29:00Z", "", ""),
        ("2026-11-20T10:29:00-06:00", "", ""),
        ("2026-11-20 10:29:00", "", ""),
        ("11/20/2026 10:29:00 AM", "en-US", ""),
        ("11/20/2026 8:29:00 AM", "en-US", "Pacific Standard Time"),
        ("20/11/2026 16:29:00", "en-GB", "GMT Standard Time"),
        ("20.11.2026 17:29:00", "de-DE", "Europe/Berlin"),
        (1795192140, "", ""),
        (1795192140000, "", ""),
    ],
)
def test_a_time_is_read_by_locale_and_zone(value: Any, locale: str, zone: str) -> None:
    assert read({**ROW, "at": value}, locale=locale, zone=zone).ping.at == NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-20T17:30:00Z", "not come yet"),
        ("2026-11-17T16:30:00Z", "days ago"),
        ("soon", "moment"),
        (12, "1970"),
        (True, "moment"),
    ],
)
def test_a_time_that_cannot_be_is_refused(at: Any, said: str) -> None:
    with pytest.raises(RowProblemError, match=said):
        read({**ROW, "at": at})


def test_the_other_names_of_columns_are_understood() -> None:
    row = {
        "Row ID": "abc",
        "TripKey": "t1",
        "Driver": "S-4",
        "Lat": "41,8781",
        "Long": "-87,6298",
        "Change Timestamp": "2026-11-20T16:29:00Z",
        "_Version": "7",
        "Accuracy (m)": "12",
    }
    taken = read(row)
    assert (taken.trip_id, taken.driver_id) == ("t1", "S-4")
    assert (taken.ping.key, taken.ping.version) == ("abc", 7)
    assert taken.ping.place == Place(41.8781, -87.6298)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"trip_id": ""}, "trip_id"),
        ({"trip_id": "../staff/s1"}, "trip_id"),
        ({"version": "second"}, "version"),
        ({"version": -1}, "version"),
        ({"row_id": "k" * 101}, "row_id"),
        ({"accuracy": 4000}, "accuracy"),
        ({"accuracy": "far"}, "accuracy"),
    ],
)
def test_the_wrong_column_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RowProblemError) as problem:
        read({**ROW, **changes})
    assert problem.value.field == field


def test_a_version_may_be_the_moment_of_the_change() -> None:
    earlier, later = (read({**ROW, "version": f"2026-11-20T16:{m}:00Z"}).ping for m in (10, 20))
    assert earlier.version < later.version


def test_an_unknown_time_zone_is_an_error_and_not_an_hour() -> None:
    with pytest.raises(InvalidInput, match="Mars Standard Time"):
        read(ROW, zone="Mars Standard Time")


@pytest.mark.parametrize(
    "body",
    [
        '{"Rows": [{"a": 1}, {"a": 2}], "Properties": {"Locale": "en-GB", "Timezone": "UTC"}}',
        '[{"a": 1}, {"a": 2}]',
        '{"Action": "Edit", "rows": [{"a": 1}, {"a": 2}]}',
    ],
)
def test_a_batch_comes_in_appsheet_s_shape_or_as_an_array(body: str) -> None:
    rows = PositionRows.read_body("application/json", body.encode())
    assert rows.rows == ({"a": 1}, {"a": 2})


def test_one_row_may_come_alone() -> None:
    assert PositionRows.read_body("application/json", b'{"trip": "t1"}').rows == ({"trip": "t1"},)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"not json", Malformed),
        (b"[" * 100_000, Malformed),
        (b'{"at": NaN}', Malformed),
        (b"\xff\xfe", Malformed),
        (b'"row"', InvalidInput),
        (b'{"Rows": []}', InvalidInput),
        (b"[" + b"{}," * MOST_ROWS + b"{}]", InvalidInput),
    ],
)
def test_a_body_that_is_none_is_refused(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        PositionRows.read_body("application/json", body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
COLUMNS = st.sampled_from(
    ["trip_id", "driver", "at", "location", "lat", "lng", "version", "row_id", "accuracy"]
)


@given(st.dictionaries(COLUMNS, JSON, max_size=9) | JSON)
def test_whatever_a_row_holds_is_read_or_named_wrong(row: Any) -> None:
    try:
        taken = read(row)
    except RowProblemError as problem:
        assert str(problem) and "\n" not in str(problem)[:20]
    else:
        assert -90 <= taken.ping.latitude <= 90 and -180 <= taken.ping.longitude <= 180
        assert taken.ping.at <= NOW + timedelta(minutes=5)
