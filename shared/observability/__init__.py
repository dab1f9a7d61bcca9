"""Structured logs, and the trace that goes with a request from hop to hop.

Neither holds personal data: fields and attributes are ids, names of things, counts and durations.
"""

from __future__ import annotations

from shared.observability.logs import SEVERITIES, configure, log, log_fields, log_to
from shared.observability.traces import (
    Span,
    TraceContext,
    annotate,
    current_traceparent,
    flush_spans,
    parse_traceparent,
    span,
    trace_to,
)

__all__ = [
    "SEVERITIES",
    "Span",
    "TraceContext",
    "annotate",
    "configure",
    "current_traceparent",
    "flush_spans",
    "log",
    "log_fields",
    "log_to",
    "parse_traceparent",
    "span",
    "trace_to",
]
