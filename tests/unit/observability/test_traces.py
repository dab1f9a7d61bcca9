from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.adapters.embedded.spans import SqliteSpans
from shared.adapters.step_latency import nearest_rank
from shared.observability import annotate, current_traceparent, flush_spans, parse_traceparent, span, trace_to
from shared.settings import load
from shared.wiring import build_platform

TRACE, FAR = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def spans(tmp_path: Path) -> Iterator[SqliteSpans]:
    store = SqliteSpans(tmp_path / "spans.db", kept=100)
    trace_to(store.exporter)
    yield store
    trace_to(None)
    store.close()


def trace_of(traceparent: str) -> str:
    return traceparent.split("-")[1]


def test_nested_steps_are_children_in_one_trace(spans: SqliteSpans) -> None:
    with span("outer", function="chat"):
        here = current_traceparent()
        with span("inner") as running:
            running.attributes["rows"] = 3
    outer, inner = spans.trace(trace_of(here))
    assert (outer.name, outer.parent_id, outer.attributes) == ("outer", "", {"function": "chat"})
    assert (inner.name, inner.parent_id, inner.attributes) == ("inner", outer.span_id, {"rows": 3})
    assert inner.duration_ms <= outer.duration_ms


def test_a_traceparent_continues_the_trace_of_another_process(spans: SqliteSpans) -> None:
    with span("membrane", parent=f"00-{TRACE}-{FAR}-01"):
        assert trace_of(current_traceparent()) == TRACE
    (found,) = spans.trace(TRACE)
    assert found.parent_id == FAR


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        f"00-{'0' * 32}-{FAR}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{FAR}-01",
        f"00-{TRACE}-{FAR}-01-more",
    ],
)
def test_what_is_no_traceparent_starts_a_trace_of_its_own(spans: SqliteSpans, text: str) -> None:
    assert parse_traceparent(text) is None
    with span("step", parent=text):
        here = current_traceparent()
    (found,) = spans.trace(trace_of(here))
    assert found.parent_id == ""


@given(st.text(max_size=80))
def test_no_text_breaks_a_span(text: str) -> None:
    with span("step", parent=text):
        assert parse_traceparent(current_traceparent())


def test_an_error_leaves_its_kind_and_not_its_words(spans: SqliteSpans) -> None:
    with pytest.raises(ValueError, match="Jane Doe"), span("step"):
        here = current_traceparent()
        raise ValueError("Jane Doe, 312-555-0142")
    (found,) = spans.trace(trace_of(here))
    assert found.error == "ValueError"
    assert "Jane" not in repr(found)


def test_after_an_error_the_former_step_is_current_again() -> None:
    with span("outer"):
        before = current_traceparent()
        with pytest.raises(KeyError), span("inner"):
            raise KeyError
        assert current_traceparent() == before
    assert current_traceparent() == ""


def test_latencies_are_by_name_with_errors_and_percentiles(spans: SqliteSpans) -> None:
    since = datetime.now(UTC)
    for _ in range(4):
        with span("membrane"):
            pass
    with pytest.raises(KeyError), span("membrane"):
        raise KeyError
    with span("plate_composer"):
        pass
    found = {step.name: step for step in spans.latencies(since)}
    assert (found["membrane"].count, found["membrane"].errors) == (5, 1)
    assert found["plate_composer"].count == 1
    assert 0 < found["membrane"].p50_ms <= found["membrane"].p95_ms
    assert spans.latencies(since + timedelta(minutes=1)) == []


def test_latencies_of_one_dealership_are_of_what_was_done_for_it(spans: SqliteSpans) -> None:
    since = datetime.now(UTC)
    annotate(tenant="outside any step")
    with span("POST chat"):
        annotate(tenant="autohaus")
    with span("membrane", tenant="northside"):
        pass
    assert [step.name for step in spans.latencies(since, tenant_id="autohaus")] == ["POST chat"]
    assert len(spans.latencies(since)) == 2


def test_the_store_keeps_the_newest_spans_alone(spans: SqliteSpans) -> None:
    for number in range(250):
        with span(f"step {number}"):
            pass
    names = {step.name for step in spans.latencies(datetime(2026, 1, 1, tzinfo=UTC))}
    assert names == {f"step {number}" for number in range(150, 250)}


def test_spans_after_the_end_of_their_store_are_no_error(tmp_path: Path) -> None:
    store = SqliteSpans(tmp_path / "spans.db")
    trace_to(store.exporter)
    with span("before"):
        pass
    store.close()
    with span("after"):
        pass
    flush_spans()
    trace_to(None)


def test_a_span_after_the_end_of_its_platform_opens_nothing(tmp_path: Path) -> None:
    platform = build_platform(load({"COS_DATA_DIR": str(tmp_path)}))
    platform.close()
    with span("after"):
        pass
    flush_spans()
    trace_to(None)
    assert list(tmp_path.iterdir()) == []


def test_a_serverless_process_hands_spans_over_before_it_answers_and_keeps_to_the_sampling() -> None:
    exporter = InMemorySpanExporter()
    trace_to(lambda: exporter, each_request=True)
    with span("sampled", parent=f"00-{TRACE}-{FAR}-01"), span("child"):
        pass
    assert {one.name for one in exporter.get_finished_spans()} == {"sampled", "child"}
    with span("unsampled", parent=f"00-{TRACE}-{FAR}-00"):
        assert current_traceparent().startswith(f"00-{TRACE}-")
        assert current_traceparent().endswith("-00")
    trace_to(None)
    assert "unsampled" not in {one.name for one in exporter.get_finished_spans()}


@given(st.lists(st.floats(0, 1e6), min_size=1), st.sampled_from([50.0, 95.0, 100.0]))
def test_nearest_rank_is_the_least_value_the_share_does_not_exceed(
    values: list[float], percent: float
) -> None:
    ordered = sorted(values)
    found = nearest_rank(ordered, percent)
    share = percent / 100 * len(ordered)
    assert sum(1 for value in ordered if value <= found) >= share
    assert sum(1 for value in ordered if value < found) < share
