"""What every warehouse does, whichever engine stands behind it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.embedded.bigquery_engine import BigQueryEngine
from shared.adapters.embedded.warehouse import DuckDbWarehouse
from shared.adapters.google.warehouse import BigQueryWarehouse, bigquery_client
from shared.errors import InvalidInput, NotFound
from shared.ports import Warehouse
from shared.testing.bigquery_stub import BigQueryStub

PROBES = Path(__file__).parent / "warehouse_sql"
TABLE, BACK, ECHO = "probe.every_type_v1", "probe/every_type_back_v1", "probe/echo_v1"
NOON = datetime(2026, 3, 10, 12, 0, 0, 123456, tzinfo=UTC)
FULL = {
    "tenant_id": "autohaus",
    "probe_id": "p1",
    "whole": 2**63 - 1,
    "broken": 0.1,
    "money": Decimal("12345678901234567890123456789.123456789"),
    "is_on": True,
    "day": date(2026, 2, 28),
    "instant": NOON,
    "document": {"a": [1, 2.5, None, "ü"], "b": {"c": False}},
}
EMPTY = dict.fromkeys(FULL) | {"tenant_id": "autohaus", "probe_id": "p2"}


def _embedded(folder: Path) -> Iterator[Warehouse]:
    warehouse = DuckDbWarehouse(folder / "warehouse.duckdb", PROBES)
    yield warehouse
    warehouse.close()


def _google(folder: Path) -> Iterator[Warehouse]:
    engine = BigQueryEngine(folder / "behind.duckdb", PROBES)
    with BigQueryStub(engine) as stub:
        client = bigquery_client("local", endpoint=stub.endpoint)
        yield BigQueryWarehouse(lambda: client, PROBES)
        client.close()  # type: ignore[no-untyped-call]  # the library has no types here
    engine.close()


@pytest.fixture(params=[_embedded, _google], ids=["embedded", "google"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Warehouse]:
    make: Callable[[Path], Iterator[Warehouse]] = request.param
    yield from make(tmp_path)


def _back(warehouse: Warehouse, **parameters: Any) -> list[dict[str, Any]]:
    return warehouse.query(BACK, {"tenant_id": "autohaus", **parameters})


def _sent(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "tenant_id"}


def test_a_row_comes_back_as_it_was_sent_in_every_type(warehouse: Warehouse) -> None:
    warehouse.append(TABLE, [FULL, EMPTY])
    found = _back(warehouse)
    assert found == [_sent(FULL), _sent(EMPTY)]
    assert found[0]["instant"].tzinfo is UTC
    assert str(found[0]["money"]) == str(FULL["money"])
    assert [type(value) for value in found[0].values()] == [type(value) for value in _sent(FULL).values()]


def test_a_row_that_travelled_as_json_is_the_same_row(warehouse: Warehouse) -> None:
    travelled = FULL | {
        "money": str(FULL["money"]),
        "day": "2026-02-28",
        "instant": "2026-03-10T13:00:00.123456+01:00",
        "document": json.dumps(FULL["document"]),
    }
    warehouse.append(TABLE, [travelled])
    assert _back(warehouse) == [_sent(FULL)]


def test_a_column_left_out_is_empty(warehouse: Warehouse) -> None:
    warehouse.append(TABLE, [{"tenant_id": "autohaus", "probe_id": "p2"}])
    assert _back(warehouse) == [_sent(EMPTY)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("whole", 1.5),
        ("whole", True),
        ("whole", 2**63),
        ("broken", "0.1"),
        ("broken", float("nan")),
        ("money", 0.1),
        ("money", "12,50"),
        ("money", Decimal("0.0000000001")),
        ("money", Decimal(10) ** 29),
        ("money", Decimal("NaN")),
        ("is_on", "true"),
        ("day", "2026-02-30"),
        ("day", NOON),
        ("instant", datetime(2026, 3, 10)),
        ("instant", "yesterday"),
        ("document", "{not json"),
        ("document", {"a": float("inf")}),
        ("document", {"a": NOON}),
        ("probe_id", None),
        ("probe_id", 7),
        ("colour", "red"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_by_column_and_none_is_appended(
    warehouse: Warehouse, column: str, value: Any
) -> None:
    with pytest.raises(InvalidInput, match=rf"Row \[1\].*\[{TABLE}\].*column \[{column}\]") as refused:
        warehouse.append(TABLE, [FULL, FULL | {column: value}])
    assert [error.field for error in refused.value.errors] == [column]
    assert _back(warehouse) == []


def test_no_rows_append_nothing(warehouse: Warehouse) -> None:
    warehouse.append(TABLE, iter(()))
    assert _back(warehouse) == []


def test_an_unknown_table_or_query_is_not_found(warehouse: Warehouse) -> None:
    with pytest.raises(NotFound, match=r"\[probe.nothing_v1\]"):
        warehouse.append("probe.nothing_v1", [FULL])
    for name in ("probe/nothing_v1", "../secrets", "probe/every_type_v1", ""):
        with pytest.raises(NotFound, match=r"No query"):
            warehouse.query(name, {})


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, r"\[tenant_id\] of query .* is missing"),
        ({"tenant_id": None}, r"\[tenant_id\] of query .* is missing"),
        ({"tenant_id": "a", "tenant": "b"}, r"\[tenant\] of query .* is unknown"),
        ({"tenant_id": 7}, r"\[tenant_id\] of query .* is not text"),
        ({"tenant_id": "a", "probe_ids": "p1"}, r"\[probe_ids\] of query .* is one text"),
    ],
)
def test_a_parameter_that_is_missing_unknown_or_unfit_is_named(
    warehouse: Warehouse, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        warehouse.query(BACK, parameters)


def test_parameters_arrive_in_their_own_types(warehouse: Warehouse) -> None:
    given: dict[str, Any] = {
        "text": 'it\'s "quoted" -- ü',
        "whole": -(2**63),
        "broken": 1e300,
        "money": Decimal("0.1"),
        "is_on": False,
        "day": date(2026, 12, 31),
        "instant": datetime(2026, 3, 10, 23, 30, tzinfo=timezone(-timedelta(hours=5))),
    }
    found = warehouse.query(ECHO, given)[0]
    assert found == given | {"instant_day": date(2026, 3, 11), "is_positive": True}
    assert found["instant"].tzinfo is UTC


def test_nullable_parameters_left_out_are_null(warehouse: Warehouse) -> None:
    found = warehouse.query(ECHO, {"instant": NOON})[0]
    kept = {"instant", "instant_day"}
    assert {name for name, value in found.items() if value is not None} == kept


def test_a_list_parameter_selects_its_members(warehouse: Warehouse) -> None:
    warehouse.append(TABLE, [FULL, EMPTY, FULL | {"probe_id": "p3"}, FULL | {"tenant_id": "northside"}])
    assert [row["probe_id"] for row in _back(warehouse, probe_ids=["p1", "p3", "p9"])] == ["p1", "p3"]
    assert [row["probe_id"] for row in _back(warehouse)] == ["p1", "p2", "p3"]


def test_many_rows_arrive_each_once(warehouse: Warehouse) -> None:
    warehouse.append(TABLE, (FULL | {"probe_id": f"p{number:05d}"} for number in range(4_500)))
    assert [row["probe_id"] for row in _back(warehouse)] == [f"p{number:05d}" for number in range(4_500)]


def test_threads_append_and_read_at_the_same_time(warehouse: Warehouse) -> None:
    def work(thread: int) -> None:
        for number in range(10):
            warehouse.append(TABLE, [FULL | {"probe_id": f"{thread}-{number}"}])
            assert f"{thread}-{number}" in {row["probe_id"] for row in _back(warehouse)}

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert len(_back(warehouse)) == 80


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
ROWS = st.fixed_dictionaries(
    {
        "probe_id": st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
        "money": st.decimals(-(10**20), 10**20, places=9),
        "instant": st.datetimes(datetime(1900, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)),
        "day": st.dates(date(1, 1, 1)),
        "broken": st.floats(allow_nan=False, allow_infinity=False),
        "document": st.dictionaries(st.text(max_size=3), JSON_VALUES, max_size=3),
    }
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(row=ROWS, copies=st.integers(1, 2))
def test_any_value_that_fits_comes_back_equal_sent_alone_or_with_others(
    warehouse: Warehouse, row: dict[str, Any], copies: int
) -> None:
    warehouse.append(TABLE, [row | {"tenant_id": "autohaus"}] * copies)
    found = _back(warehouse, probe_ids=[row["probe_id"]])
    assert row in [{name: one[name] for name in row} for one in found]
