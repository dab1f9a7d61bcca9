"""Staff answer customers by text, and talk to the system by text."""

from __future__ import annotations

import pytest

from functions.thread_router.staff_text import read_reply
from shared.inbox.passing import REFUSED
from tests.texting_desk import ADVISOR, ADVISOR_2, ANN, CEO, SELLER, Desk, repair_order


@pytest.fixture
def number(desk: Desk) -> int:
    """Of a conversation Ann waits in; the advisor was told."""
    desk.records("repair_orders", repair_order())
    desk.said("Is it done yet?")
    return desk.threads()[0].number


def test_an_answer_goes_to_the_customer_from_the_one_number(desk: Desk, number: int) -> None:
    text = desk.said(f"#{number} Yes, at five", sender=ADVISOR)
    assert text["state"] == "staff" and desk.texts_to(ANN) == ["Yes, at five"]
    (thread,) = desk.threads()
    assert (thread.state, thread.first_unanswered_at, thread.due_at) == ("answered", None, None)
    (sent,) = desk.stored("texts", ("to", "==", ANN))
    assert (sent["purpose"], sent["thread_id"], sent["person_id"]) == (
        "reply",
        thread.thread_id,
        thread.person_id,
    )
    assert [one["direction"] for one in desk.messages(thread.thread_id)] == ["in", "out"]
    (row,) = [
        one for one in desk.product.events("audit-recorded") if one["data"]["type"] == "thread.answered"
    ]
    assert '"waited_seconds"' in str(row["data"]["detail"]).replace("'", '"') and "five" not in str(row)


def test_an_answer_delivered_twice_is_sent_once(desk: Desk, number: int) -> None:
    webhook = desk.twilio.text(f"#{number} Yes, at five", sender=ADVISOR)
    for _ in range(2):
        desk.post(webhook)
        desk.product.settle()
    assert desk.texts_to(ANN) == ["Yes, at five"]


def test_several_lines_stay_together(desk: Desk, number: int) -> None:
    desk.said(f"# {number}: First line\nsecond line", sender=ADVISOR)
    assert desk.texts_to(ANN) == ["First line\nsecond line"]


def test_who_the_conversation_was_not_passed_to_cannot_answer_it(desk: Desk, number: int) -> None:
    desk.said(f"#{number} Hello from sales", sender=SELLER)
    assert desk.texts_to(ANN) == []
    assert desk.texts_to(SELLER) == [
        f"#{number} is no conversation that was passed to you; nothing was sent."
    ]
    desk.said(f"#{number} Hello from the top", sender=CEO)
    assert desk.texts_to(ANN) == ["Hello from the top"], "the ceo sees all"
    (told,) = desk.texts_to(CEO)
    assert told.startswith(f"Your words went to the customer of #{number}, which was not passed to you.")


@pytest.mark.parametrize("words", ["#987654 hello", "#5 hello"])
def test_a_number_nobody_has_is_said_to_the_sender_in_the_same_words(
    desk: Desk, number: int, words: str
) -> None:
    desk.said(words, sender=ADVISOR)
    assert (
        desk.texts_to(ANN) == [] and "is no conversation that was passed to you" in desk.texts_to(ADVISOR)[-1]
    )


def test_a_number_without_words_sends_nothing(desk: Desk, number: int) -> None:
    desk.said(f"#{number}  ", sender=ADVISOR)
    assert desk.texts_to(ANN) == [] and desk.texts_to(ADVISOR)[-1].startswith("Nothing was sent.")


def test_a_stop_in_the_middle_ends_sending_at_once_and_the_colleague_is_told(desk: Desk, number: int) -> None:
    desk.said(f"#{number} Yes, at five", sender=ADVISOR)
    desk.said("STOP")
    note = desk.texts_to(ADVISOR)[-1]
    assert note.startswith(f"#{number} Ann Smith, ") and note.endswith(": STOP" + REFUSED)
    before = desk.texts_to(ANN)
    desk.said(f"#{number} One more thing", sender=ADVISOR)
    assert desk.texts_to(ANN) == before and "One more thing" not in before
    assert desk.texts_to(ADVISOR)[-1].startswith(
        f"#{number} was not sent: the customer asked not to be texted"
    )
    desk.said("START")
    desk.said(f"#{number} One more thing", sender=ADVISOR)
    assert desk.texts_to(ANN)[-1] == "One more thing"


