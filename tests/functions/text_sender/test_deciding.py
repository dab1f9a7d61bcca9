"""Consent, quiet hours and frequency, as they are written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.consent import Evidence, record_permission, record_refusal
from shared.errors import Unavailable
from shared.texting.request import Purpose
from tests.functions.text_rig import CUSTOMER, NIGHT, NOON, STAFF, TextDesk

STOP, AGREED = Evidence("keyword", words="stop"), Evidence("staff", note="at the counter")
TO_CUSTOMERS = [Purpose.REPLY, Purpose.SERVICE, Purpose.MARKETING, Purpose.OTP]


def verdict(text: dict[str, Any]) -> tuple[str, str]:
    """As decided, not as found out in the last moment."""
    assert "withdrawn_at" not in text["decision"]
    return text["decision"]["verdict"], text["decision"]["reason"]


@pytest.mark.parametrize("purpose", [*TO_CUSTOMERS, Purpose.OPT_IN_CONFIRMATION, Purpose.STAFF_ALERT])
def test_after_a_stop_no_text_of_any_topic_goes(desk: TextDesk, purpose: Purpose) -> None:
    desk.within(lambda work: record_permission(work, CUSTOMER, AGREED, topics=("service", "marketing")))
    desk.within(lambda work: record_refusal(work, CUSTOMER, STOP))
    assert verdict(desk.send(purpose)) == ("refuse", "refused")
    assert desk.sent() == []


@pytest.mark.parametrize("purpose", [Purpose.OPT_OUT_CONFIRMATION, Purpose.HELP])
def test_the_answer_to_stop_and_help_itself_goes(desk: TextDesk, purpose: Purpose) -> None:
    desk.within(lambda work: record_refusal(work, CUSTOMER, STOP))
    assert desk.send(purpose)["state"] == "sent"


def test_a_refused_topic_stops_its_texts_alone(desk: TextDesk) -> None:
    desk.within(lambda work: record_refusal(work, CUSTOMER, AGREED, topics=("service",)))
    assert verdict(desk.send(Purpose.SERVICE)) == ("refuse", "refused")
    assert desk.send(Purpose.REPLY)["state"] == "sent"


def test_advertising_needs_a_yes_of_its_own(desk: TextDesk) -> None:
    assert verdict(desk.send(Purpose.MARKETING)) == ("refuse", "no_permission")
    desk.within(lambda work: record_permission(work, CUSTOMER, AGREED))
    assert verdict(desk.send(Purpose.MARKETING)) == ("refuse", "no_permission")
    desk.within(lambda work: record_permission(work, CUSTOMER, AGREED, topics=("marketing",)))
    assert desk.send(Purpose.MARKETING)["state"] == "sent"
    assert not desk.attention(), "nobody has to act on advertising that is not sent"


def test_after_stop_and_start_advertising_has_to_be_agreed_to_again(desk: TextDesk) -> None:
    desk.within(lambda work: record_permission(work, CUSTOMER, AGREED, topics=("marketing",)))
    desk.within(lambda work: record_refusal(work, CUSTOMER, STOP))
    desk.within(lambda work: record_permission(work, CUSTOMER, Evidence("keyword", words="start")))
    assert desk.send(Purpose.SERVICE)["state"] == "sent"
    assert verdict(desk.send(Purpose.MARKETING)) == ("refuse", "no_permission")


@pytest.mark.parametrize("names_person", [True, False])
def test_a_no_on_a_lead_form_counts_for_the_number(desk: TextDesk, names_person: bool) -> None:
    desk.person("p1", sms="denied")
    text = desk.send(person_id="p1" if names_person else "")
    assert verdict(text) == ("refuse", "refused")


def test_a_yes_of_one_does_not_lift_the_no_of_another_with_the_same_number(desk: TextDesk) -> None:
    desk.person("p1", sms="granted")
    desk.person("p2", sms="denied")
    assert verdict(desk.send(person_id="p1")) == ("refuse", "refused")


def test_a_stop_from_one_number_holds_for_the_person_s_other_number(desk: TextDesk) -> None:
    other = "+13125550143"
    desk.person("p1", phones=(CUSTOMER, other))
    desk.within(lambda work: record_refusal(work, other, STOP))
    assert verdict(desk.send(person_id="p1")) == ("refuse", "refused")


def test_a_merged_person_s_no_is_found(desk: TextDesk) -> None:
    desk.person("p1", sms="denied", phones=())
    desk.person("p2", phones=())
    desk.put("person_links/p2", {"status": "linked", "master_person_id": "p1"})
    assert verdict(desk.send(person_id="p2")) == ("refuse", "refused")


@pytest.mark.parametrize("number", ["", "12", "555-0100", "+1", "+13125550142/x", "AMAZON"])
def test_what_is_no_number_is_refused_and_shown(desk: TextDesk, number: str) -> None:
    assert verdict(desk.send(phone=number)) == ("refuse", "number_unusable")
    assert desk.attention()[-1]["kind"] == "delivery_failed"


def test_our_own_number_is_never_texted(desk: TextDesk) -> None:
    tenant = desk.harness.tenant()
    own = tenant.sms_number or tenant.settings.twilio_number
    assert verdict(desk.send(phone=own)) == ("refuse", "own_number")


# quiet hours


def test_at_night_it_waits_for_the_morning_of_the_recipient_and_then_goes(desk: TextDesk) -> None:
    desk.clock.time = NIGHT
    text = desk.send()
    assert verdict(text) == ("defer", "quiet_hours") and text["state"] == "deferred"
    assert text["due_at"] == datetime(2026, 11, 21, 14, tzinfo=UTC), "eight in Chicago"
    assert desk.release() == []
    desk.clock.time = text["due_at"]
    assert desk.release() == [text["text_id"]]
    assert desk.sent() == [CUSTOMER]


@pytest.mark.parametrize(
    ("postal_code", "phone", "moment", "state"),
    [
        # half past seven in the evening in Chicago, half past eight in Florida
        ("33101", "+13125550142", datetime(2026, 11, 21, 1, 30, tzinfo=UTC), "deferred"),
        ("60601", "+13125550142", datetime(2026, 11, 21, 1, 30, tzinfo=UTC), "sent"),
        # eight in the morning in Chicago is six in Los Angeles
        ("90001", "+13125550142", datetime(2026, 11, 20, 14, 30, tzinfo=UTC), "deferred"),
        ("", "+12135550142", datetime(2026, 11, 20, 14, 30, tzinfo=UTC), "deferred"),
        ("60601", "+12135550142", datetime(2026, 11, 20, 14, 30, tzinfo=UTC), "sent"),
        # half past eight in New York, half past seven in Pensacola: Florida has both
        ("32501", "+13125550142", datetime(2026, 11, 20, 13, 30, tzinfo=UTC), "deferred"),
        ("", "+18505550142", datetime(2026, 11, 20, 13, 30, tzinfo=UTC), "deferred"),
        ("", "+13055550142", datetime(2026, 11, 20, 13, 30, tzinfo=UTC), "sent"),
    ],
)
def test_the_hours_are_those_of_where_the_recipient_is(
    desk: TextDesk, postal_code: str, phone: str, moment: datetime, state: str
) -> None:
    desk.person("p1", postal_code=postal_code, phones=(phone,))
    desk.clock.time = moment
    assert desk.send(phone=phone, person_id="p1")["state"] == state


def test_an_answer_goes_at_night_to_who_just_asked(desk: TextDesk) -> None:
    desk.clock.time = NIGHT
    desk.put("threads/t1", {"last_inbound_at": NIGHT - timedelta(minutes=5)})
    desk.put("threads/t2", {"last_inbound_at": NIGHT - timedelta(hours=3)})
    assert desk.send(Purpose.REPLY, thread_id="t1")["state"] == "sent"
    assert desk.send(Purpose.REPLY, thread_id="t2")["state"] == "deferred"
    assert desk.send(Purpose.SERVICE, thread_id="t1")["state"] == "deferred"


@pytest.mark.parametrize("purpose", [Purpose.OTP, Purpose.STAFF_ALERT, Purpose.HELP])
def test_what_was_asked_for_this_moment_knows_no_night(desk: TextDesk, purpose: Purpose) -> None:
    desk.clock.time = NIGHT
    assert desk.send(purpose)["state"] == "sent"


def test_what_is_of_no_use_later_is_refused_and_shown_instead_of_sent_late(desk: TextDesk) -> None:
    text_id = desk.ask(Purpose.OTP)
    desk.clock.time += timedelta(hours=1)
    desk.deliver(text_id)
    assert verdict(desk.text(text_id)) == ("refuse", "too_late")
    assert desk.attention()[-1]["kind"] == "delivery_failed"


# frequency


def test_beyond_the_limit_it_waits_for_a_free_place(desk: TextDesk) -> None:
    states = [desk.send()["state"] for _ in range(7)]
    assert states == ["sent"] * 6 + ["deferred"]
    assert desk.send(phone="+13125550143")["state"] == "sent", "limits are of each recipient"
    assert desk.send(Purpose.REPLY)["state"] == "sent", "and of each purpose"
    desk.clock.time += timedelta(hours=24)
    assert len(desk.release()) == 1 and len(desk.sent()) == 9


def test_a_code_beyond_the_limit_is_refused(desk: TextDesk) -> None:
    assert [desk.send(Purpose.OTP)["state"] for _ in range(6)] == ["sent"] * 5 + ["refused"]


def test_colleagues_have_limits_too(desk: TextDesk) -> None:
    states = [desk.send(Purpose.STAFF_ALERT, phone=STAFF, staff_id="s1")["state"] for _ in range(13)]
    assert states == ["sent"] * 12 + ["deferred"]


def test_a_place_in_the_limits_is_taken_once_however_often_the_event_comes(desk: TextDesk) -> None:
    text_id = desk.ask()
    for cause in ("a", "b", "c"):
        desk.deliver(text_id, cause=cause)
    assert len(desk.document("text_counts/13125550142")["sent"]["service"]) == 1


def test_limits_forget_what_no_longer_counts(desk: TextDesk) -> None:
    desk.send()
    desk.clock.time = NOON + timedelta(days=8)
    desk.send()
    assert len(desk.document("text_counts/13125550142")["sent"]["service"]) == 1


def test_a_text_that_is_decided_on_many_times_takes_one_place(desk: TextDesk) -> None:
    desk.messenger.fail = Unavailable("away")
    text_id = desk.ask()
    for number in range(10):
        desk.deliver(text_id, cause=f"try-{number}")
        desk.clock.time += timedelta(minutes=2)
    assert len(desk.audits("text.decided")) == 10
    desk.messenger.fail = None
    desk.deliver(text_id, cause="at-last")
    assert desk.sent() == [CUSTOMER]
    assert len(desk.document("text_counts/13125550142")["sent"]["service"]) == 1


def test_no_text_leaves_more_than_a_minute_after_its_hours(desk: TextDesk) -> None:
    desk.clock.time = datetime(2026, 11, 21, 2, 59, 30, tzinfo=UTC)
    desk.messenger.fail = Unavailable("away")
    text_id = desk.ask()
    assert desk.deliver(text_id).status == 503
    desk.messenger.fail = None
    desk.clock.time += timedelta(seconds=90)
    assert desk.deliver(text_id).status == 200
    assert desk.text(text_id)["state"] == "deferred" and desk.sent() == []
