"""What the `sql/` folder says: tables with their columns, named queries with their parameters.

A folder is a table when it holds `schema.yaml`, a named query when it holds `query.sql` without one.
Terraform's JSON schema, the embedded tables, parameter checks and result types all derive from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.errors import Misconfigured, NotFound
from shared.yaml_file import read_yaml

_FOLDER_NAME = re.compile(r"[a-z][a-z0-9_]*_v[1-9][0-9]*")

ColumnType = Literal["STRING", "INT64", "FLOAT64", "NUMERIC", "BOOL", "DATE", "TIMESTAMP", "JSON"]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, StringConstraints(min_length=5)]
_TERRAFORM_TYPES = {"INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN"}
SQL_ROOT = Path(__file__).resolve().parent.parent / "sql"

PARTITIONED_BY = frozenset({"DATE", "TIMESTAMP"})
CLUSTERED_BY = frozenset({"STRING", "INT64", "NUMERIC", "BOOL", "DATE", "TIMESTAMP"})
"""cloud.google.com/bigquery/docs/clustered-tables: neither floating-point numbers nor JSON."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Entry):
    """A column of a table or of a query's result; `type` is BigQuery's standard name."""

    name: Identifier
    type: ColumnType
    mode: Literal["REQUIRED", "NULLABLE", "REPEATED"] = "NULLABLE"
    description: Words


class Partition(_Entry):
    """The column the table is cut by; every query on the table filters it."""

    field: Identifier
    granularity: Literal["DAY", "MONTH"]


class Table(_Entry):
    """A table of the warehouse. `natural_key` tells a redelivered row from a new one."""

    dataset: str
    name: str
    folder: Path
    columns: tuple[Column, ...] = Field(min_length=1)
    description: Words
    owner: Identifier
    grain: Words
    users: tuple[str, ...] = Field(min_length=1)
    partition: Partition | None = None
    clustering: tuple[str, ...] = Field(default=(), max_length=4)
    natural_key: tuple[str, ...] = Field(min_length=1)
    retention_days: int = Field(gt=0)

    @property
    def full_name(self) -> str:
        return f"{self.dataset}.{self.name}"

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    def bigquery_schema(self) -> list[dict[str, str]]:
        """The JSON schema Terraform's `google_bigquery_table` takes, with legacy type names."""
        return [
            {**column.model_dump(), "type": _TERRAFORM_TYPES.get(column.type, column.type)}
            for column in self.columns
        ]


class Parameter(_Entry):
    """A query's parameter; a nullable one may be left out."""

    name: Identifier
    type: Literal["STRING", "INT64", "FLOAT64", "NUMERIC", "BOOL", "DATE", "TIMESTAMP", "ARRAY<STRING>"]
    nullable: bool = False
    description: Words


class NamedQuery(_Entry):
    """A statement with its typed parameters and result."""

    name: str
    path: Path
    description: Words
    parameters: tuple[Parameter, ...]
    result: tuple[Column, ...] = Field(min_length=1)
    sql: str


# A table's checks all take and give the same: rows that should not be there.
_CHECKS: dict[str, Any] = {
    "description": "Rows of the table that break one of its rules; none is good.",
    "parameters": [
        {"name": "tenant_id", "type": "STRING", "description": "Dealership to look at."},
        {"name": "from_date", "type": "DATE", "description": "First day to look at."},
        {"name": "to_date", "type": "DATE", "description": "Last day to look at, included."},
    ],
    "result": [
        {"name": "rule", "type": "STRING", "description": "The rule that is broken."},
        {"name": "row_id", "type": "STRING", "description": "Natural key of the row, without the tenant."},
    ],
}


