"""A plate's questions wait for each other's time, not for each other."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from functions.plate_composer.side_by_side import side_by_side
from shared.errors import Unavailable
from shared.ports import Row
from shared.testing.harness import running


class Meeting:
    """Answers only when all four questions are there at the same time."""

    def __init__(self) -> None:
        self._all_there = threading.Barrier(4)

    def query(self, name: str, parameters: Mapping[str, Any]) -> list[Row]:
        self._all_there.wait(5)
        if name == "away":
            raise Unavailable(name)
        return [{"name": name, "tenant": parameters["tenant_id"]}]


def test_questions_are_asked_at_the_same_time_and_of_ones_own_tenant(tmp_path: Path) -> None:
    with running(tmp_path, delivering=False, replaced={"warehouse": lambda _: Meeting()}) as harness:
        found = side_by_side(harness.tenant("northside"), {label: (f"q{label}", {}) for label in "abcd"})
    assert found == {label: [{"name": f"q{label}", "tenant": "northside"}] for label in "abcd"}


def test_one_that_fails_fails_the_plate(tmp_path: Path) -> None:
    with running(tmp_path, delivering=False, replaced={"warehouse": lambda _: Meeting()}) as harness:
        questions: dict[str, tuple[str, dict[str, Any]]] = {"a": ("away", {}), "b": ("q", {})}
        with pytest.raises(Unavailable):
            side_by_side(harness.tenant(), {**questions, "c": ("q", {}), "d": ("q", {})})
