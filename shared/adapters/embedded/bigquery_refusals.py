"""What DuckDB would run and mean otherwise, found by running both: refused, with the way out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from shared.errors import Misconfigured

if TYPE_CHECKING:
    from sqlglot import exp

_PARTS = ("YEAR", "ISOYEAR", "QUARTER", "MONTH", "DAY", "DAYOFYEAR", "HOUR", "MINUTE", "SECOND")


def refuse_what_means_something_else(tree: exp.Expr, origin: str) -> None:
    for node in tree.walk():
        if way_out := _refusal(node):
            raise Misconfigured(f"[{origin}]: [{node.sql(dialect='bigquery')}]: {way_out}.")


def _refusal(node: exp.Expr) -> str | None:
    """Why the node may not be used, with the way out; None where it may."""
    from sqlglot import exp

    for kind, way_out in _refused_kinds():
        if isinstance(node, kind):
            return way_out
    if node.args.get("zone"):
        return "the time zone would be ignored: give the instants of a local day as parameters"
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.TIMESTAMP:
        return "DATETIME has no zone: use TIMESTAMP or DATE"
    if isinstance(node, exp.Extract) and node.name.upper() not in _PARTS:
        return f"this part counts otherwise here: take one of {_PARTS}, or DATE_TRUNC for weeks"
    if isinstance(node, exp.Cast) and node.to.is_type("TEXT"):
        return "numbers and instants are written otherwise here: give them as what they are"
    if isinstance(node, exp.Cast) and node.to.is_type("BIGINT") and not isinstance(node.this, _whole_kinds()):
        return "a half rounds to even here: ROUND(…) inside"
    if isinstance(node, exp.Substring) and node.args["start"].is_number and node.args["start"].name == "0":
        return "the first character has place 1"
    if isinstance(node, exp.Like) and "\\" in node.expression.name:
        return "a backslash escapes nothing here: use STARTS_WITH or REGEXP_CONTAINS"
    if isinstance(node, exp.Unnest) and node.args.get("offset"):
        return "WITH OFFSET counts from 1 here: number rows with ROW_NUMBER()"
    if isinstance(node, exp.ArrayAgg) and isinstance(node.this, exp.Limit) and not _can_be_limited(node):
        return (
            "here a LIMIT needs ascending or ABS(…) DESC keys: rank rows first, aggregate IF(place <= n, …)"
        )
    if isinstance(node, (exp.Avg, exp.Stddev, exp.StddevSamp)) and not node.this.is_type("DOUBLE"):
        return "of an exact number it is exact there and a float here: CAST(… AS FLOAT64) inside"
    return None


@cache
def _whole_kinds() -> tuple[type[Any], ...]:
    from sqlglot import exp

    return (exp.Round, exp.Trunc, exp.Floor, exp.Ceil, exp.JSONExtractScalar, exp.Parameter)


@cache
def _refused_kinds() -> tuple[tuple[type[Any], str], ...]:
    from sqlglot import exp

    return (
        (exp.Div, "`/` gives infinity instead of an error: use SAFE_DIVIDE"),
        (exp.ApproxQuantile, "it differs: rank rows and take the nearest"),
        (exp.ApproxQuantiles, "it differs: rank rows and take the nearest"),
        (exp.CurrentDate, "the time comes in as a parameter"),
        (exp.CurrentTimestamp, "the time comes in as a parameter"),
        (exp.CurrentDatetime, "the time comes in as a parameter"),
        (exp.Format, "its marks mean nothing here: use CONCAT"),
        (exp.String, "it keeps the quotes here: use JSON_VALUE"),
        (exp.JSONType, "types have other names here: use JSON_VALUE"),
        (exp.Rand, "a result must be the same each time"),
        (exp.Merge, "tables are append-only"),
        (exp.TsOrDsToDatetime, "DATETIME has no zone: use TIMESTAMP or DATE"),
    )


def _can_be_limited(node: exp.ArrayAgg) -> bool:
    from sqlglot import exp

    order = node.this.this
    if isinstance(node.parent, exp.IgnoreNulls) or not isinstance(order, exp.Order):
        return False
    return all(not key.args.get("desc") or isinstance(key.this, exp.Abs) for key in order.expressions)
