"""Whatever a document holds comes back from its line, and equal content has one line."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.admin.lines import document_line, read_document
from shared.ports import Document

KEYS = st.sampled_from(["a", "b", "$time", "$map", "$", "ü", "a.b", ""]) | st.text(max_size=6)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
DATA = st.dictionaries(KEYS, VALUES, max_size=5)


def same(one: Any, other: Any) -> bool:
    """Equal, and 1, 1.0 and true apart."""
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and one.keys() == other.keys()
            and all(same(one[k], other[k]) for k in one)
        )
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other and str(one) == str(other)


@given(DATA)
def test_any_document_comes_back(data: dict[str, Any]) -> None:
    line = document_line(Document("tenants/a/odd/1", data, "7"))
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    read = read_document(line)
    assert read.path == "tenants/a/odd/1" and same(dict(read.data or {}), data)


@given(DATA)
def test_the_order_of_keys_makes_no_other_line(data: dict[str, Any]) -> None:
    turned = dict(reversed(list(data.items())))
    assert document_line(Document("a/b", data, "1")) == document_line(Document("a/b", turned, "2"))


def test_a_moment_is_one_line_in_whatever_zone_it_came() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    chicago = noon.astimezone(timezone(timedelta(hours=-6)))
    lines = {document_line(Document("a/b", {"at": moment}, "1")) for moment in (noon, chicago)}
    assert len(lines) == 1


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b'{"path": "a/b"}', b'{"path": "a/b", "data": []}'])
def test_what_is_no_document_is_refused(line: bytes) -> None:
    with pytest.raises((ValueError, json.JSONDecodeError)):
        read_document(line)
