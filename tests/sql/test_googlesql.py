"""GoogleSQL's own analyser accepts every statement, and would not accept a mistaken one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from shared.sql_catalogue import Catalogue, NamedQuery
from tests.sql.googlesql.analyser import GoogleSqlAnalyser

CATALOGUE = Catalogue()
CHART = CATALOGUE.query("plates/finance_chart_v1")


@pytest.fixture(scope="module")
def analyser() -> GoogleSqlAnalyser:
    return GoogleSqlAnalyser(CATALOGUE.tables.values())


@pytest.mark.parametrize("query", list(CATALOGUE.queries()), ids=lambda query: query.name)
def test_every_statement_is_googlesql_and_gives_the_columns_its_metadata_declares(
    analyser: GoogleSqlAnalyser, query: NamedQuery
) -> None:
    assert analyser.problem(query) is None


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("direction = 'income'", "directions = 'income'", "Unrecognized name: directions"),
        ("tenant_id = @tenant_id", "tenant_id = 7", "No matching signature for operator ="),
        ("lane = @lane)", "lane = @line)", "Query parameter 'line' not found"),
        ("`ledger.money_entry_v1`", "`ledger.money_entry_v9`", "Table not found"),
        ("COUNT(*) AS entry_count", "'many' AS entry_count", "result differs from metadata.yaml"),
        ("GROUP BY period_start", "", "neither grouped nor aggregated"),
    ],
)
def test_a_mistake_is_named_with_its_file(
    analyser: GoogleSqlAnalyser, right: str, wrong: str, message: str
) -> None:
    assert right in CHART.sql
    seeded = _with(CHART, {"sql": CHART.sql.replace(right, wrong)})
    problem = analyser.problem(seeded)
    assert problem is not None
    assert message in problem
    assert problem.startswith(str(CHART.path))


def test_a_parameter_of_the_wrong_type_is_a_mistake(analyser: GoogleSqlAnalyser) -> None:
    parameters = [
        parameter.model_copy(update={"type": "INT64"}) if parameter.name == "from_date" else parameter
        for parameter in CHART.parameters
    ]
    assert "No matching signature" in (analyser.problem(_with(CHART, {"parameters": parameters})) or "")


def _with(query: NamedQuery, changes: Mapping[str, object]) -> NamedQuery:
    return query.model_copy(update=dict(changes))
