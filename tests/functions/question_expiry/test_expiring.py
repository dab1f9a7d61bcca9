from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.session import new_session
from shared.ports import Write
from shared.testing.harness import Harness, running


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(tmp_path_factory.mktemp("product")) as product:
        yield product


def session_with_question(harness: Harness, session_id: str, *, minutes: float | None) -> None:
    now = harness.platform.clock.now()
    document = new_session(user_id="ceo", channel="chat", now=now)
    document |= {"state": "PENDING", "conversation": {"question": {"slot": "lane"}}}
    document["question_expires_at"] = None if minutes is None else now + timedelta(minutes=minutes)
    harness.tenant().documents.commit([Write(f"sessions/{session_id}", document)])


def session(harness: Harness, session_id: str) -> dict[str, Any]:
    document = harness.tenant().documents.get(f"sessions/{session_id}")
    assert document
    return dict(document.data)


def run(harness: Harness) -> dict[str, Any]:
    answer = harness.product.run("question_expiry")
    assert answer.status == 200, answer.text
    return dict(answer.json())


def test_only_questions_whose_time_has_passed_are_closed(harness: Harness) -> None:
    session_with_question(harness, "late", minutes=-1)
    session_with_question(harness, "open", minutes=5)
    session_with_question(harness, "settled", minutes=None)
    run(harness)
    assert (session(harness, "late")["state"], session(harness, "late")["conversation"]) == ("EXPIRED", {})
    assert session(harness, "open")["state"] == "PENDING"
    assert session(harness, "settled")["state"] == "PENDING"


def test_a_second_run_changes_nothing(harness: Harness) -> None:
    session_with_question(harness, "again", minutes=-1)
    run(harness)
    before = session(harness, "again")
    run(harness)
    assert session(harness, "again") == before
