from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.domain.session import new_session
from shared.events.conversation import MessageReceived
from shared.ports import Query, Write
from shared.testing.harness import Harness, running

NAMES = itertools.count()


class Session:
    """One session of the running product, spoken to message by message."""

    def __init__(self, harness: Harness) -> None:
        self.harness, self.id, self.seq = harness, f"membrane-{next(NAMES)}", 0
        now = harness.platform.clock.now()
        document = new_session(user_id="ceo", channel="chat", now=now)
        harness.tenant().documents.commit([Write(f"sessions/{self.id}", document)])

    def message(self, text: str, *, seq: int = 0, age_s: float = 0) -> MessageReceived:
        if not seq:
            self.seq += 1
        number = seq or self.seq
        return MessageReceived(
            session_id=self.id,
            message_id=f"{self.id}-m{number}",
            seq=number,
            user_id="ceo",
            received_at=datetime.now(UTC) - timedelta(seconds=age_s),
            text=text,
            roles=("ceo",),
        )

    def say(self, text: str, **message: Any) -> Any:
        return self.deliver(self.message(text, **message))

    def deliver(self, message: MessageReceived, *, attempt: int = 1) -> Any:
        return self.harness.deliver("membrane", message, cause=message.message_id, attempt=attempt)

    def document(self) -> dict[str, Any]:
        found = self.harness.tenant().documents.get(f"sessions/{self.id}")
        assert found
        return dict(found.data)

    def frames(self) -> list[dict[str, Any]]:
        query = Query(f"sessions/{self.id}/frames", order_by=("seq",))
        return [dict(document.data) for document in self.harness.tenant().documents.query(query)]

    def told(self, topic: str) -> list[dict[str, Any]]:
        data = [event["data"] for event in self.harness.events(topic)]
        return [
            d for d in data if d.get("session_id") == self.id or d.get("subject") == f"sessions/{self.id}"
        ]


@pytest.fixture
def session(harness: Harness) -> Session:
    return Session(harness)


def test_a_clear_message_is_resolved_with_its_hops(session: Session) -> None:
    assert session.say("Show me the financials for Lane A").status == 200
    (event,) = session.told("intent-resolved")
    assert (event["intent"], event["entities"], event["provider"]) == ("FINANCE", {"lane": "A"}, "embedded")
    assert event["confidence"] > 0.9
    assert event["roles"] == ["ceo"]
    assert [hop["name"] for hop in event["hops"]] == ["membrane"]
    assert session.document()["state"] == "RESOLVED"
    assert session.document()["handled_seq"] == 1


def test_an_unclear_message_is_asked_about_on_the_screen_and_the_answer_resumes_it(session: Session) -> None:
    session.say("show me the numbers for")
    (frame,) = session.frames()
    assert (frame["type"], frame["message_id"]) == ("CLARIFICATION", f"{session.id}-m1")
    assert frame["options"][0] == "All lanes"
    assert session.document()["state"] == "PENDING"
    assert session.told("clarification-asked")[0]["slot"] == "lane"
    session.say("lane b please")
    assert session.told("intent-resolved")[0]["entities"] == {"lane": "B"}
    assert session.document()["conversation"] == {}


def test_a_second_delivery_changes_nothing(session: Session) -> None:
    message = session.message("show me the numbers for")
    session.deliver(message)
    before = (session.document(), session.frames(), len(session.harness.events()))
    assert session.deliver(message).status == 200
    assert (session.document(), session.frames(), len(session.harness.events())) == before


def test_a_human_takes_over_with_a_frame_and_an_event(session: Session) -> None:
    for text in ("look up the customer", "hmm", "hmm"):
        session.say(text)
    assert [frame["type"] for frame in session.frames()] == ["CLARIFICATION", "CLARIFICATION", "HANDOFF"]
    assert session.told("handoff-requested")[0]["reason"] == "unclear_after_questions"
    assert session.told("attention-requested")[0]["kind"] == "handoff"
    assert session.document()["state"] == "RESOLVED"


