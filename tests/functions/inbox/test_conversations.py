"""Staff read, answer, hand over and end conversations in the console."""

from __future__ import annotations

from typing import Any

import pytest

from tests.texting_desk import ADVISOR, ADVISOR_2, ANN, BOB, SELLER, Desk, repair_order

THREADS = "/api/inbox/threads"


@pytest.fixture
def thread_id(desk: Desk) -> str:
    desk.records("repair_orders", repair_order())
    desk.said("Is it done yet?")
    return desk.threads()[0].thread_id


def listed(desk: Desk, query: str = "", persona: str = "advisor") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.call("GET", f"{THREADS}{query}", persona=persona)["threads"]
    return found


def test_a_conversation_is_listed_with_who_it_is_and_until_when_an_answer_is_due(
    desk: Desk, thread_id: str
) -> None:
    (one,) = listed(desk)
    assert (one["thread_id"], one["customer"], one["phone"]) == (thread_id, "Ann Smith", ANN)
    assert (one["state"], one["department"], one["about"]["id"]) == ("open", "service", "RO-1")
    assert one["due_at"] and not one["is_blocked"] and not one["can_undo"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=open", 1),
        ("?state=answered", 0),
        ("?department=service", 1),
        ("?department=sales", 0),
        ("?assigned=me", 1),
        ("?assigned=sales", 0),
        ("?phone=%2B13125550171", 1),
        ("?phone=%2B13125550172", 0),
        ("?state=open&department=service", 1),
        ("?state=open&assigned=me", 1),
        ("?department=service&assigned=me", 1),
        ("?state=open&department=service&assigned=me", 1),
    ],
)
def test_filters_add_up(desk: Desk, thread_id: str, query: str, found: int) -> None:
    assert len(listed(desk, query)) == found


def test_pages_go_on_where_the_last_ended(desk: Desk) -> None:
    for number in range(5):
        desk.said("I need new brakes", sender=f"+1312555018{number}")
    seen, after = [], ""
    while True:
        page = desk.call("GET", f"{THREADS}?limit=2{after}")
        seen += [one["thread_id"] for one in page["threads"]]
        if page["next_after"] is None:
            break
        after = f"&after={page['next_after']}"
    assert len(seen) == len(set(seen)) == 5


def test_the_answer_is_texted_and_shown_with_what_became_of_it(desk: Desk, thread_id: str) -> None:
    sent = desk.call("POST", f"{THREADS}/{thread_id}/reply", {"text": " Yes, at five "})
    desk.product.settle()
    assert desk.texts_to(ANN) == ["Yes, at five"] and sent["thread"]["state"] == "answered"
    shown = desk.call("GET", f"{THREADS}/{thread_id}")
    assert [(one["direction"], one["text"]) for one in shown["messages"]] == [
        ("in", "Is it done yet?"),
        ("out", "Yes, at five"),
    ]
    assert shown["messages"][1]["staff_id"] == "advisor" and shown["messages"][1]["state"]


def test_older_messages_are_asked_for_by_the_time_of_the_oldest_there_is(desk: Desk, thread_id: str) -> None:
    for number in range(4):
        desk.said(f"brakes {number}")
    seen: list[str] = []
    path, before = f"{THREADS}/{thread_id}", ""
    while page := desk.call("GET", f"{path}?limit=2{before}")["messages"]:
        seen = [one["text"] for one in page] + seen
        before = "&before=" + page[0]["at"].replace("+", "%2B")
    assert seen == ["Is it done yet?", *(f"brakes {number}" for number in range(4))]


def test_a_reply_sent_again_with_its_key_is_one_text(desk: Desk, thread_id: str) -> None:
    for _ in range(2):
        response = desk.product.call(
            "POST", f"{THREADS}/{thread_id}/reply", json={"text": "Yes"}, persona="advisor",
            headers={"Idempotency-Key": "k1"},
        )  # fmt: skip
        assert response.status == 200
    assert desk.texts_to(ANN) == ["Yes"]


def test_after_a_stop_an_answer_is_refused_in_plain_words_and_nothing_is_asked_for(
    desk: Desk, thread_id: str
) -> None:
    desk.said("STOP")
    before = desk.texts_to(ANN)
    response = desk.product.call(
        "POST", f"{THREADS}/{thread_id}/reply", json={"text": "Yes"}, persona="advisor"
    )
    assert response.status == 409 and "asked not to be texted" in response.json()["detail"]
    assert desk.texts_to(ANN) == before and listed(desk)[0]["is_blocked"]


