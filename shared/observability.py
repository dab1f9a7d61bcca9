"""Structured logs and the trace context that travels with every event.

Logs are one JSON object a line, with severity, trace and event id as Cloud Logging reads them.
They never hold personal data: fields are ids, names of things, counts and durations.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

SEVERITIES = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True)
class TraceContext:
    """W3C trace context: `trace_id` 32 hex digits, `span_id` 16."""

    trace_id: str
    span_id: str

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-01"

    def child(self) -> TraceContext:
        return TraceContext(self.trace_id, secrets.token_hex(8))


@dataclass
class Span:
    """One timed step; `attributes` may be added while it runs."""

    name: str
    context: TraceContext
    parent_id: str
    started_at: datetime
    attributes: dict[str, Any] = field(default_factory=dict)
    duration_ms: float = 0.0
    error: str = ""


class SpanSink(Protocol):
    def record(self, span: Span) -> None: ...


_context: ContextVar[TraceContext | None] = ContextVar("trace_context", default=None)
_fields: ContextVar[Mapping[str, Any]] = ContextVar("log_fields", default={})  # noqa: B039 - never mutated
_sinks: list[SpanSink] = []
_level = ["INFO"]


def configure(*, level: str, sinks: list[SpanSink]) -> None:
    """Sets the least severity logged and where finished spans go."""
    _level[0] = level
    _sinks[:] = sinks


def parse_traceparent(text: str) -> TraceContext | None:
    """None when it is not a valid W3C traceparent."""
    parts = text.split("-")
    if len(parts) != 4 or len(parts[1]) != 32 or len(parts[2]) != 16:
        return None
    if not all(c in "0123456789abcdef" for c in parts[1] + parts[2]) or set(parts[1]) == {"0"}:
        return None
    return TraceContext(parts[1], parts[2])


def current_traceparent() -> str:
    context = _context.get()
    return context.traceparent if context else ""


@contextmanager
def span(name: str, *, parent: str = "", **attributes: Any) -> Iterator[Span]:
    """Times a step and hands it to the sinks; nested spans become its children."""
    above = parse_traceparent(parent) if parent else _context.get()
    context = above.child() if above else TraceContext(secrets.token_hex(16), secrets.token_hex(8))
    running = Span(name, context, above.span_id if above else "", datetime.now(UTC), dict(attributes))
    token = _context.set(context)
    started = time.perf_counter()
    try:
        yield running
    except BaseException as error:
        running.error = type(error).__name__
        raise
    finally:
        running.duration_ms = (time.perf_counter() - started) * 1000
        _context.reset(token)
        for sink in _sinks:
            sink.record(running)


@contextmanager
def log_fields(**fields: Any) -> Iterator[None]:
    """Adds fields to every log line written within."""
    token = _fields.set({**_fields.get(), **fields})
    try:
        yield
    finally:
        _fields.reset(token)


def log(severity: str, message: str, **fields: Any) -> None:
    """One JSON line on standard error."""
    if SEVERITIES.index(severity) < SEVERITIES.index(_level[0]):
        return
    context = _context.get()
    entry: dict[str, Any] = {"severity": severity, "message": message, "time": datetime.now(UTC).isoformat()}
    if context:
        entry["logging.googleapis.com/trace"] = context.trace_id
        entry["logging.googleapis.com/spanId"] = context.span_id
    sys.stderr.write(json.dumps({**entry, **_fields.get(), **fields}, default=str) + "\n")
