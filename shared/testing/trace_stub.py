"""Cloud Trace on loopback: takes spans by OTLP and answers its REST API about them.

Like Google's endpoint it refuses spans whose resource does not name the project.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from shared.testing.http_stub import Reply, Request, json_reply, serve


class TraceStub:
    """`spans` are all that arrived, as the REST API shows them, by trace."""

    def __init__(self) -> None:
        self.url = ""
        self.spans: dict[str, list[dict[str, Any]]] = {}
        self.headers: list[dict[str, str]] = []
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Reply:
        if request.path == "/v1/traces":
            return self._take(request)
        _, _, trace_id = request.path.partition("/traces/")
        with self._lock:
            if not trace_id:
                return json_reply({"traces": [_trace(*found) for found in self.spans.items()]})
            spans = self.spans.get(trace_id)
        return json_reply(_trace(trace_id, spans)) if spans else json_reply({"error": {"code": 404}}, 404)

    def _take(self, request: Request) -> Reply:
        sent = ExportTraceServiceRequest.FromString(request.body)
        if not all(_names_its_project(one.resource) for one in sent.resource_spans):
            return Reply(400, b'Resource is missing required attribute "gcp.project_id"', {})
        with self._lock:
            self.headers.append(dict(request.headers))
            for resource in sent.resource_spans:
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        self.spans.setdefault(span.trace_id.hex(), []).append(_shown(span))
        return Reply(200, b"", {"Content-Type": "application/x-protobuf"})


def _names_its_project(resource: Any) -> bool:
    return any(one.key == "gcp.project_id" and one.value.string_value for one in resource.attributes)


def _trace(trace_id: str, spans: list[dict[str, Any]]) -> dict[str, Any]:
    return {"projectId": "demo", "traceId": trace_id, "spans": list(spans)}


def _shown(span: Any) -> dict[str, Any]:
    parent = {"parentSpanId": str(int(span.parent_span_id.hex(), 16))} if span.parent_span_id else {}
    return {
        "spanId": str(int(span.span_id.hex(), 16)),
        **parent,
        "name": span.name,
        "startTime": _moment(span.start_time_unix_nano),
        "endTime": _moment(span.end_time_unix_nano),
        "labels": {one.key: _text(one.value) for one in span.attributes},
    }


def _text(value: Any) -> str:
    return str(getattr(value, value.WhichOneof("value")))


def _moment(nanoseconds: int) -> str:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC).isoformat()


@contextmanager
def trace_stub() -> Iterator[TraceStub]:
    stub = TraceStub()
    with serve(stub.answer) as stub.url:
        yield stub
