"""A refusal holds at once; what was read from own words a person can take back, and nobody else's stop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.domain.consent import Evidence, honour, record_permission, record_refusal
from shared.local.wsgi_call import Response
from shared.texting.opt_out import read_consent_words
from shared.texting.request import Purpose
from tests.functions.text_rig import CUSTOMER, NIGHT, TextDesk, text_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TextDesk]:
    with text_desk(tmp_path) as opened:
        yield opened


def says(desk: TextDesk, words: str, *, sid: str = "", phone: str = CUSTOMER) -> str:
    """The customer texts; answers the change it makes."""
    text_sid = sid or f"SM{desk.harness.platform.ids.new()}"
    return desk.within(
        lambda work: honour(work, phone=phone, words=read_consent_words(words), text_sid=text_sid)
    )


def state(desk: TextDesk) -> str:
    return str(desk.document("consents/13125550142")["state"])


def asked_for(desk: TextDesk) -> list[str]:
    ids = [one["data"]["text_id"] for one in desk.harness.events("text-requested")]
    return [desk.text(text_id)["purpose"] for text_id in ids]


def call(desk: TextDesk, method: str, path: str, **how: Any) -> Response:
    return desk.harness.call(method, f"/api/consents{path}", **{"persona": "advisor", **how})


# what a customer texts


@pytest.mark.parametrize(
    "word", ["STOP", "stop.", "Unsubscribe", "END", "quit", "Opt out", "cancel", "revoke"]
)
def test_an_agreed_word_ends_texts_and_is_confirmed_once(desk: TextDesk, word: str) -> None:
    assert says(desk, word)
    assert state(desk) == "denied" and asked_for(desk) == ["opt_out_confirmation"]
    assert says(desk, word) == "" and asked_for(desk) == ["opt_out_confirmation"]
    (event,) = desk.harness.events("consent-changed")
    assert event["data"]["needs_review"] is False and CUSTOMER[1:] not in str(event)


def test_the_same_text_twice_is_one_confirmation(desk: TextDesk) -> None:
    for _ in range(2):
        says(desk, "please stop texting me", sid="SM1")
    assert asked_for(desk) == ["opt_out_confirmation"]


def test_own_words_are_honoured_at_once_and_shown_to_a_person(desk: TextDesk) -> None:
    change_id = says(desk, "Take me off your list please")
    assert state(desk) == "denied" and asked_for(desk) == ["opt_out_confirmation"]
    (asked,) = desk.attention()
    assert (asked["kind"], asked["subject"]) == ("opt_out_review", f"consent_changes/{change_id}")
    assert "Take me off" not in str(asked)


def test_start_lifts_a_stop_and_says_so(desk: TextDesk) -> None:
    says(desk, "STOP")
    assert says(desk, "START")
    assert state(desk) == "granted"
    assert asked_for(desk) == ["opt_out_confirmation", "opt_in_confirmation"]


def test_yes_is_an_answer_unless_there_is_a_stop_to_lift(desk: TextDesk) -> None:
    assert says(desk, "YES") == "" and asked_for(desk) == []
    says(desk, "STOP")
    assert says(desk, "Yes") and state(desk) == "granted"


def test_help_is_answered_and_changes_nothing(desk: TextDesk) -> None:
    assert says(desk, "HELP") == "" and asked_for(desk) == ["help"]
    assert desk.harness.events("consent-changed") == []


def test_what_says_nothing_of_texts_changes_nothing(desk: TextDesk) -> None:
    assert says(desk, "can you stop the leak?") == "" and asked_for(desk) == []


def test_the_provider_s_own_answer_is_not_doubled(desk: TextDesk) -> None:
    words = read_consent_words("STOP")
    desk.within(
        lambda work: honour(work, phone=CUSTOMER, words=words, text_sid="SM1", answered_by_provider=True)
    )
    assert state(desk) == "denied" and asked_for(desk) == []


def test_the_confirmation_goes_out_though_the_number_refused(desk: TextDesk) -> None:
    says(desk, "STOP")
    (event,) = desk.harness.events("text-requested")
    desk.deliver(event["data"]["text_id"])
    (sent,) = desk.messenger.sent(10)
    assert "no more texts" in sent["body"] and sent["body"].startswith("AutoHaus Chicago")


def test_a_stop_is_one_dealership_s(desk: TextDesk) -> None:
    says(desk, "STOP")
    assert desk.harness.tenant("northside").documents.get("consents/13125550142") is None


# the review


def test_a_refusal_that_was_none_is_taken_back_and_what_held_before_holds_again(desk: TextDesk) -> None:
    desk.within(lambda work: record_permission(work, CUSTOMER, Evidence("staff"), topics=("marketing",)))
    change_id = says(desk, "no more texts until tomorrow lol")
    assert desk.send()["state"] == "refused"
    answer = call(desk, "POST", f"/changes/{change_id}/review", json={"refused": False})
    assert (answer.status, answer.json()["review"]) == (200, "reversed")
    assert desk.send()["state"] == "sent" and desk.send(Purpose.MARKETING)["state"] == "sent"


def test_a_confirmed_refusal_stays(desk: TextDesk) -> None:
    change_id = says(desk, "leave me alone")
    assert call(desk, "POST", f"/changes/{change_id}/review", json={"refused": True}).status == 200
    assert state(desk) == "denied" and desk.send()["state"] == "refused"
    again = call(desk, "POST", f"/changes/{change_id}/review", json={"refused": False})
    assert again.status == 409 and state(desk) == "denied"


def test_a_refusal_of_some_topics_leaves_the_others(desk: TextDesk) -> None:
    change_id = says(desk, "no more promos please, but do tell me when the car is ready")
    said = {"refused": True, "topics": ["marketing"]}
    assert call(desk, "POST", f"/changes/{change_id}/review", json=said).status == 200
    assert desk.send()["state"] == "sent" and desk.send(Purpose.MARKETING)["state"] == "refused"


def test_a_stop_in_so_many_words_nobody_here_takes_back(desk: TextDesk) -> None:
    change_id = says(desk, "STOP")
    answer = call(desk, "POST", f"/changes/{change_id}/review", json={"refused": False})
    assert answer.status == 403 and state(desk) == "denied"


def test_a_stop_after_own_words_is_firm(desk: TextDesk) -> None:
    first = says(desk, "please don't text me anymore")
    assert says(desk, "STOP")
    assert call(desk, "POST", f"/changes/{first}/review", json={"refused": False}).status == 200
    assert state(desk) == "denied", "the later word counts"
    assert asked_for(desk) == ["opt_out_confirmation"], "one confirmation is all that may follow"


def test_own_words_after_a_stop_make_it_no_softer(desk: TextDesk) -> None:
    says(desk, "STOP")
    assert says(desk, "I said stop texting me!") == "" and desk.attention() == []


def test_open_reviews_are_listed_with_the_words(desk: TextDesk) -> None:
    says(desk, "please stop messaging this number")
    says(desk, "STOP", phone="+13125550143")
    (open_one,) = call(desk, "GET", "/reviews").json()["changes"]
    assert (open_one["kind"], open_one["words"]) == ("language", "stop messaging")
    one = call(desk, "GET", f"/changes/{open_one['change_id']}")
    assert one.status == 200 and one.json() == open_one


def test_another_dealership_s_changes_are_not_there(desk: TextDesk) -> None:
    change_id = says(desk, "leave me alone")
    for how in ({"tenant": "northside"}, {"persona": "mechanic"}, {"persona": ""}):
        answer = call(desk, "POST", f"/changes/{change_id}/review", json={"refused": False}, **how)
        assert answer.status in (401, 403, 404)
    assert state(desk) == "denied"


# what a customer says in person


def test_what_is_said_at_the_counter_is_written_down_with_who_heard_it(desk: TextDesk) -> None:
    said = {"phone": "312-555-0142", "state": "granted", "topics": ["marketing"], "note": "signed the form"}
    answer = call(desk, "POST", "", json=said)
    assert answer.status == 200 and answer.json()["topics"] == {"marketing": "granted"}
    assert desk.audits("consent.changed")[-1]["actor"] == "users/advisor"
    found = call(desk, "POST", "/lookup", json={"phone": CUSTOMER}).json()
    assert found["evidence"][-1]["note"] == "signed the form"


def test_a_colleague_cannot_lift_a_stop_the_customer_texted(desk: TextDesk) -> None:
    says(desk, "STOP")
    said = {"phone": CUSTOMER, "state": "granted", "note": "they told me it is fine"}
    assert call(desk, "POST", "", json=said).status == 403 and state(desk) == "denied"


@pytest.mark.parametrize(
    "order",
    [
        ("denied", "STOP"),
        ("STOP", "denied"),
        ("please stop texting me", "denied"),
        ("denied", "stop texting me"),
    ],
)
def test_a_colleague_s_word_beside_the_customer_s_own_lets_nobody_lift_it(
    desk: TextDesk, order: tuple[str, str]
) -> None:
    for one in order:
        said = {"phone": CUSTOMER, "state": "denied", "note": "said so at the counter"}
        assert call(desk, "POST", "", json=said).status == 200 if one == "denied" else says(desk, one)
    granted = {"phone": CUSTOMER, "state": "granted", "note": "said so at the counter"}
    assert call(desk, "POST", "", json=granted).status == 403 and state(desk) == "denied"


def test_a_colleague_s_own_entry_can_be_corrected(desk: TextDesk) -> None:
    for wanted in ("denied", "granted"):
        said = {"phone": CUSTOMER, "state": wanted, "note": "by telephone"}
        assert call(desk, "POST", "", json=said).status == 200
    assert state(desk) == "granted"


@pytest.mark.parametrize(
    "said",
    [
        {"phone": "12", "state": "granted", "note": "said so"},
        {"phone": CUSTOMER, "state": "maybe", "note": "said so"},
        {"phone": CUSTOMER, "state": "granted", "note": " "},
        {"phone": CUSTOMER, "state": "granted", "note": "said so", "topics": ["everything"]},
    ],
    ids=["number", "state", "note", "topic"],
)
def test_bad_entries_are_named_and_change_nothing(desk: TextDesk, said: dict[str, Any]) -> None:
    assert call(desk, "POST", "", json=said).status == 422
    assert desk.harness.tenant().documents.get("consents/13125550142") is None


def test_nobody_said_anything_about_an_unknown_number(desk: TextDesk) -> None:
    assert call(desk, "POST", "/lookup", json={"phone": CUSTOMER}).json()["state"] == "unknown"


def test_the_history_in_a_number_s_document_stays_short_and_the_changes_are_all_kept(desk: TextDesk) -> None:
    for number in range(15):
        desk.within(
            lambda work: record_refusal(work, CUSTOMER, Evidence("staff", note="no")), cause=f"n{number}"
        )
        desk.within(lambda work: record_permission(work, CUSTOMER, Evidence("staff")), cause=f"y{number}")
    assert len(desk.document("consents/13125550142")["evidence"]) == 20
    assert len(desk.harness.events("consent-changed")) == 30


def test_somebody_who_says_no_and_yes_all_day_is_one_matter_for_a_person(desk: TextDesk) -> None:
    for _ in range(5):
        says(desk, "leave me alone")
        says(desk, "START")
    assert {one["group"] for one in desk.attention()} == {"opt_out_reviews"}
    assert len(call(desk, "GET", "/reviews").json()["changes"]) == 5


def test_a_review_of_what_was_overtaken_changes_nothing(desk: TextDesk) -> None:
    first = says(desk, "leave me alone")
    says(desk, "START")
    assert call(desk, "POST", f"/changes/{first}/review", json={"refused": True}).status == 200
    assert state(desk) == "granted", "the customer's later word counts"


# what became of a text


def test_why_a_text_did_not_go_can_be_looked_up(desk: TextDesk) -> None:
    desk.clock.time = NIGHT
    text = desk.send(body="Your code is 123456")
    says(desk, "STOP")
    desk.clock.time = text["due_at"]
    desk.release()
    answer = desk.harness.call("GET", f"/api/texts/{text['text_id']}", persona="advisor")
    assert answer.status == 200 and "123456" not in answer.text
    shown = answer.json()
    assert shown["state"] == "refused"
    assert [(one["verdict"], one["reason"]) for one in shown["decisions"]] == [
        ("defer", "quiet_hours"),
        ("refuse", "refused"),
    ]
    assert shown["decisions"][0]["because"]["where"]["zones"] == ["America/Chicago"]


def test_another_dealership_and_nobody_see_no_text(desk: TextDesk) -> None:
    path = f"/api/texts/{desk.send()['text_id']}"
    assert desk.harness.call("GET", path, persona="advisor", tenant="northside").status == 404
    assert desk.harness.call("GET", path).status == 401
    assert desk.harness.call("GET", path, persona="driver").status == 403
