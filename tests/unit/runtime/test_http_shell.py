"""What a caller is answered, and what stands afterwards."""

from __future__ import annotations

import io
import json
import threading
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, StringConstraints

from shared.errors import NotFound, Unavailable
from shared.manifest import Manifest
from shared.ports import Claims, Write
from shared.runtime.auth import Caller, key_hash
from shared.runtime.http import Request, handle_request
from shared.runtime.inject import QueryModel, Signature, read_signature
from shared.runtime.reply import Answer
from shared.runtime.request import RawBody
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import BellHeard, Killed, World, manifest


class Lower(dict[str, str]):
    """Headers looked up without regard to case."""

    def get(self, key: str, default: str = "", /) -> str:  # type: ignore[override]
        return {name.lower(): value for name, value in self.items()}.get(key.lower(), default)


class Bell(BaseModel):
    name: Annotated[str, StringConstraints(min_length=1)]
    note: dict[str, list[int]] = {}


class Loudness(QueryModel):
    loud: int = 1


class Shell:
    """One capability with three routes and a handler that can be made to fail or to hang."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.failure: BaseException | None = None
        self.hang: threading.Event | None = None
        self.ended = threading.Event()
        self.runs = 0
        self.signatures: dict[str, Signature] = {
            handler.__name__: read_signature(handler) for handler in (self.ring, self.show, self.upload)
        }
        self.manifest = self.manifest_with()
        world.store.commit(
            [
                Write(f"api_keys/{key_hash('good')}", {"name": "web", "tenant_id": "t1"}),
                Write(f"api_keys/{key_hash('gone')}", {"name": "old", "tenant_id": "t1", "revoked": True}),
            ]
        )

    def manifest_with(self, **changes: Any) -> Manifest:
        routes: list[dict[str, Any]] = [
            {"method": "POST", "path": "/api/bells", "handler": "ring", "auth": ["api_key", "user"]},
            {"method": "GET", "path": "/api/bells/{name}", "handler": "show", "auth": ["user"]},
            {"method": "PUT", "path": "/api/bells/{name}", "handler": "upload", "auth": ["user"]},
        ]
        routes[0] |= {"roles": ["ceo"], "max_body_bytes": 200}
        routes = [{**route, "summary": "x"} for route in routes]
        return manifest("bells", kind="http", subscribes=None, handler=None, routes=routes, **changes)

    def ring(self, bell: Bell, loudness: Loudness, work: UnitOfWork, caller: Caller) -> Answer:
        self.runs += 1
        try:
            if self.hang:
                self.hang.wait(10)
            found = work.get(f"bells/{bell.name}")
            times = (found.data["times"] if found else 0) + loudness.loud
            work.put(f"bells/{bell.name}", {"times": times, "by": caller.id})
            work.emit(BellHeard(name=bell.name))
            if self.failure:
                raise self.failure
            return Answer(201, {"id": work.new_id(), "times": times})
        finally:
            self.ended.set()

    def show(self, name: str, work: UnitOfWork) -> dict[str, Any]:
        return dict(work.require(f"bells/{name}").data)

    def upload(self, name: str, raw: RawBody) -> dict[str, int]:
        return {"bytes": len(raw.read())}

    def token(self, *roles: str, tenant: str = "t1") -> dict[str, str]:
        token = self.world.tokens.issue(Claims("user", "ann", tenant, roles))
        return {"Authorization": f"Bearer {token}"}

    def call(
        self,
        method: str = "POST",
        path: str = "/api/bells",
        *,
        body: bytes | None = None,
        kind: str = "application/json",
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        declared: bool = True,
        **fields: Any,
    ) -> Answer:
        content = json.dumps(fields).encode() if body is None else body
        raw = RawBody(kind, io.BytesIO(content), 0, len(content) if declared else None)
        sent = Lower({"X-API-Key": "good"} if headers is None else headers)
        request = Request(method, path, query or {}, sent, raw)
        return handle_request(self.world.platform, self.manifest, self.signatures, request)

    def times(self, name: str = "a", tenant: str = "t1") -> int:
        found = self.world.data(f"bells/{name}", tenant)
        return found["times"] if found else 0


@pytest.fixture
def shell(world: World) -> Shell:
    return Shell(world)


def said(answer: Answer) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(answer.encoded())
    return body


def test_a_good_request_is_done_told_and_in_the_ledger(shell: Shell) -> None:
    answer = shell.call(name="a")
    assert (answer.status, said(answer)["times"]) == (201, 1)
    assert len(shell.world.bus.on("bell-heard")) == 1
    (row,) = shell.world.ledger()
    assert (row["type"], row["actor"], row["tenant_id"]) == ("request.handled", "api_keys/web", "t1")


def test_a_question_leaves_no_trace_in_the_ledger(shell: Shell) -> None:
    shell.call(name="a")
    before = len(shell.world.bus.messages)
    assert said(shell.call("GET", "/api/bells/a", headers=shell.token()))["times"] == 1
    assert len(shell.world.bus.messages) == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-API-Key": "bad"},
        {"X-API-Key": "gone"},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer"},
    ],
)
def test_without_a_credential_that_holds_it_is_401(shell: Shell, headers: dict[str, str]) -> None:
    answer = shell.call(name="a", headers=headers)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert shell.runs == 0


def test_a_wrong_key_is_not_made_good_by_a_token(shell: Shell) -> None:
    assert shell.call(name="a", headers={"X-API-Key": "bad", **shell.token("ceo")}).status == 401


def test_a_user_without_the_role_or_without_a_tenant_is_403(shell: Shell) -> None:
    assert shell.call(name="a", headers=shell.token("sales")).status == 403
    assert shell.call(name="a", headers=shell.token("ceo", tenant="")).status == 403
    assert shell.call(name="a", headers=shell.token("ceo")).status == 201


def test_a_services_token_is_no_users(shell: Shell) -> None:
    token = shell.world.tokens.issue(Claims("service", "pubsub", "t1", ("ceo",)))
    assert shell.call(name="a", headers={"Authorization": f"Bearer {token}"}).status == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/api/nothing", 404),
        ("GET", "/api/bells/none", 404),
        ("GET", "/api/bells/..%2Fa", 404),
        ("GET", "/api/bells/a/b", 404),
        ("GET", "/api/bells", 405),
        ("DELETE", "/api/bells/a", 405),
    ],
)
def test_what_is_not_there_is_404_and_what_does_not_go_405(
    shell: Shell, method: str, path: str, status: int
) -> None:
    assert shell.call(method, path, headers=shell.token("ceo")).status == status


def test_a_405_names_what_goes(shell: Shell) -> None:
    answer = shell.call("DELETE", "/api/bells/a", headers=shell.token())
    assert answer.headers["Allow"] == "GET, PUT"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"", 400, None),
        (b"{", 400, None),
        (b"\xff", 400, None),
        (b'"' * 3, 400, None),
        (b"[" * 150, 400, None),
        (b"[]", 422, ""),
        (b"null", 422, ""),
        (b"{}", 422, "name"),
        (b'{"name": ""}', 422, "name"),
        (b'{"name": 7}', 422, "name"),
        (b'{"name": "a", "note": {"x": [1, "two"]}}', 422, "note.x.1"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_naming_the_field(
    shell: Shell, body: bytes, status: int, field: str | None
) -> None:
    answer = shell.call(body=body)
    assert (answer.status, answer.content_type) == (status, "application/problem+json")
    if field is not None:
        assert said(answer)["errors"][0]["field"] == field
    assert (shell.runs, shell.world.bus.messages) == (0, [])


def test_a_query_that_does_not_fit_is_refused_naming_the_field(shell: Shell) -> None:
    answer = shell.call(name="a", query={"loud": "very"})
    assert (answer.status, said(answer)["errors"][0]["field"]) == (422, "loud")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/xml", "multipart/form-data; boundary=x"])
def test_another_content_type_is_415(shell: Shell, kind: str) -> None:
    assert shell.call(name="a", kind=kind).status == 415


def test_the_content_type_may_carry_a_charset(shell: Shell) -> None:
    assert shell.call(name="a", kind="application/json; charset=utf-8").status == 201


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_the_limit_is_413_whether_it_says_so_or_not(shell: Shell, declared: bool) -> None:
    assert shell.call(body=b" " * 201, declared=declared).status == 413
    fitting = b'{"name": "a"}'.ljust(200)
    assert shell.call(body=fitting, declared=declared).status == 201


def test_a_tenant_in_body_query_or_header_changes_nothing_of_that_tenant(shell: Shell) -> None:
    headers = {"X-API-Key": "good", "tenant_id": "t2", "X-Tenant-Id": "t2"}
    answer = shell.call(name="a", tenant_id="t2", tenantid="t2", query={"tenant_id": "t2"}, headers=headers)
    assert answer.status == 201
    assert (shell.times("a", "t1"), shell.times("a", "t2")) == (1, 0)
    assert {message.attributes["ce-tenantid"] for message in shell.world.bus.messages} == {"t1"}


def test_the_same_key_again_gets_the_first_answer_and_does_nothing(shell: Shell) -> None:
    headers = {"X-API-Key": "good", "Idempotency-Key": "k"}
    first, second = shell.call(name="a", headers=headers), shell.call(name="a", headers=headers)
    assert (first.status, first.encoded()) == (second.status, second.encoded())
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert (shell.runs, shell.times()) == (1, 1)


def test_the_same_key_with_another_body_is_422(shell: Shell) -> None:
    headers = {"X-API-Key": "good", "Idempotency-Key": "k"}
    shell.call(name="a", headers=headers)
    assert shell.call(name="b", headers=headers).status == 422
    assert shell.times("b") == 0


def test_the_same_key_of_another_caller_is_another_key(shell: Shell) -> None:
    for headers in ({"X-API-Key": "good"}, shell.token("ceo"), shell.token("ceo", tenant="t2")):
        assert shell.call(name="a", headers={**headers, "Idempotency-Key": "k"}).status == 201
    assert (shell.times("a", "t1"), shell.times("a", "t2")) == (2, 1)


def test_a_key_of_a_request_that_failed_may_be_used_again(shell: Shell) -> None:
    headers = {"X-API-Key": "good", "Idempotency-Key": "k"}
    for failure, status in ((NotFound("no"), 404), (Unavailable("down"), 503), (RuntimeError("x"), 500)):
        shell.failure = failure
        assert shell.call(name="a", headers=headers).status == status
    shell.failure = None
    assert shell.call(body=b"{}", headers=headers).status == 422
    assert shell.call(name="a", headers=headers).status == 201
    assert shell.times() == 1


def test_a_key_in_use_is_409_and_one_over_255_characters_400(shell: Shell) -> None:
    headers = {"X-API-Key": "good", "Idempotency-Key": "k"}
    shell.hang = threading.Event()
    first = threading.Thread(target=shell.call, kwargs={"name": "a", "headers": headers})
    first.start()
    while not shell.runs:
        pass
    assert shell.call(name="a", headers=headers).status == 409
    shell.hang.set()
    first.join()
    assert shell.times() == 1
    assert shell.call(name="a", headers={**headers, "Idempotency-Key": "k" * 256}).status == 400


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "k"}])
def test_past_the_deadline_it_is_504_and_nothing_is_committed_then_or_later(
    shell: Shell, key: dict[str, str]
) -> None:
    shell.manifest = shell.manifest_with(timeout_seconds=0.2)
    shell.hang = threading.Event()
    headers = {"X-API-Key": "good", **key}
    answer = shell.call(name="a", headers=headers)
    assert answer.status == 504
    shell.hang.set()
    assert shell.ended.wait(5)
    shell.hang = None
    threading.Event().wait(0.2)
    assert (shell.times(), shell.world.bus.on("bell-heard")) == (0, [])
    assert shell.call(name="a", headers=headers).status == 201
    assert shell.times() == 1


def test_a_commit_under_way_at_the_deadline_is_answered_as_done(shell: Shell) -> None:
    shell.manifest = shell.manifest_with(timeout_seconds=0.2)
    commit = shell.world.store.inner.commit

    def slow_commit(writes: Any) -> list[str]:
        threading.Event().wait(0.5)
        return commit(writes)

    shell.world.store.inner.commit = slow_commit  # type: ignore[method-assign]
    assert shell.call(name="a").status == 201
    assert shell.times() == 1


def test_what_is_committed_and_not_published_is_answered_as_done(shell: Shell) -> None:
    shell.world.bus.faults.arm(Unavailable("down"))
    assert shell.call(name="a").status == 201
    assert shell.times() == 1
    assert len(shell.world.root("outbox")) == 1


def test_a_failure_says_nothing_of_the_inside_and_is_in_the_ledger(shell: Shell) -> None:
    shell.failure = RuntimeError("Ann Smith, password")
    answer = shell.call(name="a")
    assert answer.status == 500
    assert b"Ann" not in answer.encoded()
    assert shell.times() == 0
    (row,) = shell.world.ledger()
    assert (row["type"], row["outcome"]) == ("request.failed", "failed")
    assert "Ann" not in json.dumps(row)


def test_a_store_that_is_down_is_503_with_a_word_when_to_come_back(shell: Shell) -> None:
    shell.failure = Unavailable("down")
    answer = shell.call(name="a")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


def test_a_body_is_given_unread_to_a_handler_that_reads_it_itself(shell: Shell) -> None:
    answer = shell.call(
        "PUT", "/api/bells/a", body=b"\x00" * 100_000, kind="video/mp4", headers=shell.token()
    )
    assert said(answer) == {"bytes": 100_000}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("healthy", range(6))
def test_a_client_that_repeats_with_its_key_until_it_is_answered_rings_once(
    shell: Shell, healthy: int, after: bool
) -> None:
    headers = {"X-API-Key": "good", "Idempotency-Key": "k"}
    shell.world.store.faults.arm(Killed(), healthy=healthy, after=after)
    statuses = []
    for _ in range(3):
        try:
            statuses.append(shell.call(name="a", headers=headers).status)
        except Killed:
            statuses.append(0)
        shell.world.clock.pass_by(60)
    assert statuses[-1] == 201
    assert shell.times() == 1
    told = {m.attributes["ce-id"] for m in shell.world.bus.on("bell-heard")}
    told |= {
        raw["attributes"]["ce-id"]
        for document in shell.world.root("outbox")
        for raw in document.data["messages"]
        if raw["topic"] == "bell-heard"
    }
    assert len(told) == 1
