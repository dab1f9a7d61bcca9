"""A local server of BigQuery's REST API, so that the real client library can be run without the cloud.

It answers `jobs.query`, `tabledata.insertAll` and load jobs as the service does, from an engine given to it.
There is no past here: a statement's `FOR SYSTEM_TIME AS OF` is noted and the present is read.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from shared.errors import CosError, InvalidInput
from shared.testing.bigquery_jobs import BigQueryJobs

_QUERIES = re.compile(r"/bigquery/v2/projects/[^/]+/queries$")
_INSERT = re.compile(r"/bigquery/v2/projects/[^/]+/datasets/([^/]+)/tables/([^/]+)/insertAll$")
_PAGES = re.compile(r"/bigquery/v2/projects/[^/]+/queries/([^/]+)$")
_JOB = re.compile(r"/bigquery/v2/projects/[^/]+/jobs/([^/]+)$")
_UPLOAD = re.compile(r"/upload/bigquery/v2/projects/[^/]+/jobs$")
_PAST = re.compile(r" FOR SYSTEM_TIME AS OF TIMESTAMP '([^']+)'")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Engine(Protocol):
    """Runs statements of the dialect and takes rows."""

    def run(
        self, sql: str, types: Mapping[str, str], values: Mapping[str, Any]
    ) -> tuple[list[dict[str, str]], list[tuple[Any, ...]]]: ...

    def append(self, table: str, rows: Iterable[dict[str, Any]]) -> None: ...


class BigQueryStub:
    """Serves on a free port of this machine until closed. Use as a context manager.

    `fail_next` makes the next answers errors, `delay_s` makes every answer slow, `requests` counts them.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.delay_s = 0.0
        self.requests = 0
        self.read_as_of: list[str] = []
        """The moments that statements asked for, as they wrote them."""
        self._failures: list[tuple[int, str, str]] = []
        self.jobs = BigQueryJobs(engine.append)
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fail_next(
        self, status: int, reason: str = "backendError", *, times: int = 1, message: str = "as asked"
    ) -> None:
        self._failures.extend([(status, reason, message)] * times)

    def close(self) -> None:
        """Returns when no request is being answered any more."""
        self._closing.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> BigQueryStub:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def answer(self, path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        self.requests += 1
        self._closing.wait(self.delay_s)
        if self._failures:
            return _error(*self._failures.pop(0))
        try:
            if _QUERIES.search(path):
                return 200, self._query(body)
            if target := _INSERT.search(path):
                return 200, self._insert(".".join(target.groups()), body["rows"])
        except CosError as error:
            return _error(400, "invalidQuery", str(error))
        return _error(404, "notFound", f"nothing at [{path}]")

    def look_up(self, path: str, query: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """What is asked for by GET: a page of a result, or a job."""
        self.requests += 1
        if page := _PAGES.search(path):
            return 200, self.jobs.page(page[1], query)
        if job := _JOB.search(path):
            return 200, self.jobs.job(job[1])
        return _error(404, "notFound", f"nothing at [{path}]")

    def _query(self, body: Mapping[str, Any]) -> dict[str, Any]:
        parameters = body.get("queryParameters", ())
        types = {one["name"]: _parameter_type(one["parameterType"]) for one in parameters}
        values = {one["name"]: _parameter_value(one) for one in parameters}
        self.read_as_of += _PAST.findall(body["query"])
        statement = _PAST.sub("", body["query"])
        fields, rows = self.engine.run(statement, types, values)
        answer = {
            "kind": "bigquery#queryResponse",
            "jobComplete": True,
            "jobReference": {"projectId": "local", "jobId": f"job-{self.requests}", "location": "US"},
        }
        if statement.startswith("DELETE"):
            return {**answer, "numDmlAffectedRows": str(rows[0][0])}
        found = [_row(fields, row) for row in rows]
        answer |= {"schema": {"fields": fields}, "rows": found, "totalRows": str(len(rows))}
        return self.jobs.first_page(answer, int(body.get("maxResults") or len(rows)))

    def _insert(self, table: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        try:
            self.engine.append(table, [row["json"] for row in rows])
        except InvalidInput as error:
            details = [
                {"reason": "invalid", "location": one.field, "message": one.message} for one in error.errors
            ]
            return {"insertErrors": [{"index": 0, "errors": details}]}
        return {"kind": "bigquery#tableDataInsertAllResponse"}


def _parameter_type(declared: Mapping[str, Any]) -> str:
    if declared["type"] == "ARRAY":
        return f"ARRAY<{declared['arrayType']['type']}>"
    return str(declared["type"])


def _parameter_value(parameter: Mapping[str, Any]) -> Any:
    value, kind = parameter["parameterValue"], parameter["parameterType"]["type"]
    if kind == "ARRAY":
        return [one["value"] for one in value.get("arrayValues", ())]
    text = value.get("value")
    if text is None or kind in ("STRING", "DATE"):
        return text
    if kind == "TIMESTAMP":
        return datetime.fromisoformat(text)
    return {"INT64": int, "FLOAT64": float, "NUMERIC": Decimal}.get(kind, lambda flag: flag == "true")(text)


def _row(fields: list[dict[str, str]], values: Iterable[Any]) -> dict[str, Any]:
    cells = zip(fields, values, strict=True)
    return {"f": [{"v": _cells(field, value)} for field, value in cells]}


def _cells(field: Mapping[str, str], value: Any) -> Any:
    if field["mode"] == "REPEATED":
        return [{"v": _cell(one)} for one in value or ()]
    return _cell(value)


def _cell(value: Any) -> str | None:
    """As `formatOptions.useInt64Timestamp` asks: an instant in microseconds since 1970."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        since = value.replace(tzinfo=UTC) - _EPOCH
        return str((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _error(status: int, reason: str, message: str) -> tuple[int, dict[str, Any]]:
    detail = {"reason": reason, "message": message}
    return status, {"error": {"code": status, "message": message, "errors": [detail]}}


class _Server(ThreadingHTTPServer):
    """Waits for its threads at the end: one that ends inside the engine takes the process with it."""

    daemon_threads = False

    def __init__(self, *arguments: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for one in tuple(self._open):
            with suppress(OSError):  # the other side may have hung up first
                one.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a client that gave up waiting is no error
            super().handle_error(request, client_address)


def _handler(stub: BigQueryStub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or every answer waits 40 ms between its head and its body

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Content-Encoding") == "gzip":
                import gzip

                body = gzip.decompress(body)
            url = urlsplit(self.path)
            if _UPLOAD.search(url.path):
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, more, answer = stub.jobs.upload(
                    dict(parse_qsl(url.query)), headers, body, stub.endpoint
                )
            else:
                (status, answer), more = stub.answer(url.path, json.loads(body or b"{}")), {}
            self._say(status, answer, more)

        do_PUT = do_POST  # noqa: N815 - the base class's names

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            self._say(*stub.look_up(url.path, dict(parse_qsl(url.query))), {})

        def _say(self, status: int, answer: Mapping[str, Any], headers: Mapping[str, str]) -> None:
            content = json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: a test's output is its own."""

    return Handler
