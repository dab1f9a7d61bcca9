from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.benchmarks.__main__ import markdown
from tests.benchmarks.load import Latencies
from tests.benchmarks.process_memory import proportional_mib


def test_a_ratio_is_worked_out_where_a_row_has_none() -> None:
    rows: list[dict[str, Any]] = [
        {"measure": "a", "ours": 3, "baseline": 2, "baseline_name": "bare", "notes": "x|y\nz"},
        {"measure": "b", "ours": 0.9, "baseline": 0.8, "ratio": 1.1, "baseline_name": "other", "notes": ""},
        {"measure": "c", "ours": None, "baseline": None, "baseline_name": "", "notes": "not measured"},
    ]
    assert markdown(rows).splitlines()[2:] == [
        "| a | 3 | 2 | 1.5 | bare | x\\|y z |",
        "| b | 0.9 | 0.8 | 1.1 | other |  |",
        "| c |  |  |  |  | not measured |",
    ]


def test_percentiles_are_nearest_rank() -> None:
    found = Latencies([float(n) for n in range(1, 101)])
    assert (found.p50, found.p95) == (50.5, 95.0)
    assert Latencies([7.0]).p95 == 7.0


def test_memory_is_of_the_whole_tree_and_of_nothing_when_it_ended() -> None:
    own = proportional_mib(os.getpid())
    # Where the kernel tells no proportional size there is nothing to measure.
    assert own > 5 or not Path("/proc/self/smaps_rollup").exists()
    assert proportional_mib(2**22 + 1) == 0
