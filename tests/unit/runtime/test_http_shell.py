"""What a caller is answered, and what stands afterwards."""

from __future__ import annotations

import pytest

from shared.ports import Claims
from tests.unit.runtime.shell import Shell, said


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
