"""A text goes once, or a person hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from shared.domain.consent import Evidence, record_refusal
from shared.errors import EffectUnknown, Misconfigured, Rejected, Unavailable
from shared.ports import Write
from shared.texting.request import Purpose, withdraw_text
from tests.functions.text_rig import CUSTOMER, NIGHT, STAFF, TextDesk, text_desk

STOP = Evidence("keyword", words="stop")


def test_an_allowed_text_leaves_once_and_says_so(desk: TextDesk) -> None:
    text = desk.send(key="quote:q1:1")
    assert desk.sent() == [CUSTOMER]
    assert (text["state"], text["decision"]["verdict"]) == ("sent", "send")
    decision = desk.document(f"text_decisions/{text['decision']['decision_id']}")
    assert decision["because"]["where"]["zones"] == ["America/Chicago"]
    assert [row["detail"] is not None for row in desk.audits("text.decided")] == [True]
    assert [one["data"]["state"] for one in desk.harness.events("delivery-updated")] == ["sent"]


def test_the_second_delivery_of_the_event_and_another_event_send_nothing_more(desk: TextDesk) -> None:
    text_id = desk.ask()
    for cause in ("one", "one", "two", "three"):
        assert desk.deliver(text_id, cause=cause).status == 200
    assert desk.sent() == [CUSTOMER]
    assert len(desk.audits("text.decided")) == 1


def test_it_comes_from_the_dealership_s_own_number(desk: TextDesk) -> None:
    desk.send()
    tenant = desk.harness.platform.documents.get("tenants/autohaus")
    assert tenant and desk.messenger.sent(1)[0]["from"] == (tenant.data.get("sms_number") or None)


def test_an_event_about_no_text_is_rejected_and_kept(desk: TextDesk) -> None:
    answer = desk.deliver("0" * 32)
    assert answer.status == 200 and "rejected" in answer.text


def test_while_the_provider_is_away_it_is_tried_again_and_then_put_off(desk: TextDesk) -> None:
    desk.messenger.fail = Unavailable("Twilio was not reached")
    text_id = desk.ask()
    assert desk.deliver(text_id).status == 503
    assert desk.deliver(text_id, attempt=8).status == 503
    text = desk.text(text_id)
    assert (text["state"], text["due_at"]) == ("deferred", desk.clock.time + timedelta(minutes=10))
    desk.messenger.fail = None
    assert desk.release() == []
    desk.clock.time += timedelta(minutes=10)
    assert desk.release() == [text_id]
    assert desk.text(text_id)["state"] == "sent" and desk.sent() == [CUSTOMER]
    assert len(desk.audits("text.decided")) == 2, "what waited is decided on again"


def test_a_wrong_credential_sends_nothing_and_loses_nothing(desk: TextDesk) -> None:
    desk.messenger.fail = Misconfigured("Secrets twilio_account_sid and twilio_auth_token do not hold")
    text_id = desk.ask()
    assert desk.deliver(text_id).status == 503
    desk.messenger.fail = None
    assert desk.deliver(text_id).status == 200
    assert desk.sent() == [CUSTOMER]


def test_what_the_provider_refuses_for_good_is_shown_to_a_person(desk: TextDesk) -> None:
    desk.messenger.fail = Rejected("Text refused; Twilio [30006]: landline")
    text = desk.send(thread_id="t1")
    assert (text["state"], text["error_code"]) == ("failed", "30006")
    (asked,) = desk.attention()
    assert (asked["kind"], asked["subject"]) == ("delivery_failed", "threads/t1")
    assert asked["detail"] == f"texts/{text['text_id']}"
    assert CUSTOMER.removeprefix("+") not in str(asked)


def test_a_stop_that_only_the_provider_heard_is_a_stop_here_too(desk: TextDesk) -> None:
    desk.messenger.fail = Rejected("Number said stop; Twilio [21610]: unsubscribed")
    desk.send()
    assert desk.document("consents/13125550142")["state"] == "denied"
    desk.messenger.fail = None
    assert desk.send()["state"] == "refused" and desk.sent() == []


def test_consent_that_ends_between_decision_and_call_stops_the_text(desk: TextDesk) -> None:
    stopped: list[bool] = []

    def stop(_: int, writes: Sequence[Write]) -> None:
        if not stopped and any("/text_decisions/" in write.path for write in writes):
            stopped.append(True)
            desk.within(lambda work: record_refusal(work, CUSTOMER, STOP))

    desk.documents.after = stop
    text_id = desk.ask()
    assert desk.deliver(text_id).status == 200
    text = desk.text(text_id)
    assert (text["state"], text["decision"]["reason"]) == ("refused", "refused")
    assert desk.attention()[-1]["kind"] == "delivery_failed"
    assert desk.deliver(text_id, cause="again").status == 200 and desk.sent() == []


def test_without_a_stored_decision_nothing_leaves(desk: TextDesk) -> None:
    text_id = desk.ask()
    forged = {"verdict": "send", "decision_id": f"{text_id}-1", "decided_at": desk.clock.time, "number": 1}
    desk.put(f"texts/{text_id}", {**desk.text(text_id), "state": "sending", "decision": forged})
    assert "rejected" in desk.deliver(text_id).text
    assert desk.sent() == []


@pytest.mark.parametrize("verdict", ["defer", "refuse"])
def test_a_stored_decision_that_says_no_lets_nothing_leave(desk: TextDesk, verdict: str) -> None:
    text_id = desk.ask()
    number = {"decision_id": f"{text_id}-1", "decided_at": desk.clock.time, "number": 1}
    stored = {**number, "verdict": verdict, "text_id": text_id, "purpose": "service"}
    desk.put(f"text_decisions/{text_id}-1", stored)
    changed = {"state": "sending", "decision": {**number, "verdict": "send"}}
    desk.put(f"texts/{text_id}", {**desk.text(text_id), **changed})
    assert "rejected" in desk.deliver(text_id).text and desk.sent() == []


def test_nobody_can_tell_whether_it_left_so_it_is_looked_for_and_never_sent_again(desk: TextDesk) -> None:
    desk.messenger.fail_after, desk.messenger.blind = EffectUnknown("no answer"), True
    text_id = desk.ask()
    assert desk.deliver(text_id).status == 200
    assert desk.text(text_id)["state"] == "unknown" and desk.sent() == [CUSTOMER]
    for _ in range(3):
        desk.clock.time += timedelta(hours=2)
        assert desk.release() == [text_id]
        assert desk.text(text_id)["state"] == "unknown"
    desk.messenger.blind = False
    desk.clock.time += timedelta(hours=2)
    desk.release()
    assert desk.text(text_id)["state"] == "sent" and desk.sent() == [CUSTOMER]


def test_a_person_who_finds_that_it_never_left_has_it_decided_on_again(desk: TextDesk) -> None:
    desk.messenger.fail = EffectUnknown("no answer")
    text_id = desk.ask()
    desk.deliver(text_id)
    desk.messenger.fail = None
    path = f"/api/operations/effects/sms:{text_id}/decision"
    answer = desk.harness.call("POST", path, json={"happened": False}, persona="operator")
    assert answer.status == 204, answer.text
    desk.clock.time += timedelta(minutes=1)
    assert desk.release() == [text_id]
    assert desk.text(text_id)["state"] == "sent" and desk.sent() == [CUSTOMER]


def test_a_person_who_finds_that_it_left_closes_it(desk: TextDesk) -> None:
    desk.messenger.fail_after, desk.messenger.blind = EffectUnknown("no answer"), True
    text_id = desk.ask()
    desk.deliver(text_id)
    path = f"/api/operations/effects/sms:{text_id}/decision"
    assert desk.harness.call("POST", path, json={"happened": True}, persona="operator").status == 204
    desk.clock.time += timedelta(minutes=1)
    desk.release()
    assert desk.text(text_id)["state"] == "queued" and desk.sent() == [CUSTOMER]


def test_a_code_is_forgotten_once_it_is_sent(desk: TextDesk) -> None:
    assert desk.send(Purpose.OTP, body="Your code is 123456")["body"] == ""
    assert desk.messenger.sent(1)[0]["body"] == "Your code is 123456"


def test_a_decision_is_about_a_moment(desk: TextDesk) -> None:
    """The function died right after it; by the time it runs again it is night."""
    desk.messenger.fail = Unavailable("away")
    text_id = desk.ask()
    assert desk.deliver(text_id).status == 503
    desk.messenger.fail = None
    desk.clock.time += timedelta(hours=11)
    assert desk.deliver(text_id).status == 200
    assert desk.text(text_id)["state"] == "deferred" and desk.sent() == []


def test_a_colleague_who_left_gets_no_text(desk: TextDesk) -> None:
    desk.put("staff/s9", {"staff_id": "s9", "phone": STAFF, "active": False})
    text = desk.send(Purpose.STAFF_MESSAGE, phone=STAFF, staff_id="s9")
    assert (text["state"], text["decision"]["reason"]) == ("refused", "staff_left")
    assert desk.attention()[-1]["roles"] == ["operator"]


def test_a_text_that_was_withdrawn_while_it_waited_never_leaves(desk: TextDesk) -> None:
    desk.clock.time = NIGHT
    text = desk.send(key="trip:t1")
    assert text["state"] == "deferred"
    assert desk.within(lambda work: withdraw_text(work, "trip:t1"))
    desk.clock.time += timedelta(hours=12)
    assert desk.release() == []
    desk.deliver(text["text_id"], cause="late")
    assert desk.sent() == [] and desk.text(text["text_id"])["state"] == "refused"


def test_the_person_who_answers_the_conversation_hears_of_it_in_plain_words(desk: TextDesk) -> None:
    desk.put("threads/t7", {"number": 7, "assigned_staff_id": "advisor-2"})
    desk.messenger.fail = Rejected("Text refused; Twilio [30006]: landline")
    desk.send(Purpose.REPLY, thread_id="t7")
    (asked,) = desk.attention()
    assert (asked["staff_ids"], asked["link"]) == (["advisor-2"], "/inbox/7")
    assert asked["summary"].endswith("it is a landline, or its carrier takes no texts (code 30006)")


@pytest.mark.parametrize("public_url", ["https://dealer.example", "https://dealer.example/", ""])
def test_reports_are_asked_for_at_the_public_address(tmp_path: Path, public_url: str) -> None:
    with text_desk(tmp_path, public_url=public_url) as desk:
        text = desk.send()
        path = f"/api/webhooks/twilio/status?text={text['text_id']}"
        assert desk.messenger.handed is not None
        assert desk.messenger.handed.report_to == (f"https://dealer.example{path}" if public_url else "")
