"""One request is done once, however often it comes and whatever dies on the way."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from shared.errors import NotFound, Unavailable
from shared.runtime.inject import read_signature
from shared.runtime.reply import Answer
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import Killed
from tests.unit.runtime.shell import Shell, said


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

    shell.world.store.inner.commit = slow_commit  # type: ignore[method-assign]  # slow on purpose
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
    shell.failure = Unavailable("down at store-seven")
    answer = shell.call(name="a")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert b"store-seven" not in answer.encoded()


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


def test_a_question_is_answered_anew_though_it_carries_a_key(shell: Shell) -> None:
    headers = {**shell.token("ceo"), "Idempotency-Key": "k"}
    shell.call(name="a")
    before = said(shell.call("GET", "/api/bells/a", headers=headers))["times"]
    shell.call(name="a")
    assert (before, said(shell.call("GET", "/api/bells/a", headers=headers))["times"]) == (1, 2)


def test_one_key_and_user_name_in_two_dealerships_share_no_ids(shell: Shell) -> None:
    headers = [{**shell.token("ceo", tenant=tenant), "Idempotency-Key": "k"} for tenant in ("t1", "t2")]
    one, other = (said(shell.call(name="a", headers=sent))["id"] for sent in headers)
    assert one != other
    events = [message.attributes["ce-id"] for message in shell.world.bus.on("bell-heard")]
    assert len(set(events)) == 2


def test_an_answer_that_cannot_be_written_leaves_nothing_behind(shell: Shell) -> None:
    def ring(work: UnitOfWork) -> Answer:
        work.put("bells/a", {"times": 1})
        return Answer(200, "half a character: \ud800")

    shell.signatures["ring"] = read_signature(ring)
    for headers in ({"X-API-Key": "good"}, {"X-API-Key": "good", "Idempotency-Key": "k"}):
        answer = shell.call(name="a", headers=headers)
        assert (answer.status, answer.content_type) == (500, "application/problem+json")
        assert shell.times() == 0
