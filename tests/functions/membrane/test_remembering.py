"""What is said for later is kept and acknowledged; what is asked is answered and never kept."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from shared.events.conversation import IntentResolved
from shared.ports import Query, Write
from shared.testing.harness import Harness
from tests.functions.membrane.test_settling import Session

WEEKLY = "I want margin reports grouped by week"
NAMES = itertools.count()


def memories(harness: Harness, state: str = "live") -> list[str]:
    found = harness.tenant().documents.query(Query("memories", (("state", "==", state),)))
    return [one.data["text"] for one in found]


def bucket(harness: Harness) -> str | None:
    found = harness.tenant().documents.get("preferences/ceo")
    values = found.data["values"] if found else {}
    return values["finance_bucket"]["value"] if "finance_bucket" in values else None


@pytest.fixture
def session(harness: Harness) -> Iterator[Session]:
    yield Session(harness)
    harness.settle()
    documents = harness.tenant().documents
    for collection in ("memories", "preferences", "vectors", "memory_receipts"):
        documents.commit([Write(one.path, None) for one in documents.query(Query(collection))])


def test_a_stated_preference_is_kept_acknowledged_and_answered_with_no_plate(
    session: Session, harness: Harness
) -> None:
    assert session.say(WEEKLY).status == 200
    (frame,) = session.frames()
    assert (frame["type"], frame["message_id"]) == ("REMEMBERED", f"{session.id}-m1")
    assert frame["text"] == ('From now on money charts are grouped by week. Say "forget that" to undo it.')
    assert frame["preference"] == {"key": "finance.bucket", "value": "week"}
    assert frame["follow_ups"] == ["Show me the financials"]
    assert (memories(harness), bucket(harness)) == ([WEEKLY], "week")
    document = session.document()
    assert (document["handled_seq"], document["answered_seq"]) == (1, 1)
    assert session.told("intent-resolved") == []
    stored = harness.tenant().documents.get(f"memories/{frame['memory_id']}")
    assert stored and (stored.data["person_id"], stored.data["session_id"]) == ("ceo", session.id)


def test_a_second_delivery_keeps_it_once(session: Session, harness: Harness) -> None:
    message = session.message("From now on call me Jim")
    session.deliver(message)
    before = (session.document(), session.frames(), memories(harness))
    assert session.deliver(message).status == 200
    assert (session.document(), session.frames(), memories(harness)) == before
    assert before[2] == ["From now on call me Jim"]


def test_a_change_of_mind_says_what_it_replaces(session: Session, harness: Harness) -> None:
    session.say(WEEKLY)
    session.say("from now on show my reports by month")
    assert "It replaces “I want margin reports grouped by week”." in session.frames()[1]["text"]
    assert (memories(harness), memories(harness, "superseded")) == (
        ["from now on show my reports by month"],
        [WEEKLY],
    )
    assert bucket(harness) == "month"


def test_a_preference_with_a_request_is_kept_and_the_request_answered(
    session: Session, harness: Harness
) -> None:
    session.say("Show me the financials for Lane A by week from now on")
    (event,) = session.told("intent-resolved")
    assert (event["intent"], event["entities"]) == ("FINANCE", {"lane": "A"})
    assert event["noted"] == "From now on money charts are grouped by week."
    assert bucket(harness) == "week"


def test_of_two_sentences_one_is_kept_and_the_other_answered(session: Session, harness: Harness) -> None:
    session.say("I prefer monthly charts. Show me open repair orders!")
    (event,) = session.told("intent-resolved")
    assert (event["intent"], bucket(harness)) == ("SERVICE", "month")


def test_what_asks_for_nothing_beside_a_preference_is_acknowledged_with_it(
    session: Session, harness: Harness
) -> None:
    session.say("I prefer weekly charts. My wife bakes bread.")
    assert [frame["type"] for frame in session.frames()] == ["REMEMBERED"]
    assert session.told("intent-resolved") == [] and bucket(harness) == "week"


def test_stopping_clears_it_and_the_old_stays_in_history(session: Session, harness: Harness) -> None:
    session.say(WEEKLY)
    session.say("stop grouping by week")
    assert session.frames()[1]["type"] == "REMEMBERED"
    assert "as before" in session.frames()[1]["text"]
    assert bucket(harness) is None
    assert memories(harness, "superseded") == [WEEKLY]


def test_stopping_what_was_never_set_keeps_nothing(session: Session, harness: Harness) -> None:
    session.say("stop grouping by week")
    assert session.frames()[0]["type"] == "FORGOTTEN" and memories(harness) == []
    session.say("I prefer monthly charts")
    session.say("stop grouping by week")
    assert "Grouped by month" in session.frames()[2]["text"]
    assert bucket(harness) == "month"


def test_forget_that_undoes_what_was_just_kept_for_good(session: Session, harness: Harness) -> None:
    session.say(WEEKLY)
    session.say("forget that")
    frame = session.frames()[1]
    assert (frame["type"], frame["memory_id"]) == ("FORGOTTEN", session.frames()[0]["memory_id"])
    assert (memories(harness), memories(harness, "superseded"), bucket(harness)) == ([], [], None)
    harness.settle()
    receipt = harness.tenant().documents.get(f"memory_receipts/{frame['memory_id']}")
    assert receipt and receipt.data["vectors_left"] == 0


def test_forget_that_of_what_was_deleted_meanwhile_is_answered(session: Session, harness: Harness) -> None:
    session.say(WEEKLY)
    kept = session.frames()[0]["memory_id"]
    assert harness.call("DELETE", f"/api/memory/{kept}", persona="ceo").status == 200
    assert session.say("forget that").status == 200
    assert session.frames()[1]["text"] == "I remember nothing about that."


def test_forget_that_some_messages_later_asks_first(session: Session, harness: Harness) -> None:
    session.say(WEEKLY)
    session.say("Show me the financials for Lane A")
    harness.settle()  # its plate is there
    assert session.say("forget that").status == 200
    asked = session.frames()[-1]
    assert asked["text"] == f'Do you mean “{WEEKLY}”? Say "forget that" once more to delete it.'
    assert memories(harness) == [WEEKLY]
    session.say("forget that")
    assert session.frames()[-1]["type"] == "FORGOTTEN" and memories(harness) == []
    session.say("forget that")
    assert session.told("intent-resolved")[-1]["intent"] == "OUT_OF_SCOPE"


OIL = "Remember that Mr Ortega wants only synthetic oil"


def test_a_plate_shows_what_the_person_said_that_bears_on_the_question(
    session: Session, harness: Harness
) -> None:
    session.say(OIL)
    assert "“Mr Ortega wants only synthetic oil”" in session.frames()[0]["text"]
    session.say("what oil does Mr Ortega want?")
    harness.settle()
    plate = session.frames()[1]
    assert (plate["type"], plate["plate_id"]) == ("MOUNT_PLATE", "CRM_CARD")
    (recalled,) = plate["recalled"]
    assert recalled["text"] == OIL and recalled["memory_id"] == session.frames()[0]["memory_id"]
    assert session.told("intent-resolved")[0]["recalled"] == [recalled["memory_id"]]
    session.say("Show me open repair orders")
    harness.settle()
    assert "recalled" not in session.frames()[2]


def test_a_question_that_only_a_memory_answers_is_answered_by_it(session: Session, harness: Harness) -> None:
    session.say("Remember that the spare key hangs behind the coffee machine")
    harness.settle()  # its vector is there
    session.say("where is the spare key behind the coffee machine")
    harness.settle()
    frame = session.frames()[1]
    shown = frame["text"] if frame["type"] == "REMEMBERED" else str(frame.get("recalled"))
    assert "the spare key hangs behind the coffee machine" in shown and frame.get("plate_id") != "HELP"


def test_a_memory_that_is_gone_by_then_is_not_shown(session: Session, harness: Harness) -> None:
    session.say(OIL)
    kept = session.frames()[0]["memory_id"]
    event = IntentResolved(
        **session.message("who is Mr Ortega").model_dump(
            include={"session_id", "message_id", "seq", "user_id", "received_at", "roles"}
        ),
        intent="CRM",
        entities={"person": "Mr Ortega"},
        confidence=0.9,
        provider="embedded",
        recalled=(kept, "somebody-elses"),
    )
    assert harness.call("DELETE", f"/api/memory/{kept}", persona="ceo").status == 200
    assert harness.deliver("plate_composer", event, cause=f"{session.id}-late").status == 200
    assert "recalled" not in session.frames()[-1]


def test_forget_that_drops_an_open_question_as_before(session: Session, harness: Harness) -> None:
    session.say("show me the numbers for")
    session.say("forget that")
    assert session.told("intent-resolved")[0]["intent"] == "OUT_OF_SCOPE"


def test_something_said_earlier_is_forgotten_by_its_words(session: Session, harness: Harness) -> None:
    session.say("Remember that Mrs. Alvarez only picks up on Fridays")
    session.say("I prefer texts over phone calls")
    session.say("forget what I said about Mrs. Alvarez")
    assert session.frames()[2]["type"] == "FORGOTTEN"
    assert memories(harness) == ["I prefer texts over phone calls"]
    session.say("forget what I said about the moon")
    assert session.frames()[3]["text"] == "I remember nothing about that."
    assert memories(harness) == ["I prefer texts over phone calls"]


def test_what_is_remembered_is_told_when_asked_for_and_nothing_is_kept_of_it(
    session: Session, harness: Harness
) -> None:
    session.say("what do you remember about me?")
    assert session.frames()[0]["text"] == "You have asked me to remember nothing yet."
    session.say("Remember that Mrs. Alvarez only picks up on Fridays")
    session.say("I prefer texts over phone calls")
    session.say("what do you remember about Mrs. Alvarez?")
    told = session.frames()[3]
    assert told["type"] == "REMEMBERED" and "Fridays" in told["text"] and "texts" not in told["text"]
    session.say("forget everything you know about me")
    assert "I keep 2 memories of yours" in session.frames()[4]["text"]
    assert len(memories(harness)) == 2


def test_what_nothing_is_remembered_about_is_asked_of_the_customers(session: Session) -> None:
    session.say("what do you remember about Maria Lopez?")
    assert session.told("intent-resolved")[0]["entities"]["person"] == "Maria Lopez"


def test_an_open_question_stays_open_while_a_preference_is_kept(session: Session, harness: Harness) -> None:
    session.say("show me the numbers for")
    session.say("I prefer weekly charts")
    assert [frame["type"] for frame in session.frames()] == ["CLARIFICATION", "REMEMBERED"]
    session.say("lane b please")
    assert session.told("intent-resolved")[0]["entities"] == {"lane": "B"}
    assert bucket(harness) == "week"


@pytest.mark.parametrize(
    "text",
    ["Show me revenue by week", "What is our weekly revenue?", "Which customers always pay late", "stop"],
)
def test_a_plain_question_is_never_kept(session: Session, harness: Harness, text: str) -> None:
    session.say(text)
    assert memories(harness) == [] and bucket(harness) is None


def test_what_was_said_before_is_kept_as_its_context(session: Session, harness: Harness) -> None:
    documents = harness.tenant().documents
    documents.commit([Write(f"sessions/{session.id}/messages/00000001", {"text": "Look up Ann Lee"})])
    session.say("Look up Ann Lee")
    harness.settle()  # its plate is there
    session.say("Remember that she only takes calls after six")
    (found,) = documents.query(Query("memories"))
    assert found.data["context"] == "Look up Ann Lee"


def test_nobody_elses_memory_is_forgotten(session: Session, harness: Harness) -> None:
    foreign = {"text": "I prefer texts over phone calls", "person_id": "sales", "state": "live"}
    documents = harness.tenant().documents
    documents.commit([Write("memories/hers", foreign)])
    session.say("forget my preference for texts")
    assert session.frames()[0]["text"] == "I remember nothing about that."
    assert documents.get("memories/hers")
