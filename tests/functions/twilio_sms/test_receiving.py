"""Texts come in: each once, from Twilio alone, and a stop holds from the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.errors import Unavailable
from shared.ports import Write
from shared.testing.twilio_webhooks import SMS_PATH, Twilio, Webhook, behind_proxy, new_sid
from tests.texting_desk import ANN, BOB, Desk, open_desk

SILENCE = (200, "<Response></Response>")


def answer(desk: Desk, webhook: Webhook) -> tuple[int, str]:
    response = desk.post(webhook)
    return response.status, response.text


def received(desk: Desk) -> list[str]:
    return [one["data"]["text_sid"] for one in desk.product.events("text-received")]


def test_a_text_is_kept_told_of_and_answered_with_silence(desk: Desk) -> None:
    sid = new_sid()
    response = desk.post(desk.twilio.text("Is my car ready?", sender=ANN, sid=sid))
    assert (response.status, response.text) == SILENCE
    assert response.headers["Content-Type"].startswith("text/xml")
    kept = desk.inbound(sid)
    assert (kept["sender"], kept["body"], kept["state"]) == (ANN, "Is my car ready?", "received")
    assert received(desk) == [sid]


def test_the_event_names_nobody(desk: Desk) -> None:
    desk.text("I am Ann, call me", sender=ANN)
    assert "Ann" not in str(desk.product.events("text-received")) and ANN not in str(desk.product.events())


def test_the_second_delivery_is_answered_alike_and_changes_nothing(desk: Desk) -> None:
    webhook = desk.twilio.text("Hello", sender=ANN)
    assert answer(desk, webhook) == SILENCE
    before, events = desk.stored("inbound_texts"), len(desk.product.events())
    assert answer(desk, webhook) == SILENCE
    assert desk.stored("inbound_texts") == before and len(desk.product.events()) == events


def test_a_replayed_message_with_a_fresh_attempt_token_is_the_same_message(desk: Desk) -> None:
    sid = new_sid()
    for _ in range(3):
        assert answer(desk, desk.twilio.text("Hello", sender=ANN, sid=sid)) == SILENCE
    assert received(desk) == [sid]


def test_the_same_attempt_token_is_the_same_webhook(desk: Desk) -> None:
    first = desk.text("Hello", attempt="attempt-1")
    desk.text("Hello", attempt="attempt-1")
    assert received(desk) == [first]
    other = desk.text("Hello", sender=BOB, attempt="attempt-1")
    assert received(desk) == [first, other], "the token is not signed, so it speaks for its sender alone"


def test_the_same_webhook_eight_times_at_once_is_one_text(desk: Desk) -> None:
    webhook = desk.twilio.text("STOP", sender=ANN)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: answer(desk, webhook), range(8)))
    assert set(answers) == {SILENCE}
    assert len(desk.stored("inbound_texts")) == 1
    assert len(desk.stored("texts", ("to", "==", ANN))) == 1, "one confirmation"


def test_what_was_received_is_known_after_a_restart(tmp_path: Path) -> None:
    with open_desk(tmp_path, delivering=False) as desk:
        webhook = desk.twilio.text("Hello", sender=ANN)
        answer(desk, webhook)
    with open_desk(tmp_path, delivering=False) as desk:
        assert answer(desk, webhook) == SILENCE
        assert len(desk.stored("inbound_texts")) == 1


# forged


def forged(webhook: Webhook, **headers: str) -> Webhook:
    return replace(webhook, headers={**webhook.headers, **headers})


@pytest.mark.parametrize(
    "break_it",
    [
        lambda w: replace(w, headers={k: v for k, v in w.headers.items() if k != "X-Twilio-Signature"}),
        lambda w: forged(w, **{"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}),
        lambda w: forged(w, **{"X-Twilio-Signature": ""}),
        lambda w: replace(w, body=w.body + b"&Extra=1"),
        lambda w: replace(w, body=w.body.replace(b"Hello", b"Hullo")),
        lambda w: replace(w, target=w.target + "?a=1"),
        lambda w: replace(w, headers={**w.headers, "Content-Type": "application/json"}),
        lambda w: forged(w, **{"X-Forwarded-Host": "elsewhere.example", "Host": "elsewhere.example"}),
        lambda w: forged(w, **{"X-Twilio-Signature": "AAAA", "X-Forwarded-Host": "elsewhere.example:99999"}),
        lambda w: forged(w, **{"X-Twilio-Signature": "AAAA", "X-Forwarded-Host": "[::1"}),
    ],
    ids=[
        "none",
        "made up",
        "empty",
        "a field more",
        "a letter changed",
        "another address",
        "called JSON",
        "a host",
        "a port that is none",
        "a host that is none",
    ],
)
def test_a_webhook_that_twilio_did_not_sign_is_refused_and_nothing_is_kept(
    desk: Desk, break_it: object
) -> None:
    assert callable(break_it)
    response = desk.post(break_it(desk.twilio.text("Hello", sender=ANN)))
    assert response.status == 401, response.text
    assert desk.stored("inbound_texts") == [] and desk.product.events("text-received") == []


def test_the_token_of_another_account_does_not_hold(desk: Desk) -> None:
    stranger = Twilio(token="another-token")
    assert desk.post(stranger.text("Hello", sender=ANN)).status == 401


def test_a_signature_of_another_message_does_not_hold(desk: Desk) -> None:
    one, other = desk.twilio.text("Hello", sender=ANN), desk.twilio.text("Send money", sender=ANN)
    stolen = forged(other, **{"X-Twilio-Signature": one.headers["X-Twilio-Signature"]})
    assert desk.post(stolen).status == 401


def test_behind_a_proxy_the_address_people_use_is_the_one_that_is_signed(desk: Desk) -> None:
    base = "https://cos.example.com"
    twilio = Twilio(base=base, more=behind_proxy(base))
    assert answer(desk, twilio.text("Hello", sender=ANN)) == SILENCE
    unsaid = Twilio(base=base)
    assert desk.post(unsaid.text("Hello", sender=ANN)).status == 401


# whose, and what cannot be read


def test_a_text_to_another_dealership_s_number_is_theirs(desk: Desk) -> None:
    desk.text("Hello", to="+13125550149")
    assert desk.stored("inbound_texts") == []
    assert len(desk.stored("inbound_texts", tenant="northside")) == 1


def test_a_number_of_nobody_here_is_refused(desk: Desk) -> None:
    assert desk.post(desk.twilio.text("Hello", sender=ANN, to="+13125559999")).status == 403


def test_a_closed_dealership_takes_nothing_in(desk: Desk) -> None:
    known = desk.product.platform.documents.get("tenants/northside")
    assert known
    desk.product.platform.documents.commit([Write(known.path, {**known.data, "state": "closed"})])
    assert desk.post(desk.twilio.text("Hello", sender=ANN, to="+13125550149")).status == 403


@pytest.mark.parametrize(("field", "value"), [("MessageSid", ""), ("MessageSid", "../../x"), ("From", "")])
def test_a_signed_form_without_what_it_needs_names_the_field(desk: Desk, field: str, value: str) -> None:
    named: dict[str, Any] = {field: value}
    response = desk.post(desk.twilio.text("Hello", sender=ANN, **named))
    assert response.status == 422 and field in response.text
    assert desk.product.events("text-received") == []


def test_a_body_over_the_limit_is_refused_unread(desk: Desk) -> None:
    webhook = desk.twilio.text("x" * 70_000, sender=ANN)
    assert desk.post(webhook).status == 413


def test_what_no_store_takes_is_left_out_of_the_words(desk: Desk) -> None:
    sid = desk.text("a\x00b \U0001f600 ünï")
    assert desk.inbound(sid)["body"] == "ab \U0001f600 ünï"


def test_unknown_fields_are_signed_for_and_let_through(desk: Desk) -> None:
    assert answer(desk, desk.twilio.text("Hello", sender=ANN, FutureField="1", NumMedia="7")) == SILENCE


def test_files_are_noted_and_not_fetched_in_the_webhook(desk: Desk) -> None:
    sid = desk.text("", media=[("https://api.twilio.com/x/Media/ME1", "image/jpeg")])
    (one,) = desk.inbound(sid)["media"]
    assert (one["url"], one["state"]) == ("https://api.twilio.com/x/Media/ME1", "waiting")
    (event,) = desk.product.events("text-media-received")
    assert event["data"] == {"text_sid": sid, "files": 1}


def test_another_method_does_not_exist(desk: Desk) -> None:
    assert desk.product.call("GET", SMS_PATH).status == 405


# a store that is away


class Failing(SqliteDocuments):
    fails = False

    def commit(self, writes):  # type: ignore[no-untyped-def]  # as its base
        if self.fails:
            raise Unavailable("the store is away")
        return super().commit(writes)


def test_while_the_store_is_away_twilio_is_told_to_try_again_and_nothing_is_lost(tmp_path: Path) -> None:
    store = Failing(tmp_path / "documents.db")
    with open_desk(tmp_path / "data", delivering=False, replaced={"documents": lambda _: store}) as desk:
        webhook = desk.twilio.text("Hello", sender=ANN)
        store.fails = True
        assert desk.post(webhook).status == 503
        store.fails = False
        assert answer(desk, webhook) == SILENCE
        assert len(desk.stored("inbound_texts")) == 1 and len(received(desk)) == 1


# consent


@pytest.mark.parametrize("word", ["STOP", "stop", " Unsubscribe ", "please stop texting me"])
def test_a_refusal_holds_from_the_webhook_s_own_commit(desk: Desk, word: str) -> None:
    sid = desk.text(word)
    (consent,) = desk.stored("consents")
    assert consent["state"] == "denied" and desk.inbound(sid)["consent"]["change_id"]


def test_start_after_stop_lifts_it(desk: Desk) -> None:
    desk.text("STOP")
    desk.text("START")
    (consent,) = desk.stored("consents")
    assert consent["state"] == "granted"


def test_a_stop_that_twilio_answered_itself_is_not_confirmed_again(desk: Desk) -> None:
    desk.text("STOP", OptOutType="STOP")
    assert desk.texts_to(ANN) == []
    assert desk.stored("consents")[0]["state"] == "denied"


def test_a_short_code_s_stop_is_nobody_s(desk: Desk) -> None:
    sid = desk.text("STOP", sender="AT/T")
    assert desk.stored("consents") == [] and desk.inbound(sid)["consent"]["kind"] == "none"
