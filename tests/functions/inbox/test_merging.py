"""Conversations are merged and split, each step undone as it was; who is there is said and seen."""

from __future__ import annotations

from typing import Any

import pytest

from shared.ports import Write
from tests.texting_desk import ANN, BOB, SELLER, Desk, deal, repair_order

THREADS = "/api/inbox/threads"


@pytest.fixture
def thread_id(desk: Desk) -> str:
    desk.records("repair_orders", repair_order())
    desk.said("Is it done yet?")
    return desk.threads()[0].thread_id


def listed(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.call("GET", THREADS)["threads"]
    return found


def two(desk: Desk) -> tuple[str, str]:
    desk.records("repair_orders", repair_order())
    desk.records("deals", deal())
    desk.said("How is the accord?")
    desk.said("How is D-1?")
    sales, service = desk.threads()
    return sales.thread_id, service.thread_id


def words(desk: Desk, thread_id: str) -> list[str]:
    return [one["text"] for one in desk.call("GET", f"{THREADS}/{thread_id}")["messages"]]


def test_merged_conversations_are_one_and_undone_they_are_two(desk: Desk) -> None:
    sales, service = two(desk)
    done = desk.call("POST", f"{THREADS}/{sales}/merge", {"into": service})
    assert done["thread"]["parts"] == [sales] and len(listed(desk)) == 1
    assert words(desk, service) == words(desk, sales) == ["How is the accord?", "How is D-1?"]
    desk.said("and the price of D-1?")
    assert len(words(desk, service)) == 3
    undone = desk.call("POST", f"{THREADS}/{service}/undo", {})
    assert undone["change_id"] == done["change_id"] and len(listed(desk)) == 2
    assert words(desk, sales) == ["How is D-1?"]
    assert words(desk, service) == ["How is the accord?", "and the price of D-1?"]
    assert desk.thread(sales).state == "open"


def test_an_answer_to_the_merged_one_s_number_reaches_the_customer(desk: Desk) -> None:
    sales, service = two(desk)
    number = desk.thread(sales).number
    desk.call("POST", f"{THREADS}/{sales}/merge", {"into": service})
    desk.said(f"#{number} Yes", sender=SELLER)
    assert desk.texts_to(ANN) == ["Yes"] and desk.thread(service).state == "answered"


def test_split_messages_are_a_conversation_of_their_own_until_it_is_undone(
    desk: Desk, thread_id: str
) -> None:
    sid = desk.said("Could my wife's car come too?")["text_sid"]
    order = {"message_ids": [sid], "department": "sales", "staff_id": "sales"}
    done = desk.call("POST", f"{THREADS}/{thread_id}/split", order)
    new = done["new_thread"]["thread_id"]
    assert words(desk, new) == ["Could my wife's car come too?"] and words(desk, thread_id) == [
        "Is it done yet?"
    ]
    assert (
        done["new_thread"]["split_from"] == thread_id and done["new_thread"]["assigned_staff_id"] == "sales"
    )
    desk.call("POST", f"{THREADS}/{new}/undo", {})
    assert words(desk, thread_id) == ["Is it done yet?", "Could my wife's car come too?"]
    assert words(desk, new) == words(desk, thread_id), "its number leads to the whole"


def test_a_message_of_another_conversation_cannot_be_split_off(desk: Desk) -> None:
    sales, service = two(desk)
    foreign = desk.messages(sales)[0]["message_id"]
    order = {"message_ids": [foreign], "department": "parts"}
    desk.call("POST", f"{THREADS}/{service}/split", order, status=422)
    desk.call("POST", f"{THREADS}/{service}/split", {"message_ids": [], "department": "parts"}, status=422)


def test_two_customers_conversations_are_not_merged(desk: Desk, thread_id: str) -> None:
    desk.said("I need new brakes", sender=BOB)
    (other,) = desk.threads(BOB)
    response = desk.product.call(
        "POST", f"{THREADS}/{other.thread_id}/merge", json={"into": thread_id}, persona="advisor"
    )
    assert response.status == 409 and "another customer" in response.json()["detail"]


def test_two_numbers_of_one_customer_are_and_the_answer_goes_where_they_wrote_last(
    desk: Desk, thread_id: str
) -> None:
    desk.said("I need new brakes", sender=BOB)
    (other,) = desk.threads(BOB)
    person = desk.thread(thread_id).person_id
    same = {**desk.one(f"threads/{other.thread_id}"), "person_id": person}
    desk.product.tenant().documents.commit([Write(f"threads/{other.thread_id}", same)])
    desk.call("POST", f"{THREADS}/{other.thread_id}/merge", {"into": thread_id})
    desk.call("POST", f"{THREADS}/{thread_id}/reply", {"text": "Both it is"})
    assert desk.texts_to(BOB) == ["Both it is"] and desk.texts_to(ANN) == []


def test_there_is_nothing_to_undo_where_nothing_was_done(desk: Desk, thread_id: str) -> None:
    desk.call("POST", f"{THREADS}/{thread_id}/undo", {}, status=409)


# presence


def test_who_is_there_is_seen_with_how_many_wait(desk: Desk, thread_id: str) -> None:
    desk.call("PUT", "/api/inbox/presence", {"state": "away"}, persona="sales")
    team = {one["staff_id"]: one for one in desk.call("GET", "/api/inbox/presence")["colleagues"]}
    assert (team["advisor"]["waiting"], team["advisor"]["is_present"]) == (1, True)
    assert (team["sales"]["state"], team["sales"]["is_present"]) == ("away", False)


def test_only_those_above_speak_for_others(desk: Desk) -> None:
    said = {"state": "off", "staff_id": "sales"}
    desk.call("PUT", "/api/inbox/presence", said, status=403)
    desk.call("PUT", "/api/inbox/presence", said, persona="ceo")
    desk.call("PUT", "/api/inbox/presence", {"state": "off", "staff_id": "nobody"}, persona="ceo", status=422)


@pytest.mark.parametrize("said", [{"state": "asleep"}, {"state": "away", "notify": "slack"}, {}])
def test_presence_that_says_nothing_is_refused(desk: Desk, said: dict[str, str]) -> None:
    desk.call("PUT", "/api/inbox/presence", said, status=422)
