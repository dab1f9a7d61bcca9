"""A local server of BigQuery's REST API, so that the real client library can be run without the cloud.

It answers `jobs.query` and `tabledata.insertAll` as the service does, from an engine given to it.
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

from shared.errors import CosError, InvalidInput

_QUERIES = re.compile(r"/bigquery/v2/projects/[^/]+/queries$")
_INSERT = re.compile(r"/bigquery/v2/projects/[^/]+/datasets/([^/]+)/tables/([^/]+)/insertAll$")
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
        self._failures: list[tuple[int, str]] = []
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fail_next(self, status: int, reason: str = "backendError", *, times: int = 1) -> None:
        self._failures.extend([(status, reason)] * times)

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
            return _error(*self._failures.pop(0), "as asked")
        try:
            if _QUERIES.search(path):
                return 200, self._query(body)
            if target := _INSERT.search(path):
                return 200, self._insert(".".join(target.groups()), body["rows"])
        except CosError as error:
            return _error(400, "invalidQuery", str(error))
        return _error(404, "notFound", f"nothing at [{path}]")

    def _query(self, body: Mapping[str, Any]) -> dict[str, Any]:
        parameters = body.get("queryParameters", ())
        types = {one["name"]: _parameter_type(one["parameterType"]) for one in parameters}
        values = {one["name"]: _parameter_value(one) for one in parameters}
        fields, rows = self.engine.run(body["query"], types, values)
        return {
            "kind": "bigquery#queryResponse",
            "jobComplete": True,
            "jobReference": {"projectId": "local", "jobId": f"job-{self.requests}", "location": "US"},
            "schema": {"fields": fields},
            "rows": [_row(fields, row) for row in rows],
            "totalRows": str(len(rows)),
        }

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
            status, answer = stub.answer(self.path.partition("?")[0], json.loads(body or b"{}"))
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: a test's output is its own."""

    return Handler
