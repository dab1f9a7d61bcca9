"""The intake inside the whole product, on a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.testing.harness import Harness, running

Row = dict[str, Any]


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Harness]:
    with running(tmp_path) as harness:
        yield harness


@pytest.fixture
def vehicle() -> Row:
    return {
        "vin": "1HGCM82633A004352",
        "year": 2003,
        "make": "Honda",
        "model": "Accord",
        "list_price": "6950",
    }


@pytest.fixture
def entries() -> Callable[[int], list[Row]]:
    """So many transport entries of one dollar each, all of one day."""

    def make(count: int) -> list[Row]:
        same = {"occurred_on": "2026-11-20", "lane": "C", "category": "transport", "amount": "1.00"}
        return [{"entry_id": f"E-{number}", **same} for number in range(count)]

    return make
