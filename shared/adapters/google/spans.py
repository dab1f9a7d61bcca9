"""Spans in Cloud Trace: written by OTLP as OpenTelemetry does, read by its REST API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.adapters.google.errors import google_errors
from shared.adapters.step_latency import step_latencies
from shared.errors import Unavailable
from shared.observability import flush_spans
from shared.ports import FinishedSpan, StepLatency

if TYPE_CHECKING:
    import requests
    from opentelemetry.sdk.trace.export import SpanExporter

WRITE_URL = "https://telemetry.googleapis.com"
READ_URL = "https://cloudtrace.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"

WRITE_TIMEOUT_S = 2.0
"""An answer waits for this, so it is short: a lost span is better than a slow answer."""

READ_TIMEOUT_S = 10.0
MOST = 1_000


class CloudTraceSpans:
    """`base_url` (`http://127.0.0.1:port`) instead of the cloud, then without credentials."""

    def __init__(self, *, project: str, base_url: str = "") -> None:
        self._project, self._base_url = project, base_url.rstrip("/")

    def exporter(self) -> SpanExporter:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter(
            endpoint=f"{self._base_url or WRITE_URL}/v1/traces",
            headers={"x-goog-user-project": self._project},
            session=self._session,
            timeout=WRITE_TIMEOUT_S,
        )

    def latencies(self, since: datetime, *, tenant_id: str | None = None) -> list[StepLatency]:
        """Of the newest 1,000 traces at most."""
        found = (span for trace in self._traces(since) for span in _spans(trace))
        return step_latencies(
            (span.name, span.duration_ms, span.error)
            for span in found
            if tenant_id in (None, span.attributes.get("tenant"))
        )

    def trace(self, trace_id: str) -> list[FinishedSpan]:
        flush_spans()
        found = self._read(f"traces/{trace_id}", {})
        return sorted(_spans(found), key=lambda span: span.started_at)

    @cached_property
    def _session(self) -> requests.Session:
        if self._base_url:
            import requests

            return requests.Session()
        import google.auth
        from google.auth.transport.requests import AuthorizedSession

        with google_errors("Cloud Trace client"):
            credentials, _ = google.auth.default(scopes=[SCOPE])
        return AuthorizedSession(credentials)  # type: ignore[no-untyped-call,no-any-return,unused-ignore]  # untyped

    def _traces(self, since: datetime) -> Iterator[Mapping[str, Any]]:
        flush_spans()
        wanted = {"view": "COMPLETE", "startTime": since.astimezone(UTC).isoformat(), "pageSize": str(MOST)}
        yield from self._read("traces", {**wanted, "orderBy": "start desc"}).get("traces", ())

    def _read(self, what: str, query: Mapping[str, str]) -> Mapping[str, Any]:
        import requests

        url = f"{self._base_url or READ_URL}/v1/projects/{self._project}/{what}"
        try:
            with google_errors("Cloud Trace"):
                answer = self._session.get(url, params=dict(query), timeout=READ_TIMEOUT_S)
        except requests.RequestException as error:
            raise Unavailable(f"Cloud Trace did not answer: {type(error).__name__}") from error
        if answer.status_code == 404:
            return {}
        if answer.status_code != 200:
            raise Unavailable(f"Cloud Trace answered [{answer.status_code}]")
        return _object(answer.text)

    def close(self) -> None:
        flush_spans()
        if "_session" in self.__dict__:
            self._session.close()


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Unavailable("Cloud Trace answered no JSON") from error
    if not isinstance(found, dict):
        raise Unavailable("Cloud Trace answered JSON that is no object")
    return found


def _spans(trace: Mapping[str, Any]) -> Iterator[FinishedSpan]:
    for span in trace.get("spans", ()):
        started, ended = (datetime.fromisoformat(span[name]) for name in ("startTime", "endTime"))
        labels = dict(span.get("labels", {}))
        yield FinishedSpan(
            trace_id=str(trace.get("traceId", "")),
            span_id=f"{int(span['spanId']):016x}",
            parent_id=f"{int(span['parentSpanId']):016x}" if int(span.get("parentSpanId", 0)) else "",
            name=str(span["name"]),
            started_at=started,
            duration_ms=(ended - started).total_seconds() * 1000,
            error=str(labels.pop("error.type", "")),
            attributes=labels,
        )