class Catalogue:
    """The tables and queries below one root, each read when it is first asked for."""

    def __init__(self, root: Path = SQL_ROOT) -> None:
        if not root.is_dir():
            raise Misconfigured(f"The SQL folder [{root}] does not exist; point the setting at `sql/`.")
        self._root = root
        self._queries: dict[str, NamedQuery] = {}

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """By full name, e.g. `ledger.money_entry_v1`."""
        found = (_load_table(path.parent) for path in sorted(self._root.glob("*/*/schema.yaml")))
        return {table.full_name: table for table in found}

    def table(self, full_name: str) -> Table:
        if full_name not in self.tables:
            raise NotFound(f"No table [{full_name}]; there are {sorted(self.tables)}.")
        return self.tables[full_name]

    def query(self, name: str) -> NamedQuery:
        """E.g. `plates/finance_chart_v1`, or `ledger/money_entry_v1/checks` for a table's checks."""
        if name not in self._queries:
            self._queries[name] = _load_query(self._root, name)
        return self._queries[name]

    def queries(self) -> Iterator[NamedQuery]:
        for path in sorted(self._root.glob("*/*/*.sql")):
            folder = path.parent.relative_to(self._root).as_posix()
            yield self.query(folder if path.stem == "query" else f"{folder}/{path.stem}")


def _load_table(folder: Path) -> Table:
    _require_versioned(folder)
    schema = _read_yaml(folder / "schema.yaml")
    content = {
        **_read_yaml(folder / "metadata.yaml"),
        "columns": schema.get("columns", ()),
        "dataset": folder.parent.name,
        "name": folder.name,
        "folder": folder,
    }
    table = _validated(Table, content, folder)
    _require_known_columns(table)
    return table


def _require_known_columns(table: Table) -> None:
    partition = (table.partition.field,) if table.partition else ()
    named = {*partition, *table.clustering, *table.natural_key}
    if unknown := sorted(named - set(table.by_name)):
        raise Misconfigured(f"[{table.folder}/metadata.yaml] names {unknown}, which schema.yaml has not.")
    if len(table.by_name) != len(table.columns):
        raise Misconfigured(f"[{table.folder}/schema.yaml] has a column twice.")
    _require_types(table, "partition", partition, PARTITIONED_BY)
    _require_types(table, "clustering", table.clustering, CLUSTERED_BY)


def _require_types(table: Table, what: str, columns: tuple[str, ...], types: frozenset[str]) -> None:
    """BigQuery refuses the table otherwise, in the middle of an apply."""
    for name in columns:
        if (kind := table.by_name[name].type) not in types:
            raise Misconfigured(
                f"[{table.folder}/metadata.yaml] field [{what}]: "
                f"[{name}] is [{kind}], not of {sorted(types)}."
            )


def _load_query(root: Path, name: str) -> NamedQuery:
    if not re.fullmatch(r"[a-z0-9_]+/[a-z0-9_]+(/checks)?", name):
        raise NotFound(f"No query [{name}]; names look like [plates/finance_chart_v1].")
    is_check = name.endswith("/checks")
    path = root / (f"{name}.sql" if is_check else f"{name}/query.sql")
    if not path.is_file():
        raise NotFound(f"No query [{name}]: [{path.relative_to(root)}] does not exist below `sql/`.")
    _require_versioned(path.parent)
    metadata = _CHECKS if is_check else _read_yaml(path.parent / "metadata.yaml")
    sql = path.read_text(encoding="utf-8")
    return _validated(NamedQuery, {**metadata, "name": name, "path": path, "sql": sql}, path.parent)


def _require_versioned(folder: Path) -> None:
    if not _FOLDER_NAME.fullmatch(folder.name):
        raise Misconfigured(f"Folder [{folder}] must be named in lower case with a version, e.g. [name_v1].")


def _read_yaml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise Misconfigured(f"[{path}] is missing.")
    try:
        content = read_yaml(path)
    except yaml.YAMLError as error:
        raise Misconfigured(f"[{path}] is not YAML: {error}") from error
    if not isinstance(content, dict):
        raise Misconfigured(f"[{path}] must hold a mapping.")
    return content


_Model = TypeVar("_Model", bound=_Entry)


def _validated(model: type[_Model], content: dict[str, Any], folder: Path) -> _Model:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Misconfigured(f"[{folder}]: field [{field}]: {first['msg']}.") from error
