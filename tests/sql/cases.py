"""Cases as data: `tests/sql/<query>/<case>/`.

`input.<dataset>.<table>.yaml` holds rows (`defaults.yaml` fills what a case does not care about),
`params.yaml` the parameters, `expect.yaml` the whole result in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from shared.sql_catalogue import Catalogue, NamedQuery

HERE = Path(__file__).parent
CATALOGUE = Catalogue()
NAMES = [query.name for query in CATALOGUE.queries()]


@dataclass(frozen=True)
class Case:
    """One folder; `__str__` is the test's name."""

    folder: Path

    def __str__(self) -> str:
        return f"{self.query_name}: {self.folder.name}"

    @property
    def query_name(self) -> str:
        return self.folder.parent.relative_to(HERE).as_posix()

    @property
    def query(self) -> NamedQuery:
        return CATALOGUE.query(self.query_name)

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        defaults = _read(HERE / "defaults.yaml")
        found = {}
        for path in sorted(self.folder.glob("input.*.yaml")):
            table = path.name.removeprefix("input.").removesuffix(".yaml")
            found[table] = [{**defaults[table], **row} for row in _read(path) or ()]
        return found

    def parameters(self) -> dict[str, Any]:
        types = {parameter.name: parameter.type for parameter in self.query.parameters}
        given = _read(self.folder / "params.yaml")
        return {name: _typed(types[name], value) for name, value in given.items()}

    def expected(self) -> list[dict[str, Any]]:
        return _read(self.folder / "expect.yaml") or []


CASES = sorted((Case(path.parent) for path in HERE.rglob("expect.yaml")), key=str)


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _typed(kind: str, value: Any) -> Any:
    if kind == "TIMESTAMP":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == "DATE" else value


def written(value: Any) -> Any:
    """As a case file writes it: figures and times as text."""
    if isinstance(value, dict):
        return {key: written(one) for key, one in value.items()}
    if isinstance(value, list):
        return [written(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