def test_a_stop_begins_no_conversation_and_asks_nobody(desk: Desk) -> None:
    text = desk.said("STOP")
    assert text["state"] == "noted" and desk.stored("threads") == []
    assert len(desk.texts_to(ANN)) == 1, "the confirmation"


def test_a_customer_who_goes_on_after_stop_is_still_heard(desk: Desk, number: int) -> None:
    desk.said("STOP")
    assert desk.said("But is my car ready?")["state"] == "passed_on"
    assert desk.texts_to(ADVISOR)[-1].endswith("But is my car ready?" + REFUSED)


def test_an_old_conversation_s_number_never_reaches_a_new_customer(desk: Desk, number: int) -> None:
    desk.call("POST", f"/api/inbox/threads/{desk.threads()[0].thread_id}/close", {})
    desk.said(f"#{number} One more thing", sender=ADVISOR)
    assert desk.texts_to(ANN) == ["One more thing"], "late, but to the same customer"


def test_a_reply_after_handing_over_still_works_for_both(desk: Desk, number: int) -> None:
    thread_id = desk.threads()[0].thread_id
    desk.call("POST", f"/api/inbox/threads/{thread_id}/assign", {"staff_id": "advisor-2"})
    desk.product.settle()
    assert desk.texts_to(ADVISOR_2)[-1].startswith(f"#{number} ")
    desk.said(f"#{number} From Abe", sender=ADVISOR_2)
    desk.said(f"#{number} From Ada", sender=ADVISOR)
    assert desk.texts_to(ANN) == ["From Abe", "From Ada"]


def test_anything_else_is_a_message_to_the_system_under_the_roles_of_the_staff_record(desk: Desk) -> None:
    desk.said("Show me open repair orders", sender=CEO)
    (event,) = desk.product.events("message-received")
    assert (event["data"]["channel"], event["data"]["roles"], event["data"]["user_id"]) == (
        "sms",
        ["ceo"],
        "ceo",
    )
    assert len(desk.texts_to(CEO)) == 1
    desk.said("Show me the inventory", sender=CEO)
    sessions = {one["data"]["session_id"] for one in desk.product.events("message-received")}
    assert len(sessions) == 1, "one session a number"
    assert desk.stored("persons") == [], "staff are no customers"


def test_a_former_colleague_is_a_customer_like_any_other(desk: Desk) -> None:
    gone = {"staff_id": "ceo", "name": "Cleo", "role": "ceo", "phone": CEO, "active": False}
    desk.records("staff", gone)
    desk.said("Show me the financials for Lane A", sender=CEO)
    assert desk.product.events("message-received") == []


@pytest.mark.parametrize("form", ["{0} Yes, at five", "{0}: yes", "{0}"])
def test_a_number_without_its_sign_says_so_instead_of_sending_nothing_silently(
    desk: Desk, number: int, form: str
) -> None:
    desk.said(form.format(number), sender=ADVISOR)
    assert desk.texts_to(ADVISOR)[-1].startswith(f"To answer conversation {number} begin with #{number}.")
    assert desk.texts_to(ANN) == [] and desk.product.events("message-received") == []


@pytest.mark.parametrize("form", ["{0}0 days inventory", "{0}.50 for parts", "{0}/11 sales", "top {0} deals"])
def test_other_numbers_are_words_for_the_system(desk: Desk, number: int, form: str) -> None:
    desk.said(form.format(number), sender=ADVISOR)
    assert len({one["id"] for one in desk.product.events("message-received")}) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#12 hi", (12, "hi")),
        (" # 12: hi", (12, "hi")),
        ("#12\nhi\nthere", (12, "hi\nthere")),
        ("#12", (12, "")),
        ("12 hi", None),
        ("#1234567 hi", None),
        ("hi #12", None),
        ("#abc", None),
        ("#12th street", None),
    ],
)
def test_what_is_an_answer_to_a_customer(text: str, found: tuple[int, str] | None) -> None:
    read = read_reply(text)
    assert (read and (read.number, read.words)) == found
