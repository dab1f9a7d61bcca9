"""Checks statements against a catalogue built from the `schema.yaml` files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.proto import options_pb2 as options
from zetasql.wasi._pb2.zetasql.proto import simple_catalog_pb2 as catalogs
from zetasql.wasi._pb2.zetasql.public import options_pb2 as public
from zetasql.wasi._pb2.zetasql.public import type_pb2 as types

from shared.sql_catalogue import NamedQuery, Table
from tests.sql.googlesql.engine import GoogleSqlEngine, StatementError


class GoogleSqlAnalyser:
    """Names, types, parameters and the declared result of a query."""

    def __init__(self, tables: Iterable[Table], engine: GoogleSqlEngine | None = None) -> None:
        self._tables = tuple(tables)
        self._engine = engine or GoogleSqlEngine()

    def problem(self, query: NamedQuery) -> str | None:
        """What is wrong, beginning with the file; None when nothing is."""
        try:
            found = self._result(query)
        except StatementError as error:
            return f"{query.path}: {error}"
        declared = [(column.name, type_name(column.type, column.mode)) for column in query.result]
        if found != declared:
            differing = [f"{a} is not {b}" for a, b in zip(found, declared, strict=False) if a != b]
            return f"{query.path}: result differs from metadata.yaml: {differing or (found, declared)}"
        return None

    def _result(self, query: NamedQuery) -> list[tuple[str, str]]:
        request = service.AnalyzeRequest(
            sql_statement=query.sql, simple_catalog=self.catalog, options=self.options(query)
        )
        response = service.AnalyzeResponse()
        self._engine.call("Analyze", request, response)
        columns = response.resolved_statement.resolved_query_stmt_node.output_column_list
        return [(column.name, _found_name(column.column.type)) for column in columns]

    def options(self, query: NamedQuery) -> Any:
        analyser = options.AnalyzerOptionsProto(language_options=self._language)
        analyser.error_message_mode = public.ErrorMessageMode.ERROR_MESSAGE_ONE_LINE
        analyser.default_timezone = "UTC"  # BigQuery's; GoogleSQL's own is Los Angeles
        for parameter in query.parameters:
            analyser.query_parameters.add(name=parameter.name, type=_type(parameter.type))
        return analyser

    @cached_property
    def _language(self) -> Any:
        language = options.LanguageOptionsProto()
        self._engine.call(
            "GetLanguageOptions", service.LanguageOptionsRequest(maximum_features=True), language
        )
        # What customers of BigQuery have: no INT32, FLOAT or proto types.
        language.product_mode = public.ProductMode.PRODUCT_EXTERNAL
        return language

    @cached_property
    def catalog(self) -> Any:
        catalog = catalogs.SimpleCatalogProto(name="warehouse")
        catalog.builtin_function_options.language_options.CopyFrom(self._language)
        for table in self._tables:
            entry = catalog.table.add(name=table.full_name)
            for column in table.columns:
                entry.column.add(name=column.name, type=_type(type_name(column.type, column.mode)))
        return catalog


def type_name(name: str, mode: str) -> str:
    return f"ARRAY<{name}>" if mode == "REPEATED" else name


def _type(name: str) -> Any:
    if name.startswith("ARRAY<"):
        element = _type(name[6:-1])
        return types.TypeProto(type_kind=types.TypeKind.TYPE_ARRAY, array_type={"element_type": element})
    kind = "DOUBLE" if name == "FLOAT64" else name
    return types.TypeProto(type_kind=types.TypeKind.Value(f"TYPE_{kind}"))


def _found_name(found: Any) -> str:
    if found.type_kind == types.TypeKind.TYPE_ARRAY:
        return f"ARRAY<{_found_name(found.array_type.element_type)}>"
    name = types.TypeKind.Name(found.type_kind).removeprefix("TYPE_")
    return "FLOAT64" if name == "DOUBLE" else name
