"""One question when the department is unclear, and the first text goes on with its answer."""

from __future__ import annotations

import pytest

from shared.inbox.passing import REFUSED
from tests.texting_desk import ADVISOR, ADVISOR_2, ANN, BOB, OPERATOR, SELLER, Desk, deal, repair_order

QUESTION = (
    "AutoHaus Chicago: what is your message about? Reply with a number:\n1 Service and repairs\n"
    "2 Buying or selling a vehicle\n3 Parts and accessories\n4 Rental\n5 Something else"
)


def staff_texts(desk: Desk) -> list[str]:
    return [text for phone in (ADVISOR, ADVISOR_2, SELLER, OPERATOR) for text in desk.texts_to(phone)]


def test_a_stranger_who_says_nothing_clear_is_asked_once_and_nobody_else_is_told(desk: Desk) -> None:
    text = desk.said("Hi there")
    assert text["state"] == "asked" and desk.texts_to(ANN) == [QUESTION] and staff_texts(desk) == []
    (thread,) = desk.threads()
    assert (thread.state, thread.department) == ("pending_question", "general")
    assert [one["kind"] for one in desk.messages(thread.thread_id)] == ["text", "question"]


@pytest.mark.parametrize(
    "answer", ["2", " 2. ", "#2", "option 2", "I want to buy a car", "buying or selling a vehicle"]
)
def test_the_answer_lets_the_first_text_go_on(desk: Desk, answer: str) -> None:
    desk.said("Hi there, Otto here")
    desk.said(answer)
    (thread,) = desk.threads()
    assert (thread.state, thread.department, thread.assigned_staff_id) == ("open", "sales", "sales")
    (told,) = desk.texts_to(SELLER)
    assert "Hi there, Otto here" in told
    words = told.split(": ", 1)[1].split("\nAnswer")[0]
    assert (answer in words) == (answer[0].isalpha() and answer != "option 2")
    assert len(desk.texts_to(ANN)) == 1, "one question, no second one"


def test_the_customer_waits_since_the_first_text_not_since_the_answer(desk: Desk) -> None:
    first = desk.said("Hi there")["received_at"]
    desk.clock.wait(minutes=9)
    desk.said("1")
    (thread,) = desk.threads()
    assert thread.first_unanswered_at == first
    assert thread.due_at and (thread.due_at - first).total_seconds() == 15 * 60


def test_an_answer_nobody_understands_goes_to_a_person_with_all_that_was_said(desk: Desk) -> None:
    desk.said("Hi there")
    desk.said("what do you mean")
    (thread,) = desk.threads()
    assert (thread.state, thread.department) == ("open", "general")
    (told,) = staff_texts(desk)
    assert "Hi there" in told and "what do you mean" in told and len(desk.texts_to(ANN)) == 1


@pytest.mark.parametrize("answer", ["9", "0", "7"])
def test_a_number_that_was_not_offered_is_no_answer(desk: Desk, answer: str) -> None:
    desk.said("Hi there")
    desk.said(answer)
    assert desk.threads()[0].department == "general" and len(staff_texts(desk)) == 1


def test_with_two_things_open_the_question_names_them_and_the_answer_is_about_one(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    desk.records("deals", deal())
    desk.said("Hello?")
    (question,) = desk.texts_to(ANN)
    assert "1 2003 Honda Accord in service (RO-1)" in question
    desk.said("the accord")
    (thread,) = desk.threads()
    assert (thread.about["id"], thread.assigned_staff_id) == ("RO-1", "advisor")


def test_a_number_a_later_lead_brought_is_not_told_what_the_customer_has_here(desk: Desk) -> None:
    """Whoever knows a name and an e-mail address can send in a lead with a phone of their own."""
    lead = {"source": "WEB_LEAD", "name": "Wilma Onlymail", "email": "wilma@example.com"}
    for more in ({}, {"phone": BOB}):
        sent = desk.product.call("POST", "/api/crm/intake", json={**lead, **more}, api_key=True).json()
    assert sent["outcome"] == "merged"
    desk.records("repair_orders", repair_order(master_person_id=sent["master_person_id"]))
    desk.records("deals", deal(master_person_id=sent["master_person_id"]))
    desk.said("Hello?", sender=BOB)
    (question,) = desk.texts_to(BOB)
    assert question.splitlines()[1:] == ["1 Service and repairs", "2 Buying or selling a vehicle"]
    desk.said("1", sender=BOB)
    (thread,) = desk.threads(BOB)
    assert thread.assigned_staff_id == "advisor", "the colleague sees whose it may be, and asks"


def test_an_answer_that_means_a_running_conversation_is_put_into_it(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    desk.records("deals", deal())
    desk.said("How is the accord?")
    desk.said("How is D-1?")
    service, sales = desk.threads()[1], desk.threads()[0]
    desk.said("how much?")
    desk.said("2")
    asked, merged = desk.threads()[1], desk.thread(service.thread_id)
    assert asked.merged_into == "" or asked.merged_into == service.thread_id
    gone = [desk.thread(one["thread_id"]) for one in desk.stored("threads") if one["merged_into"]]
    assert [one.merged_into for one in gone] == [service.thread_id]
    assert merged.parts == (gone[0].thread_id,) and merged.state == "open"
    assert "how much?" in desk.texts_to(ADVISOR)[-1]
    assert sales.thread_id != service.thread_id
    shown = desk.call("GET", f"/api/inbox/threads/{service.thread_id}")
    assert [one["text"] for one in shown["messages"] if one["direction"] == "in"] == [
        "How is the accord?",
        "how much?",
        "2",
    ]


def test_a_question_nobody_answers_is_taken_by_a_person(desk: Desk) -> None:
    desk.said("Hi there")
    desk.clock.wait(minutes=29)
    assert desk.watch() == {}
    desk.clock.wait(minutes=2)
    assert desk.watch() == {"asked_nobody": 1}
    (thread,) = desk.threads()
    assert (thread.state, thread.department) == ("open", "general") and len(staff_texts(desk)) == 1
    assert "Hi there" in staff_texts(desk)[0]
    desk.said("service please")
    assert desk.threads()[0].state == "open" and len(desk.texts_to(ANN)) == 1


def test_yes_is_an_answer_to_a_person_and_never_a_word_of_consent_by_itself(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    desk.said("Is it done yet?")
    number = desk.threads()[0].number
    desk.said(f"#{number} Shall we change the oil too?", sender=ADVISOR)
    assert desk.said("YES")["state"] == "passed_on"
    assert desk.texts_to(ADVISOR)[-1].endswith(": YES")
    assert desk.stored("consents") == []


def test_who_may_have_refused_texts_is_asked_nothing_and_a_person_reads_it(desk: Desk) -> None:
    text = desk.said("please stop texting me")
    assert text["consent"]["kind"] == "refusal" and text["state"] == "passed_on"
    assert staff_texts(desk)[0].endswith("please stop texting me" + REFUSED)
    assert [one for one in desk.texts_to(ANN) if "what is your message about" in one] == []


def test_after_a_stop_nothing_unclear_is_asked_about(desk: Desk) -> None:
    desk.said("STOP")
    before = desk.texts_to(ANN)
    assert desk.said("Hello?")["state"] == "passed_on"
    assert desk.said("Anybody?")["state"] == "passed_on"
    assert desk.texts_to(ANN) == before and len(staff_texts(desk)) == 2 and len(desk.threads()) == 1
