from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.google.spans import CloudTraceSpans
from shared.errors import Unavailable
from shared.observability import current_traceparent, span, trace_to
from shared.testing.emulators import free_port
from shared.testing.trace_stub import TraceStub, trace_stub


@pytest.fixture
def stub() -> Iterator[TraceStub]:
    with trace_stub() as stub:
        yield stub


@pytest.fixture
def spans(stub: TraceStub) -> Iterator[CloudTraceSpans]:
    spans = CloudTraceSpans(project="demo", base_url=stub.url)
    trace_to(spans.exporter, each_request=True, project="demo")
    yield spans
    trace_to(None)
    spans.close()


def test_spans_are_there_when_the_request_is_answered_and_are_billed_to_the_project(
    spans: CloudTraceSpans, stub: TraceStub
) -> None:
    with span("POST chat", function="chat", status=202):
        trace_id = current_traceparent().split("-")[1]
        with span("commit"):
            pass
    assert {one["name"] for one in stub.spans[trace_id]} == {"POST chat", "commit"}
    assert stub.headers[0]["x-goog-user-project"] == "demo"


def test_what_was_written_is_read_back(spans: CloudTraceSpans) -> None:
    with pytest.raises(ValueError, match="x"), span("POST chat", function="chat"):
        trace_id = current_traceparent().split("-")[1]
        with span("commit"):
            pass
        raise ValueError("x")
    outer, inner = spans.trace(trace_id)
    assert (outer.name, outer.parent_id, outer.error) == ("POST chat", "", "ValueError")
    assert outer.attributes == {"function": "chat"}
    assert (inner.name, inner.parent_id) == ("commit", outer.span_id)
    steps = {step.name: step for step in spans.latencies(datetime.now(UTC) - timedelta(hours=1))}
    assert (steps["POST chat"].count, steps["POST chat"].errors) == (1, 1)
    assert spans.trace("0" * 32) == []


def test_a_trace_store_that_is_away_costs_an_answer_little_and_fails_nothing() -> None:
    away = CloudTraceSpans(project="demo", base_url=f"http://127.0.0.1:{free_port()}")
    trace_to(away.exporter, each_request=True)
    began = time.monotonic()
    with span("POST chat"):
        pass
    took = time.monotonic() - began
    trace_to(None)
    assert took < 3
    with pytest.raises(Unavailable):
        away.trace("0" * 32)
    away.close()
