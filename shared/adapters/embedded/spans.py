"""Finished spans in one SQLite file, the newest of them."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from shared.adapters.step_latency import step_latencies
from shared.observability import flush_spans, log
from shared.ports import FinishedSpan, StepLatency

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

KEPT = 50_000
"""Spans kept; some 10 MB."""

_NS_PER_MS = 1_000_000

_SCHEMA = """
PRAGMA journal_mode=WAL;
CREATE TABLE IF NOT EXISTS spans (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    trace_id TEXT NOT NULL, span_id TEXT NOT NULL, parent_id TEXT NOT NULL, name TEXT NOT NULL,
    started_at REAL NOT NULL, duration_ms REAL NOT NULL, error TEXT NOT NULL, attributes TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS spans_by_trace ON spans (trace_id);
CREATE INDEX IF NOT EXISTS spans_by_start ON spans (started_at);
"""
_COLUMNS = "trace_id, span_id, parent_id, name, started_at, duration_ms, error, attributes"


class SqliteSpans:
    """Reading first waits until what has finished is written. Losing power may lose the last spans."""

    def __init__(self, path: Path, *, kept: int = KEPT) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._kept = kept
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=30
        )
        self._db.executescript(_SCHEMA)
        self._db.execute("PRAGMA synchronous=OFF")

    def exporter(self) -> SpanExporter:
        return _Exporter(self)

    def latencies(self, since: datetime, *, tenant_id: str | None = None) -> list[StepLatency]:
        wanted = "SELECT name, duration_ms, error FROM spans WHERE started_at >= ?"
        if tenant_id is None:
            return step_latencies(self._fetch(wanted, since.timestamp()))
        own = f"{wanted} AND json_extract(attributes, '$.tenant') = ?"
        return step_latencies(self._fetch(own, since.timestamp(), tenant_id))

    def trace(self, trace_id: str) -> list[FinishedSpan]:
        wanted = f"SELECT {_COLUMNS} FROM spans WHERE trace_id = ? ORDER BY started_at, seq"
        return [_read_row(*row) for row in self._fetch(wanted, trace_id)]

    def add(self, spans: Sequence[FinishedSpan]) -> None:
        """Forgets the oldest beyond the number kept."""
        with self._lock:
            if self._db is None:  # closed: nobody can ask for these any more
                return
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(
                f"INSERT INTO spans ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_row, spans)
            )
            self._db.execute("DELETE FROM spans WHERE seq <= (SELECT MAX(seq) FROM spans) - ?", (self._kept,))
            self._db.execute("COMMIT")

    def close(self) -> None:
        flush_spans()
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _fetch(self, wanted: str, *values: float | str) -> list[Any]:
        flush_spans()
        with self._lock:
            return [] if self._db is None else self._db.execute(wanted, values).fetchall()


class _Exporter(SpanExporter):
    def __init__(self, spans: SqliteSpans) -> None:
        self._spans = spans

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        try:
            self._spans.add([_finished(span) for span in spans])
        except sqlite3.Error as error:
            log("WARNING", "spans were lost", count=len(spans), error=type(error).__name__)
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS


def _finished(span: ReadableSpan) -> FinishedSpan:
    context, started = span.get_span_context(), span.start_time or 0
    attributes = dict(span.attributes or {})
    return FinishedSpan(
        trace_id=f"{context.trace_id:032x}" if context else "",
        span_id=f"{context.span_id:016x}" if context else "",
        parent_id=f"{span.parent.span_id:016x}" if span.parent else "",
        name=span.name,
        started_at=datetime.fromtimestamp(started / 1e9, UTC),
        duration_ms=((span.end_time or started) - started) / _NS_PER_MS,
        error=str(attributes.pop("error.type", "")),
        attributes=attributes,
    )


def _row(span: FinishedSpan) -> tuple[object, ...]:
    return (
        span.trace_id,
        span.span_id,
        span.parent_id,
        span.name,
        span.started_at.timestamp(),
        span.duration_ms,
        span.error,
        json.dumps(dict(span.attributes), default=str),
    )


def _read_row(
    trace_id: str,
    span_id: str,
    parent_id: str,
    name: str,
    started_at: float,
    duration_ms: float,
    error: str,
    attributes: str,
) -> FinishedSpan:
    started = datetime.fromtimestamp(started_at, UTC)
    return FinishedSpan(
        trace_id, span_id, parent_id, name, started, duration_ms, error, json.loads(attributes)
    )
