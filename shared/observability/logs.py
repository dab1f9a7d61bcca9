"""Logs: one JSON object a line, with severity, trace and event id as Cloud Logging reads them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.observability.traces import current_context

SEVERITIES = ("DEBUG", "INFO", "WARNING", "ERROR")

FILE_BYTES = 5_000_000
"""A log file is closed at this size; one closed file is kept beside the open one."""


def _to_stderr(line: str) -> None:
    sys.stderr.write(line)


@dataclass
class _Logging:
    level: str = "INFO"
    project: str = ""
    write: Callable[[str], None] = _to_stderr
    close: Callable[[], None] = lambda: None


_logging = _Logging()
_fields: ContextVar[Mapping[str, Any]] = ContextVar("log_fields", default={})  # noqa: B039 - never mutated


def configure(*, level: str, project: str = "") -> None:
    """Sets the least severity logged; with a project, lines name their trace as Cloud Logging links it."""
    _logging.level, _logging.project = level, project


def log_to(file: Path | None) -> None:
    """Sends lines to a file of bounded size, or back to standard error with None."""
    former = _logging.close
    _logging.write, _logging.close = _file_writer(file) if file else (_to_stderr, lambda: None)
    former()


def _file_writer(file: Path) -> tuple[Callable[[str], None], Callable[[], None]]:
    import logging
    from logging.handlers import RotatingFileHandler

    file.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(file, maxBytes=FILE_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.terminator = ""

    def write(line: str) -> None:
        handler.handle(logging.LogRecord("cos", logging.INFO, "", 0, line, None, None))

    return write, handler.close


@contextmanager
def log_fields(**fields: Any) -> Iterator[None]:
    """Adds fields to every log line written within."""
    token = _fields.set({**_fields.get(), **fields})
    try:
        yield
    finally:
        _fields.reset(token)


def log(severity: str, message: str, **fields: Any) -> None:
    """One JSON line; `message` is a constant, what varies goes into fields."""
    if SEVERITIES.index(severity) < SEVERITIES.index(_logging.level):
        return
    entry: dict[str, Any] = {"severity": severity, "message": message, "time": datetime.now(UTC).isoformat()}
    entry |= _trace()
    _logging.write(json.dumps({**entry, **_fields.get(), **fields}, default=str) + "\n")


def _trace() -> dict[str, Any]:
    context = current_context()
    if context is None:
        return {}
    prefix = f"projects/{_logging.project}/traces/" if _logging.project else ""
    return {
        "logging.googleapis.com/trace": prefix + context.trace_id,
        "logging.googleapis.com/spanId": context.span_id,
        "logging.googleapis.com/trace_sampled": context.sampled,
    }