@pytest.mark.parametrize("body", [{}, {"text": " "}, {"text": "x" * 1601}, {"text": "a", "to": BOB}])
def test_a_reply_that_is_no_text_is_refused(desk: Desk, thread_id: str, body: dict[str, str]) -> None:
    desk.call("POST", f"{THREADS}/{thread_id}/reply", body, status=422)


@pytest.mark.parametrize("path", ["", "/reply", "/assign", "/merge", "/split", "/undo", "/close"])
def test_what_is_not_there_is_not_found_and_another_dealership_s_is_not_there(
    desk: Desk, thread_id: str, path: str
) -> None:
    bodies: dict[str, Any] = {
        "/reply": {"text": "x"},
        "/assign": {"department": "sales"},
        "/merge": {"into": "nothing"},
        "/split": {"message_ids": ["m"], "department": "sales"},
    }
    for tenant, wanted in (("autohaus", "nothing"), ("northside", thread_id)):
        response = desk.product.call(
            "POST" if path else "GET",
            f"{THREADS}/{wanted}{path}",
            json=bodies.get(path, {}) if path else None,
            persona="advisor",
            tenant=tenant,
        )
        assert response.status == 404, response.text


@pytest.mark.parametrize("persona", ["mechanic", "driver", ""])
def test_only_those_who_answer_customers_may_read_them(desk: Desk, thread_id: str, persona: str) -> None:
    for path in (THREADS, f"{THREADS}/{thread_id}", "/api/inbox/presence"):
        assert desk.product.call("GET", path, persona=persona).status == (403 if persona else 401)


# handing over


def test_handing_over_tells_the_colleague_and_remembers_from_whom(desk: Desk, thread_id: str) -> None:
    view = desk.call("POST", f"{THREADS}/{thread_id}/assign", {"staff_id": "advisor-2"})
    assert view["assigned_staff_id"] == "advisor-2" and view["reassigned"][0]["from"] == "advisor"
    (told,) = desk.texts_to(ADVISOR_2)
    assert "handed to you by Ada Advisor" in told
    desk.said("and now?")
    assert len(desk.texts_to(ADVISOR_2)) == 2 and len(desk.texts_to(ADVISOR)) == 1


def test_to_another_department_the_best_colleague_there_takes_it(desk: Desk, thread_id: str) -> None:
    view = desk.call("POST", f"{THREADS}/{thread_id}/assign", {"department": "sales"})
    assert (view["department"], view["assigned_staff_id"]) == ("sales", "sales") and len(
        desk.texts_to(SELLER)
    ) == 1


def test_to_the_same_colleague_nothing_is_told_again(desk: Desk, thread_id: str) -> None:
    desk.call("POST", f"{THREADS}/{thread_id}/assign", {"staff_id": "advisor"})
    assert len(desk.texts_to(ADVISOR)) == 1


@pytest.mark.parametrize("body", [{}, {"staff_id": "nobody"}, {"department": "kitchen"}])
def test_to_nobody_is_refused(desk: Desk, thread_id: str, body: dict[str, str]) -> None:
    desk.call("POST", f"{THREADS}/{thread_id}/assign", body, status=422)


def test_a_question_ends_when_a_person_takes_the_conversation(desk: Desk) -> None:
    desk.said("Hi there", sender=BOB)
    (thread,) = desk.threads(BOB)
    desk.call("POST", f"{THREADS}/{thread.thread_id}/assign", {"department": "service"})
    assert desk.threads(BOB)[0].state == "open"
    assert desk.said("2", sender=BOB)["state"] == "passed_on"


# ending


def test_a_closed_conversation_asks_for_no_answer_and_the_next_text_begins_another(
    desk: Desk, thread_id: str
) -> None:
    for _ in range(2):
        view = desk.call("POST", f"{THREADS}/{thread_id}/close", {})
        assert (view["state"], view["due_at"]) == ("closed", None)
    desk.said("Is it done yet?")
    assert (
        desk.threads()[0].thread_id != thread_id and desk.threads()[0].number != desk.thread(thread_id).number
    )


def test_a_reply_to_a_closed_conversation_opens_it_again(desk: Desk, thread_id: str) -> None:
    desk.call("POST", f"{THREADS}/{thread_id}/close", {})
    desk.call("POST", f"{THREADS}/{thread_id}/reply", {"text": "One more thing"})
    assert desk.thread(thread_id).state == "answered"
