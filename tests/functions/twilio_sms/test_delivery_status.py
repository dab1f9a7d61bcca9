"""Delivery reports: news is written down and told, everything else changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.local.wsgi_call import Response
from shared.testing.twilio_webhooks import STATUS_PATH, Twilio, new_sid
from shared.texting.delivery import advanced, of_provider
from tests.functions.text_rig import CUSTOMER, TextDesk, text_desk

WORDS = ("accepted", "queued", "sending", "sent", "delivered", "undelivered", "failed", "read")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextDesk]:
    with text_desk(tmp_path_factory.mktemp("office")) as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TextDesk]:
    with text_desk(tmp_path) as opened:
        yield opened


def report(
    desk: TextDesk, word: str, *, sid: str, text_id: str = "", base: str = "", **more: str
) -> Response:
    twilio = Twilio(base) if base else Twilio()
    webhook = twilio.status(word, sid=sid, to=CUSTOMER, text_id=text_id, **more)
    return desk.harness.call("POST", webhook.target, body=webhook.body, headers=webhook.headers)


def told(desk: TextDesk) -> list[str]:
    return [one["data"]["state"] for one in desk.harness.events("delivery-updated")]


def test_reports_move_a_text_forward_and_are_told(desk: TextDesk) -> None:
    text = desk.send()
    for word in ("queued", "sent", "delivered"):
        assert report(desk, word, sid=text["provider_id"], text_id=text["text_id"]).status == 200
    assert desk.text(text["text_id"])["state"] == "delivered"
    assert told(desk) == ["sent", "delivered"], "queued came late and is no news"


def test_a_report_finds_its_text_by_the_provider_s_id_too(desk: TextDesk) -> None:
    text = desk.send()
    report(desk, "delivered", sid=text["provider_id"])
    assert desk.text(text["text_id"])["state"] == "delivered"


def test_the_same_report_again_is_no_news(desk: TextDesk) -> None:
    text = desk.send()
    answers = [report(desk, "delivered", sid=text["provider_id"], text_id=text["text_id"]) for _ in range(3)]
    assert {answer.status for answer in answers} == {200}
    assert told(desk) == ["sent", "delivered"]


def test_a_report_that_comes_before_our_own_record_is_kept(desk: TextDesk) -> None:
    text_id = desk.ask()
    desk.messenger.before = lambda: None
    sid = new_sid()
    desk.put(f"texts/{text_id}", {**desk.text(text_id), "state": "sending"})
    report(desk, "delivered", sid=sid, text_id=text_id)
    assert (desk.text(text_id)["state"], desk.text(text_id)["provider_id"]) == ("delivered", sid)
    assert desk.deliver(text_id).status == 200 and desk.sent() == []


def test_what_did_not_arrive_is_a_person_s_to_solve_once(desk: TextDesk) -> None:
    text = desk.send(thread_id="t1")
    for _ in range(2):
        report(desk, "undelivered", sid=text["provider_id"], text_id=text["text_id"], ErrorCode="30003")
    (asked,) = desk.attention()
    assert (asked["kind"], asked["subject"]) == ("delivery_failed", "threads/t1")
    assert "30003" in asked["summary"] and desk.text(text["text_id"])["error_code"] == "30003"


def test_a_stop_the_provider_reports_is_one_here(desk: TextDesk) -> None:
    text = desk.send()
    report(desk, "failed", sid=text["provider_id"], text_id=text["text_id"], ErrorCode="21610")
    assert desk.document("consents/13125550142")["state"] == "denied"


@pytest.mark.parametrize("word", ["", "teleported"])
def test_a_word_nobody_knows_changes_nothing(desk: TextDesk, word: str) -> None:
    text = desk.send()
    assert report(desk, word, sid=text["provider_id"], text_id=text["text_id"]).status == 200
    assert desk.text(text["text_id"])["state"] == "sent"


@pytest.mark.parametrize("text_id", ["", "0" * 32])
def test_a_report_about_no_text_of_ours_changes_nothing(desk: TextDesk, text_id: str) -> None:
    assert report(desk, "delivered", sid=new_sid(), text_id=text_id).status == 200
    assert told(desk) == []


def test_a_report_of_another_message_does_not_move_this_one(desk: TextDesk) -> None:
    text = desk.send()
    assert report(desk, "failed", sid=new_sid(), text_id=text["text_id"]).status == 200
    assert desk.text(text["text_id"])["state"] == "sent"


def test_another_dealership_s_number_reports_on_none_of_our_texts(desk: TextDesk) -> None:
    text = desk.send()
    number = desk.harness.tenant("northside").sms_number
    webhook = Twilio().status(
        "failed", sid=text["provider_id"], to=CUSTOMER, sender=number, text_id=text["text_id"]
    )
    desk.harness.call("POST", webhook.target, body=webhook.body, headers=webhook.headers)
    assert desk.text(text["text_id"])["state"] == "sent"


@pytest.mark.parametrize("how", ["no signature", "another token", "another text in the address"])
def test_a_forged_report_is_refused(desk: TextDesk, how: str) -> None:
    text = desk.send()
    twilio = Twilio(token="guessed") if how == "another token" else Twilio()
    webhook = twilio.status("failed", sid=text["provider_id"], to=CUSTOMER, text_id=text["text_id"])
    headers: dict[str, Any] = dict(webhook.headers)
    target = webhook.target
    if how == "no signature":
        del headers["X-Twilio-Signature"]
    if how == "another text in the address":
        target = f"{STATUS_PATH}?text={'1' * 32}"
    answer = desk.harness.call("POST", target, body=webhook.body, headers=headers)
    assert answer.status in (401, 403) and desk.text(text["text_id"])["state"] == "sent"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_reports_in_any_order_end_the_same(office: TextDesk, words: list[str], chance: Random) -> None:
    text_id = office.ask()
    office.put(f"texts/{text_id}", {**office.text(text_id), "state": "sending"})
    sid, shuffled = new_sid(), [*words, *words]
    chance.shuffle(shuffled)
    for word in shuffled:
        assert report(office, word, sid=sid, text_id=text_id).status == 200
    expected = "sending"
    for word in words:
        expected = advanced(expected, of_provider(word) or expected)
    assert office.text(text_id)["state"] == expected
