"""A signed-in user says something and reads the answers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from shared.domain.session import Frame, answer
from shared.local.wsgi_call import Response
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork
from shared.testing.harness import Harness, running


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    folder: Path = tmp_path_factory.mktemp("chat")
    with running(folder, delivering=False) as harness:
        yield harness


def say(
    product: Harness, text: Any = "hello", *, key: str = "", persona: str = "ceo", **more: Any
) -> Response:
    tenant = more.pop("tenant", "autohaus")
    headers = {"Idempotency-Key": key} if key else {}
    body = {"text": text, **more}
    return product.call("POST", "/api/chat", json=body, persona=persona, tenant=tenant, headers=headers)


def told(product: Harness, session_id: str) -> list[dict[str, Any]]:
    events = product.events("message-received", limit=10_000)
    return [event["data"] for event in events if event["data"]["session_id"] == session_id]


def test_a_message_without_a_session_begins_one(product: Harness) -> None:
    response = say(product, "  Show me the financials for Lane A ")
    assert response.status == 202
    accepted = response.json()
    session = product.tenant().documents.get(f"sessions/{accepted['session_id']}")
    assert session is not None
    assert (session.data["user_id"], session.data["last_seq"], session.data["state"]) == ("ceo", 1, "ACTIVE")
    message = product.tenant().documents.get(f"sessions/{accepted['session_id']}/messages/00000001")
    assert message is not None
    assert message.data["text"] == "Show me the financials for Lane A"
    assert message.data["message_id"] == accepted["message_id"]
    (event,) = told(product, accepted["session_id"])
    assert (event["text"], event["seq"], event["roles"]) == ("Show me the financials for Lane A", 1, ["ceo"])
    assert event["message_id"] == accepted["message_id"]


def test_the_messages_of_a_session_are_told_in_its_order(product: Harness) -> None:
    session_id = say(product).json()["session_id"]
    say(product, "second", session_id=session_id)
    stored = product.platform.bus_operations.recent("message-received", 2)
    assert {s.message.ordering_key for s in stored} == {f"autohaus:sessions/{session_id}"}


def test_messages_said_at_once_get_numbers_without_gaps_and_are_told_in_their_order(product: Harness) -> None:
    session_id = say(product).json()["session_id"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: say(product, str(n), session_id=session_id), range(24)))
    assert {response.status for response in answers} == {202}
    assert sorted(response.json()["seq"] for response in answers) == list(range(2, 26))
    # Whoever is slower than a later message finds its own published already, and publishes it once more.
    assert list(dict.fromkeys(event["seq"] for event in told(product, session_id))) == list(range(1, 26))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 422),
        ("  \n ", 422),
        ("x" * 4001, 422),
        ("a\x00b", 422),
        (None, 422),
        (7, 422),
        (["hi"], 422),
        ("x" * 4000, 202),
    ],
)
def test_a_text_has_1_to_4000_characters(product: Harness, text: Any, status: int) -> None:
    before = len(product.events("message-received", limit=10_000))
    response = say(product, text)
    assert response.status == status
    if status == 422:
        assert response.json()["errors"][0]["field"] == "text"
        assert len(product.events("message-received", limit=10_000)) == before


@pytest.mark.parametrize(("persona", "tenant"), [("sales", "autohaus"), ("ceo", "northside")])
def test_a_foreign_session_does_not_exist(product: Harness, persona: str, tenant: str) -> None:
    session_id = say(product).json()["session_id"]
    assert say(product, "mine?", session_id=session_id, persona=persona, tenant=tenant).status == 404
    read = product.call("GET", f"/api/chat/{session_id}", persona=persona, tenant=tenant)
    assert read.status == 404
    assert len(told(product, session_id)) == 1


def test_an_unknown_session_does_not_exist(product: Harness) -> None:
    assert say(product, session_id="nobody").status == 404
    assert product.call("GET", "/api/chat/nobody", persona="ceo").status == 404


@pytest.mark.parametrize("session_id", ["a/b", "../x", "", "x" * 200, 7])
def test_a_session_id_that_is_none_is_refused(product: Harness, session_id: Any) -> None:
    response = say(product, session_id=session_id)
    assert response.status == 422
    assert response.json()["errors"][0]["field"] == "session_id"


def test_a_tenant_in_the_body_changes_nothing_there(product: Harness) -> None:
    session_id = say(product, tenant_id="northside", tenantid="northside").json()["session_id"]
    assert product.tenant("northside").documents.get(f"sessions/{session_id}") is None
    assert product.tenant("autohaus").documents.get(f"sessions/{session_id}") is not None


def test_the_same_request_again_is_the_same_message(product: Harness) -> None:
    first, second = say(product, "once", key="k1"), say(product, "once", key="k1")
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(told(product, first.json()["session_id"])) == 1
    assert say(product, "something else", key="k1").status == 422
    assert say(product, "once", key="k1", persona="sales").json() != first.json()


def test_nobody_speaks_without_being_signed_in(product: Harness) -> None:
    assert product.call("POST", "/api/chat", json={"text": "hi"}).status == 401
    assert product.call("POST", "/api/chat", json={"text": "hi"}, api_key=True).status == 401
    token = {"Authorization": "Bearer nonsense"}
    assert product.call("POST", "/api/chat", json={"text": "hi"}, headers=token).status == 401


def test_a_body_that_cannot_be_read_is_refused(product: Harness) -> None:
    for body, kind, status in [
        (b"{", "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 400),
        (b"text=hi", "application/x-www-form-urlencoded", 415),
        (b"x" * 70_000, "application/json", 413),
    ]:
        response = product.call("POST", "/api/chat", body=body, content_type=kind, persona="ceo")
        assert (response.status, response.headers["Content-Type"]) == (status, "application/problem+json")


def test_the_frames_after_a_number_are_read_in_order(product: Harness) -> None:
    accepted = say(product).json()
    for number in range(12):
        cause = Cause(f"{accepted['message_id']}-{number}", "test", "autohaus", "test")
        frame = Frame.model_validate(
            {"type": "HANDOFF", "message_id": accepted["message_id"], "text": str(number)}
        )
        run_unit(
            product.platform,
            cause,
            partial(_answer, accepted["session_id"], frame),
        )
    read = product.call("GET", f"/api/chat/{accepted['session_id']}?after=9", persona="ceo").json()
    assert [frame["text"] for frame in read["frames"]] == ["9", "10", "11"]
    assert [frame["seq"] for frame in read["frames"]] == [10, 11, 12]
    assert (read["frame_seq"], read["state"]) == (12, "ACTIVE")
    assert all("expires_at" not in frame for frame in read["frames"])


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 30])
def test_a_number_that_is_none_is_refused(product: Harness, after: str) -> None:
    session_id = say(product).json()["session_id"]
    response = product.call("GET", f"/api/chat/{session_id}?after={after}", persona="ceo")
    assert response.status == 422
    assert response.json()["errors"][0]["field"] == "after"


def _answer(session_id: str, frame: Frame, work: UnitOfWork) -> int:
    return answer(work, session_id, 1, frame)
