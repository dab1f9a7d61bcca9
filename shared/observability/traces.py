"""OpenTelemetry spans by its own SDK, imported with the first span so that a process starts without it."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span as OtelSpan
    from opentelemetry.trace import SpanContext, Tracer

BATCH_MS = 250
FLUSH_MS = 2_000
"""No longer than this does an answer wait for the trace store."""

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")


@dataclass(frozen=True)
class TraceContext:
    """W3C trace context: `trace_id` 32 hex digits, `span_id` 16; `sampled` says whether it is recorded."""

    trace_id: str
    span_id: str
    sampled: bool = True

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"


@dataclass
class Span:
    """One timed step; `attributes` may be added while it runs, never with what a person wrote."""

    name: str
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Tracing:
    """Where spans go: made with the first span, replaced by `trace_to`."""

    provider: TracerProvider
    tracer: Tracer
    each_request: bool


@dataclass
class _State:
    make_exporter: Callable[[], SpanExporter | None] | None = None
    each_request: bool = False
    project: str = ""
    tracing: _Tracing | None = None


_state = _State()
_lock = threading.RLock()


def trace_to(
    make_exporter: Callable[[], SpanExporter | None] | None, *, each_request: bool = False, project: str = ""
) -> None:
    """Sets where finished spans go; `make_exporter` is called with the first span, None drops them.

    `each_request`: they are handed over before the answer is out, because a serverless instance has no
    processor between requests; and the caller's sampling is kept to, so few requests pay for it.
    `project` is the Google Cloud project whose store takes them; it refuses spans that do not name it.
    """
    with _lock:
        former, _state.tracing = _state.tracing, None
        _state.make_exporter, _state.each_request, _state.project = make_exporter, each_request, project
    if former is not None:
        former.provider.shutdown()


def flush_spans() -> None:
    """Returns when every finished span is where spans go."""
    if (tracing := _state.tracing) is not None:
        tracing.provider.force_flush(FLUSH_MS)


def parse_traceparent(text: str) -> TraceContext | None:
    """None when it is not a valid W3C traceparent."""
    found = _TRACEPARENT.fullmatch(text)
    return TraceContext(found[1], found[2], bool(int(found[3], 16) & 1)) if found else None


def current_context() -> TraceContext | None:
    if "opentelemetry.sdk.trace" not in sys.modules:  # no span yet, so nothing to import it for
        return None
    from opentelemetry.trace import get_current_span

    context = get_current_span().get_span_context()
    return _ours(context) if context.is_valid else None


def current_traceparent() -> str:
    context = current_context()
    return context.traceparent if context else ""


@contextmanager
def span(name: str, *, parent: str = "", **attributes: Any) -> Iterator[Span]:
    """Times a step; nested spans become its children, `parent` (a traceparent) makes it another process's.

    An error leaves its kind alone in the span: its words may quote somebody.
    """
    from opentelemetry import context, trace

    tracing = _tracing()
    above, is_entry = _above(parent)
    running, started = Span(name, attributes), tracing.tracer.start_span(name, context=above)
    token = context.attach(trace.set_span_in_context(started))
    try:
        yield running
    except BaseException as error:
        running.attributes["error.type"] = type(error).__name__
        started.set_status(trace.StatusCode.ERROR)
        raise
    finally:
        context.detach(token)
        started.set_attributes(_plain(running.attributes))
        started.end()
        if is_entry:
            _hand_over(tracing, started)


def annotate(**attributes: Any) -> None:
    """Adds attributes to the step that runs; nothing outside any step."""
    if current_context() is not None:
        from opentelemetry.trace import get_current_span

        get_current_span().set_attributes(_plain(attributes))


def _above(parent: str) -> tuple[Context, bool]:
    """The context to start in, and whether the span is this process's first of the trace."""
    from opentelemetry import context, trace

    far = parse_traceparent(parent) if parent else None
    if far is None:
        here = context.get_current()
        return here, not trace.get_current_span(here).get_span_context().is_valid
    flags = trace.TraceFlags(trace.TraceFlags.SAMPLED if far.sampled else trace.TraceFlags.DEFAULT)
    remote = trace.SpanContext(int(far.trace_id, 16), int(far.span_id, 16), is_remote=True, trace_flags=flags)
    return trace.set_span_in_context(trace.NonRecordingSpan(remote)), True


def _hand_over(tracing: _Tracing, entry: OtelSpan) -> None:
    if tracing.each_request and entry.get_span_context().trace_flags.sampled:
        tracing.provider.force_flush(FLUSH_MS)


def _tracing() -> _Tracing:
    if (made := _state.tracing) is not None:
        return made
    with _lock:
        if _state.tracing is None:
            _state.tracing = _make()
        return _state.tracing


def _make() -> _Tracing:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON, DEFAULT_ON

    owner = {"gcp.project_id": _state.project} if _state.project else {}
    # Not Resource.create(): its detectors search every installed distribution.
    provider = TracerProvider(
        resource=Resource({"service.name": "autohaus", **owner}),
        sampler=DEFAULT_ON if _state.each_request else ALWAYS_ON,
        shutdown_on_exit=False,
    )
    exporter = _state.make_exporter() if _state.make_exporter else None
    if exporter is not None:
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        provider.add_span_processor(
            BatchSpanProcessor(exporter, schedule_delay_millis=BATCH_MS, max_queue_size=20_000)
        )
    return _Tracing(provider, provider.get_tracer("autohaus"), _state.each_request)


def _ours(context: SpanContext) -> TraceContext:
    trace_id, span_id = f"{context.trace_id:032x}", f"{context.span_id:016x}"
    return TraceContext(trace_id, span_id, bool(context.trace_flags.sampled))


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """OpenTelemetry takes text, numbers and flags; anything else is told as text."""
    return {
        key: value if isinstance(value, str | bool | int | float) else str(value)
        for key, value in attributes.items()
        if value is not None
    }
