"""Who talks by text message is answered and asked back by text message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shared.domain.session import Frame, answer, new_session, show
from shared.events.conversation import MessageReceived
from shared.ports import Query, Write
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork
from shared.testing.harness import Harness, running

PHONE = "+13125550147"


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(tmp_path_factory.mktemp("product")) as product:
        yield product


def texting(harness: Harness, session_id: str, *, phone: str = PHONE) -> str:
    """A session by text message, with the number it came from."""
    session = new_session(user_id="ceo", channel="sms", now=harness.platform.clock.now())
    session |= {"phone": phone} if phone else {}
    harness.tenant().documents.commit([Write(f"sessions/{session_id}", session)])
    return session_id


def say(harness: Harness, session_id: str, seq: int, text: str) -> None:
    """As the text's way in does it: the message is numbered, then told."""
    documents, now = harness.tenant().documents, harness.platform.clock.now()
    session = documents.get(f"sessions/{session_id}")
    assert session is not None
    documents.commit([Write(f"sessions/{session_id}", {**session.data, "last_seq": seq}, session.version)])
    said: dict[str, Any] = {"message_id": f"{session_id}-{seq}", "seq": seq, "user_id": "ceo", "text": text}
    about = {"session_id": session_id, "received_at": now, "channel": "sms", "roles": ("ceo",)}
    event = MessageReceived.model_validate({**said, **about})
    assert harness.deliver("membrane", event, cause=f"{session_id}-{seq}").status == 200
    harness.settle()


def texts(harness: Harness, session_id: str) -> list[dict[str, Any]]:
    """What was asked to be texted of the session, by the answer's number."""
    found = [dict(one.data) for one in harness.tenant().documents.query(Query("texts"))]
    own = [text for text in found if text["key"].startswith(f"answer:{session_id}:")]
    return sorted(own, key=lambda text: text["key"])


def test_a_question_back_goes_by_text_and_its_answer_resumes_what_was_asked(harness: Harness) -> None:
    session_id = texting(harness, "s-asking")
    say(harness, session_id, 1, "Pull up the customer")
    (question,) = texts(harness, session_id)
    assert (question["to"], question["purpose"], question["staff_id"]) == (PHONE, "staff_message", "ceo")
    assert question["body"].startswith("Which customer") and len(question["body"]) <= 320
    session = harness.tenant().documents.get(f"sessions/{session_id}")
    assert session and session.data["state"] == "PENDING"
    say(harness, session_id, 2, "nobody@example.com")
    answered = texts(harness, session_id)[1]
    (resolved,) = [
        event["data"]
        for event in harness.events("intent-resolved")
        if event["data"]["session_id"] == session_id
    ]
    assert (resolved["intent"], resolved["entities"]["email"]) == ("CRM", "nobody@example.com")
    assert answered["body"].endswith(f"http://localhost:8080/chat/{session_id}")


def test_a_panel_is_told_in_words_with_its_page(harness: Harness) -> None:
    session_id = texting(harness, "s-panel")
    say(harness, session_id, 1, "Show me the financials for Lane A")
    (text,) = texts(harness, session_id)
    assert "Lane A" in text["body"] and len(text["body"]) <= 320
    assert text["body"].endswith(f"/chat/{session_id}")


def test_without_a_number_of_its_own_the_staff_records_is_used(harness: Harness) -> None:
    member = {"staff_id": "ceo", "role": "ceo", "phone": "+13125550100", "active": True}
    harness.tenant().documents.commit([Write("staff/ceo", member)])
    session_id = texting(harness, "s-staff", phone="")
    say(harness, session_id, 1, "Let me talk to a human")
    (text,) = texts(harness, session_id)
    assert text["to"] == "+13125550100" and "colleague" in text["body"]


def unit(harness: Harness, session_id: str, number: int, *, tell: bool) -> None:
    """The frame is appended, and the process may end before anybody hears of the commit."""
    frame = Frame.model_validate({"type": "HANDOFF", "message_id": "m", "text": "A colleague is on it."})

    def handle(work: UnitOfWork) -> None:
        if tell:
            answer(work, session_id, number, frame)
        else:
            show(work, session_id, frame)

    run_unit(harness.platform, Cause(f"c{number}{tell}", "membrane", "autohaus", "c"), handle)


def test_each_answer_is_one_text_however_often_it_is_shown(harness: Harness) -> None:
    session_id = texting(harness, "s-each")
    unit(harness, session_id, 1, tell=True)
    unit(harness, session_id, 2, tell=False)
    assert [text["key"] for text in texts(harness, session_id)] == [
        f"answer:{session_id}:1",
        f"answer:{session_id}:2",
    ]


def test_who_can_be_reached_by_no_number_is_in_the_ledger(harness: Harness) -> None:
    harness.tenant().documents.commit([Write("staff/ceo", None)])
    session_id = texting(harness, "s-none", phone="")
    unit(harness, session_id, 1, tell=True)
    assert texts(harness, session_id) == []
    rows = [event["data"] for event in harness.events("audit-recorded")]
    assert [row["subject"] for row in rows if row["type"] == "answer.not_texted"] == [
        f"sessions/{session_id}"
    ]


def test_a_conversation_on_a_screen_is_not_texted(harness: Harness) -> None:
    session = new_session(user_id="ceo", channel="chat", now=harness.platform.clock.now())
    harness.tenant().documents.commit([Write("sessions/s-screen", session)])
    unit(harness, "s-screen", 1, tell=True)
    assert texts(harness, "s-screen") == []
