"""Runs statements on GoogleSQL's reference implementation: what BigQuery means, executed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service

from shared.sql_catalogue import NamedQuery, Table
from shared.warehouse_values import bind, decode_rows, encode_rows
from tests.sql.googlesql.analyser import GoogleSqlAnalyser, type_name
from tests.sql.googlesql.engine import GoogleSqlEngine
from tests.sql.googlesql.values import from_message, to_message


class GoogleSqlReference:
    """Slow and exact; rows are given with each statement."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self._engine = GoogleSqlEngine()
        self._tables = {table.full_name: table for table in tables}
        self._analyser = GoogleSqlAnalyser(self._tables.values(), self._engine)

    def rows(
        self, query: NamedQuery, content: Mapping[str, list[dict[str, Any]]], parameters: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        names, found = self.evaluate(query, content, bind(query, parameters))
        return decode_rows(query, names, found)

    def evaluate(
        self, query: NamedQuery, content: Mapping[str, list[dict[str, Any]]], bound: Mapping[str, Any]
    ) -> tuple[list[str], list[list[Any]]]:
        """Column names and rows in Python's types, whatever the query declares."""
        request = service.EvaluateQueryRequest(
            sql=query.sql, options=self._analyser.options(query), simple_catalog=self._analyser.catalog
        )
        for name, table in self._tables.items():
            data = request.table_content[name].table_data
            data.SetInParent()
            for row in encode_rows(table, content.get(name, ())):
                cells = [
                    to_message(type_name(column.type, column.mode), row[column.name])
                    for column in table.columns
                ]
                data.row.add(cell=cells)
        for parameter in query.parameters:
            request.params.add(name=parameter.name, value=to_message(parameter.type, bound[parameter.name]))
        response = service.EvaluateQueryResponse()
        self._engine.call("EvaluateQuery", request, response)
        names = [column.name for column in response.prepared.columns]
        return names, [[from_message(cell) for cell in row.cell] for row in response.content.table_data.row]
