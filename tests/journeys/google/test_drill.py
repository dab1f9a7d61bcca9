"""The drill that `make drill` runs is run by every `make check` too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drill.drill import run_drill


@pytest.mark.timeout(420)
def test_a_dealership_that_was_lost_with_all_that_held_it_is_put_back(
    tmp_path: Path, firestore_host: str
) -> None:
    said: list[str] = []
    report = run_drill(tmp_path, said.append)
    assert len(report.checks) == len(set(report.checks)) == 13
    assert report.documents > 50 and report.rows > 240 and report.bytes > 100_000
    assert 0 < report.rpo_s < report.export_s + 60 and report.rto_s > report.import_s > 0
