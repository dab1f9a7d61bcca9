"""Statements about a tenant's rows of a table, in BigQuery's dialect, made of the table's own `schema.yaml`.

Names come from the catalogue, which lets only plain ones in; everything else is a parameter or a literal
made here of a moment. The partition is filtered in each, as the tables demand it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from shared.errors import Misconfigured
from shared.sql_catalogue import NamedQuery, Parameter, Table

_TENANT = Parameter(name="tenant_id", type="STRING", description="Dealership whose rows are meant.")
_PLAIN = re.compile(r"[a-z][a-z0-9_]*")


def months(table: Table, at: datetime | None) -> NamedQuery:
    """The first days of the months that have rows, in order."""
    assert table.partition is not None, "only a partitioned table is read by month"
    field = table.partition.field
    day = field if _is_date(table) else f"DATE({field})"
    sql = (
        f"SELECT DISTINCT DATE_TRUNC({day}, MONTH) AS month FROM {_source(table, at)} "
        f"WHERE {_whose(table)} ORDER BY month"
    )
    result = {"name": "month", "type": "DATE", "description": "First day of a month."}
    return _query(table, "months", sql, (result,))


def rows(table: Table, at: datetime | None, month: date | None) -> NamedQuery:
    """Every column of the rows, of one month or of all."""
    columns = ", ".join(column.name for column in table.columns)
    sql = (
        f"SELECT {columns} FROM {_source(table, at)} WHERE {_whose(table, month)} "
        f"ORDER BY {', '.join(table.natural_key)}"
    )
    return _query(table, "rows", sql, tuple(column.model_dump() for column in table.columns))


def count(table: Table) -> NamedQuery:
    result = {"name": "row_count", "type": "INT64", "description": "How many rows there are."}
    sql = f"SELECT COUNT(*) AS row_count FROM {_source(table, None)} WHERE {_whose(table)}"
    return _query(table, "count", sql, (result,))


def delete(table: Table) -> NamedQuery:
    result = {"name": "row_count", "type": "INT64", "description": "How many rows were deleted."}
    return _query(table, "delete", f"DELETE FROM {_source(table, None)} WHERE {_whose(table)}", (result,))


def _source(table: Table, at: datetime | None) -> str:
    if not (_PLAIN.fullmatch(table.dataset) and _PLAIN.fullmatch(table.name)):
        raise Misconfigured(f"Table [{table.full_name}] has no plain name; rename its folder")
    moment = f" FOR SYSTEM_TIME AS OF TIMESTAMP '{at.astimezone(UTC).isoformat(sep=' ')}'" if at else ""
    return f"`{table.dataset}.{table.name}`{moment}"


def _whose(table: Table, month: date | None = None) -> str:
    condition = f"{_TENANT.name} = @{_TENANT.name}"
    if table.partition is None:
        return condition
    field = table.partition.field
    since = f"{condition} AND {field} >= {_literal(table, month or date(1, 1, 1))}"
    return since if month is None else f"{since} AND {field} < {_literal(table, _next(month))}"


def _literal(table: Table, day: date) -> str:
    return f"DATE '{day.isoformat()}'" if _is_date(table) else _instant(day)


def _instant(day: date) -> str:
    return f"TIMESTAMP '{day.isoformat()} 00:00:00+00:00'"


def _is_date(table: Table) -> bool:
    return table.partition is not None and table.by_name[table.partition.field].type == "DATE"


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _query(table: Table, what: str, sql: str, result: tuple[object, ...]) -> NamedQuery:
    return NamedQuery.model_validate(
        {
            "name": f"{table.full_name} {what}",
            "path": table.folder / "schema.yaml",
            "description": f"A tenant's {what} of {table.full_name}.",
            "parameters": (_TENANT,),
            "result": result,
            "sql": sql,
        }
    )
