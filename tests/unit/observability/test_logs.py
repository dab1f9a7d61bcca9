from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.observability import configure, current_traceparent, log, log_fields, log_to, logs, span


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    configure(level="INFO")
    log_to(None)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_has_severity_message_time_and_the_fields_around_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with log_fields(event="e1", function="membrane"), log_fields(tenant="autohaus"):
        log("WARNING", "event.rejected", record="rejected/1")
    (line,) = lines(capsys)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "severity": "WARNING",
        "message": "event.rejected",
        "event": "e1",
        "function": "membrane",
        "tenant": "autohaus",
        "record": "rejected/1",
    }


def test_what_is_below_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure(level="WARNING")
    log("INFO", "not this")
    log("ERROR", "this")
    assert [line["message"] for line in lines(capsys)] == ["this"]


def test_a_line_names_its_trace_as_cloud_logging_links_it(capsys: pytest.CaptureFixture[str]) -> None:
    configure(level="INFO", project="demo")
    with span("step"):
        log("INFO", "within")
        _, trace_id, span_id, _ = current_traceparent().split("-")
    (line,) = lines(capsys)
    assert line["logging.googleapis.com/trace"] == f"projects/demo/traces/{trace_id}"
    assert line["logging.googleapis.com/spanId"] == span_id
    assert line["logging.googleapis.com/trace_sampled"] is True


def test_a_line_without_a_trace_names_none(capsys: pytest.CaptureFixture[str]) -> None:
    log("INFO", "outside")
    assert not [key for key in lines(capsys)[0] if "trace" in key]


def test_a_log_file_and_the_one_before_are_bounded(tmp_path: Path) -> None:
    file = tmp_path / "data" / "logs.jsonl"
    log_to(file)
    for number in range(2 * logs.FILE_BYTES // 10_000 + 200):
        log("INFO", "line", number=number, filler="x" * 9_900)
    assert {path.name for path in file.parent.iterdir()} == {"logs.jsonl", "logs.jsonl.1"}
    assert sum(path.stat().st_size for path in file.parent.iterdir()) <= 2 * logs.FILE_BYTES
    assert all(json.loads(line)["message"] == "line" for line in file.read_text().splitlines())
