"""Where DuckDB would run BigQuery's words and mean something else, it is made to mean the same or refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.embedded.bigquery_engine import BigQueryEngine
from shared.adapters.embedded.bigquery_sql import translated
from shared.errors import Misconfigured
from shared.sql_catalogue import Catalogue, NamedQuery
from tests.sql.googlesql.reference import GoogleSqlReference

SUNDAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BigQueryEngine]:
    engine = BigQueryEngine(tmp_path_factory.mktemp("engine") / "w.duckdb")
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def reference() -> GoogleSqlReference:
    return GoogleSqlReference(())


EXPRESSIONS: list[tuple[str, Any]] = [
    ("(SELECT COUNTIF(x > 1) FROM UNNEST([1]) AS x WHERE x > 5)", 0),
    ("(SELECT COUNTIF(x > 1) FROM UNNEST([1, 2, NULL]) AS x)", 1),
    ("(SELECT COUNTIF(x > CAST('0.0004' AS NUMERIC)) FROM UNNEST([NUMERIC '0.0004']) AS x)", 0),
    (
        "(SELECT COUNTIF(TIMESTAMP '2026-03-01 00:00:00+02' < TIMESTAMP('2026-02-28 22:00:01'))"
        " FROM UNNEST([1]) AS x)",
        1,
    ),
    ("(SELECT ARRAY_AGG(x ORDER BY x LIMIT 2) FROM UNNEST([3, 1, 2]) AS x)", [1, 2]),
    ("(SELECT ARRAY_AGG(x ORDER BY ABS(x) DESC, x LIMIT 3) FROM UNNEST([1, 3, -3, 2]) AS x)", [-3, 3, 2]),
    ("(SELECT ARRAY_AGG(IFNULL(x, 0) ORDER BY x LIMIT 2) FROM UNNEST([1, 2, NULL]) AS x)", [0, 1]),
    (
        "(SELECT ARRAY_AGG(IFNULL(x, 0) ORDER BY ABS(x) DESC LIMIT 9) FROM UNNEST([1, NULL, 2]) AS x)",
        [2, 1, 0],
    ),
    ("CAST('12345678901.123456789' AS NUMERIC)", Decimal("12345678901.123456789")),
    ("NUMERIC '0.000000001'", Decimal("0.000000001")),
    ("SAFE_DIVIDE(1, 2)", 0.5),
    ("(SELECT AVG(CAST(x AS FLOAT64)) FROM UNNEST([1, 2]) AS x)", 1.5),
    ("SAFE_DIVIDE(1, 0)", None),
    ("JSON_VALUE(JSON '{\"a\": \"x\"}', '$.a')", "x"),
    ("JSON_VALUE(JSON '{\"a\": {\"b\": 1}}', '$.a')", None),
    ("TIMESTAMP('2026-03-01 12:00:00')", datetime(2026, 3, 1, 12)),
    ("TIMESTAMP '2026-03-01 12:00:00+00'", datetime(2026, 3, 1, 12)),
    ("TIMESTAMP '2026-03-01 12:00:00-05'", datetime(2026, 3, 1, 17)),
    ("TIMESTAMP(DATE '2026-03-01')", datetime(2026, 3, 1)),
    ("TIMESTAMP_DIFF(TIMESTAMP '2026-03-02 00:00:00+00', TIMESTAMP '2026-03-01 12:00:00+00', HOUR)", 12),
    ("DATE_DIFF(DATE '2026-03-01', DATE '2026-02-27', DAY)", 2),
    ("TIMESTAMP_DIFF(TIMESTAMP '2026-03-02 13:01:00+00', TIMESTAMP '2026-03-02 12:59:00+00', HOUR)", 0),
    ("TIMESTAMP_DIFF(TIMESTAMP '2026-03-02 12:59:00+00', TIMESTAMP '2026-03-02 14:58:00+00', HOUR)", -1),
    (
        "TIMESTAMP_DIFF(TIMESTAMP '2026-03-03 01:00:00.5+00', TIMESTAMP '2026-03-03 01:00:00+00',"
        " MILLISECOND)",
        500,
    ),
    ("CAST(ROUND(2.5) AS INT64)", 3),
    ("CAST(JSON_VALUE(JSON '{\"a\": 7}', '$.a') AS INT64)", 7),
    ("0.1 + 0.2 = 0.3", False),
    ("1.1 * 3", 1.1 * 3),
    ("1e3", 1000.0),
    ("NUMERIC '0.1' * 3", Decimal("0.3")),
    ("ROUND(2.5)", 3.0),
    ("CEIL(1.2)", 2.0),
    ("(SELECT SUM(x) FROM UNNEST([0.1, 0.2]) AS x)", 0.1 + 0.2),
    ("(SELECT STDDEV(CAST(x AS FLOAT64)) FROM UNNEST([1, 1]) AS x)", 0.0),
    ("(SELECT STDDEV(CAST(x AS FLOAT64)) FROM UNNEST([1]) AS x)", None),
    ("EXTRACT(ISOYEAR FROM DATE '2027-01-01')", 2026),
    ("EXTRACT(SECOND FROM TIMESTAMP '2026-01-02 03:04:05.9+00')", 5),
    ("DATE_TRUNC(DATE '2026-03-01', WEEK)", SUNDAY),
    ("DATE_DIFF(DATE '2026-03-02', DATE '2026-03-01', WEEK(MONDAY))", 1),
    ("GREATEST(1, NULL)", None),
    ("CONCAT('a', NULL)", None),
    ("MOD(-7, 3)", -1),
]
WITH_PARAMETERS: list[tuple[str, Any]] = [
    ("DATE_TRUNC(@day, WEEK(MONDAY))", date(2026, 2, 23)),
    ("DATE_TRUNC(@day, MONTH)", SUNDAY),
    ("DATE_SUB(@day, INTERVAL 1 DAY) = DATE '2026-02-28'", True),
    ("DATE(@at)", SUNDAY),
    ("TIMESTAMP_TRUNC(@at, HOUR)", datetime(2026, 3, 1, 12)),
    ("@at > TIMESTAMP '2026-03-01 11:59:59+00'", True),
    ("@none IS NULL OR @none = 'x'", True),
    ("'b' IN UNNEST(@many)", True),
    ("'c' IN UNNEST(@many)", False),
    ("ARRAY_LENGTH(@many)", 2),
]
PARAMETERS: dict[str, tuple[str, Any]] = {
    "day": ("DATE", SUNDAY),
    "at": ("TIMESTAMP", NOON),
    "none": ("STRING", None),
    "many": ("ARRAY<STRING>", ["a", "b"]),
}


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS + WITH_PARAMETERS)
def test_an_expression_means_what_it_means_in_bigquery(
    engine: BigQueryEngine, reference: GoogleSqlReference, expression: str, expected: Any
) -> None:
    statement = f"SELECT {expression} AS value"
    used = {name: given for name, given in PARAMETERS.items() if f"@{name}" in expression}
    types = {name: kind for name, (kind, _) in used.items()}
    values = {name: value for name, (_, value) in used.items()}
    found = engine.run(statement, types, values)[1][0][0]
    assert _comparable(found, expected) == expected
    meant = reference.evaluate(_unnamed(statement, types), {}, values)[1][0][0]
    assert _comparable(meant, expected) == expected


def _unnamed(sql: str, types: dict[str, str]) -> NamedQuery:
    declared = [{"name": name, "type": kind, "description": "A value."} for name, kind in types.items()]
    result = [{"name": "value", "type": "STRING", "description": "Of any type."}]
    content = {"name": "unnamed", "path": ".", "description": "A probe.", "sql": sql}
    return NamedQuery.model_validate({**content, "parameters": declared, "result": result})


def _comparable(found: Any, expected: Any) -> Any:
    """DuckDB has a day as an instant in places, and instants without their zone; results are decoded so."""
    if isinstance(found, datetime):
        return found.replace(tzinfo=None) if isinstance(expected, datetime) else found.date()
    return found


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("SELECT 1 / 0", "SAFE_DIVIDE"),
        ("SELECT EXTRACT(DAYOFWEEK FROM DATE '2026-03-01')", "counts otherwise"),
        ("SELECT CURRENT_DATE()", "comes in as a parameter"),
        ("SELECT CURRENT_TIMESTAMP()", "comes in as a parameter"),
        ("SELECT RAND()", "the same each time"),
        ("SELECT APPROX_QUANTILES(x, 2) FROM UNNEST([1]) AS x", "nearest"),
        ("SELECT x FROM UNNEST([1]) AS x WITH OFFSET AS o", "ROW_NUMBER"),
        ("SELECT ARRAY_AGG(x ORDER BY x DESC LIMIT 1) FROM UNNEST([1]) AS x", "place <= n"),
        ("SELECT ARRAY_AGG(x LIMIT 1) FROM UNNEST([1]) AS x", "place <= n"),
        ("SELECT ARRAY_AGG(x IGNORE NULLS ORDER BY x LIMIT 1) FROM UNNEST([1]) AS x", "place <= n"),
        ("SELECT @nobody", r"\[@nobody\]"),
        ("SELEC 1", "is not BigQuery SQL"),
        ("SELECT TIMESTAMP('2026-03-01 12:00:00', 'America/New_York')", "time zone"),
        ("SELECT DATE(TIMESTAMP '2026-03-01 12:00:00+00', 'America/New_York')", "time zone"),
        ("SELECT DATETIME '2026-03-01 12:00:00'", "DATETIME"),
        ("SELECT EXTRACT(WEEK FROM DATE '2026-03-01')", "counts otherwise"),
        ("SELECT EXTRACT(MILLISECOND FROM TIMESTAMP '2026-03-01 00:00:00+00')", "counts otherwise"),
        ("SELECT CAST(1.5 AS STRING)", "written otherwise"),
        ("SELECT CAST(2.5 AS INT64)", "rounds to even"),
        ("SELECT SUBSTR('hello', 0, 2)", "place 1"),
        (r"SELECT 'a_b' LIKE r'a\_b'", "escapes nothing"),
        ("SELECT FORMAT('%d', 3)", "CONCAT"),
        ("SELECT STRING(JSON '\"x\"')", "JSON_VALUE"),
        ("SELECT JSON_TYPE(JSON '3')", "JSON_VALUE"),
        ("SELECT AVG(x) FROM UNNEST([1]) AS x", r"CAST\(… AS FLOAT64\)"),
    ],
)
def test_what_would_mean_something_else_is_refused_with_the_way_out(
    engine: BigQueryEngine, statement: str, message: str
) -> None:
    with pytest.raises(Misconfigured, match=message):
        engine.run(statement, {}, {})


def test_a_translation_is_kept_and_made_again_when_the_statement_changes(tmp_path: Path) -> None:
    query = Catalogue().query("plates/ledger_age_v1")
    first = translated(query, tmp_path)
    kept = next(iter(tmp_path.glob("*.sql")))
    kept.write_text("SELECT 'from the cache'", encoding="utf-8")
    assert translated(query, tmp_path) == "SELECT 'from the cache'"
    changed = query.model_copy(update={"sql": query.sql + "\n-- changed"})
    assert translated(changed, tmp_path) == first
    assert len(list(tmp_path.iterdir())) == 2
