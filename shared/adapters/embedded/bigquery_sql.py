"""Each named query in DuckDB's words, kept on disk once translated."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from shared.adapters.embedded import bigquery_refusals, bigquery_rewrites
from shared.sql_catalogue import NamedQuery


def translated(query: NamedQuery, cache_folder: Path) -> str:
    """The statement for DuckDB, from the cache where it has been translated before.

    The first plate after a start then pays no import of sqlglot.
    """
    path = cache_folder / f"{_cache_key(query)}.sql"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    statement = translate(query)
    cache_folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{id(statement)}.part")
    unfinished.write_text(statement, encoding="utf-8")
    unfinished.replace(path)
    return statement


def translate(query: NamedQuery) -> str:
    """Raises `Misconfigured` naming the file for a statement outside the safe part."""
    types = {parameter.name: parameter.type for parameter in query.parameters}
    return bigquery_rewrites.translate_statement(query.sql, types, origin=str(query.path))


def _cache_key(query: NamedQuery) -> str:
    types = ",".join(f"{parameter.name}:{parameter.type}" for parameter in query.parameters)
    return hashlib.sha256("\n".join((_rules(), types, query.sql)).encode()).hexdigest()


@cache
def _rules() -> str:
    """Changes with every change of the rules or of sqlglot, so that no older translation is read."""
    sources = (bigquery_rewrites.__file__, bigquery_refusals.__file__)
    return version("sqlglot") + "".join(Path(source).read_text(encoding="utf-8") for source in sources)
