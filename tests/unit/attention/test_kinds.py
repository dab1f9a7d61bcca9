"""Every kind of matter a capability tells of has rules of its own: points, people and words."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shared.attention.rules import attention_rules
from shared.manifest import ROOT
from tests.architecture.source import sources
from tests.said import nothing


def told_kinds() -> Iterator[tuple[str, str]]:
    """Place and kind of every `AttentionRequested(kind="…")`."""
    for source in sources(ROOT, "functions", "shared"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "AttentionRequested":
                for keyword in node.keywords:
                    if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant):
                        yield f"{source.path}:{node.lineno}", str(keyword.value.value)


def test_every_kind_that_is_told_has_rules() -> None:
    known = attention_rules().kinds
    told = list(told_kinds())
    assert len(told) > 3
    nothing(
        f"{place}: shared/attention/rules.yaml has no kind [{kind}]"
        for place, kind in told
        if kind not in known
    )