def test_whoever_asks_for_a_person_is_handed_over_without_a_question(session: Session) -> None:
    session.say("I want to talk to a human")
    assert [(frame["type"], frame["reason"]) for frame in session.frames()] == [
        ("HANDOFF", "asked_for_a_person")
    ]
    assert "asked for one" in session.told("attention-requested")[0]["summary"]


def test_a_refinement_is_resolved_with_what_was_asked_before(session: Session) -> None:
    session.say("Show me the financials for Lane A")
    session.say("what about last month")
    entities = session.told("intent-resolved")[1]["entities"]
    assert (entities["lane"], entities["period"]["label"]) == ("A", "last month")


def test_a_message_waits_for_the_one_before_it(session: Session) -> None:
    first = session.message("show me the numbers for")
    second = session.message("lane b please")
    assert session.deliver(second).status == 503
    assert session.document()["handled_seq"] == 0
    session.deliver(first)
    assert session.deliver(second, attempt=2).status == 200
    assert session.told("intent-resolved")[0]["entities"] == {"lane": "B"}


def test_a_lost_message_holds_nobody_up_and_is_still_answered_when_it_turns_up(session: Session) -> None:
    assert session.say("Show me the financials for Lane A", seq=5, age_s=60).status == 200
    assert session.document()["handled_seq"] == 5
    assert session.say("show me open repair orders", seq=4, age_s=61).status == 200
    assert [event["seq"] for event in session.told("intent-resolved")] == [5, 4]
    assert session.document()["handled_seq"] == 5


def test_a_question_waits_until_the_plate_before_it_is_shown(session: Session) -> None:
    settled_not_shown = {**session.document(), "handled_seq": 1, "answered_seq": 0}
    session.harness.tenant().documents.commit([Write(f"sessions/{session.id}", settled_not_shown)])
    question = session.message("show me the numbers for", seq=2)
    assert session.deliver(question).status == 503
    assert session.frames() == []
    shown = {**session.document(), "answered_seq": 1}
    session.harness.tenant().documents.commit([Write(f"sessions/{session.id}", shown)])
    assert session.deliver(question, attempt=2).status == 200
    assert [frame["type"] for frame in session.frames()] == ["CLARIFICATION"]


def test_what_a_model_call_cost_is_recorded_without_the_message(session: Session) -> None:
    before = len(session.harness.events("model-used"))
    session.say("find maria lopez")
    usage = session.harness.events("model-used")[before]["data"]
    assert (usage["task"], usage["mode"], usage["outcome"]) == ("route_message", "read_only", "ok")
    assert (usage["provider_name"], usage["cost_usd"]) == ("embedded", "0")
    assert "maria" not in str(usage).lower()


def test_a_malformed_event_is_rejected_and_acknowledged(harness: Harness) -> None:
    response = harness.product.deliver("membrane", b'{"message": {"data": "bm8=", "attributes": {}}}')
    assert response.status == 200
    assert "rejected" in response.text


def test_a_message_of_no_session_is_rejected(harness: Harness, session: Session) -> None:
    ghost = session.message("hello").model_copy(update={"session_id": "nobody"})
    response = harness.deliver("membrane", ghost, cause="ghost")
    assert response.status == 200
    assert "rejected" in response.text


def test_without_the_sentence_model_the_message_is_kept_and_tried_again(tmp_path: Path) -> None:
    with running(tmp_path / "data", model_dir=tmp_path / "no-model") as harness:
        session = Session(harness)
        response = session.say("Show me the financials for Lane A")
        assert response.status >= 500
        assert session.document()["handled_seq"] == 0


def test_whoever_waits_is_told_when_everything_failed(tmp_path: Path) -> None:
    with running(tmp_path / "data", model_dir=tmp_path / "no-model") as harness:
        session = Session(harness)
        session.deliver(session.message("Show me the financials for Lane A"), attempt=12)
        assert [frame["type"] for frame in session.frames()] == ["ERROR"]
        assert session.document()["handled_seq"] == 1
