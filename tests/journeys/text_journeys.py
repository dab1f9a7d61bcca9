"""Texts out: decided, sent once, put off at night, and never after a stop. Run on every profile."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from shared.local.wsgi_call import Response
from shared.ports import Write
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.testing.twilio_webhooks import AUTOHAUS, Twilio, behind_proxy
from shared.texting.request import Purpose, Recipient, request_text
from tests.journeys.product import Product, eventually, told

BASE = "https://autohaus.example"


def number() -> str:
    """Of somebody nobody else of this run is, in an area code without a time zone of its own."""
    return f"+1555{2_000_000 + uuid.uuid4().int % 7_999_999}"


def webhook(product: Product, words: str, *, sender: str) -> Response:
    """The customer texts the dealership's number."""
    twilio = Twilio(BASE, token=product.twilio_token, more=behind_proxy(BASE))
    sent = twilio.text(words, sender=sender)
    return post(product, sent.target, sent.body, sent.headers)


def report(product: Product, word: str, text: Mapping[str, Any], **more: str) -> Response:
    """The provider says how far it has come."""
    twilio = Twilio(BASE, token=product.twilio_token, more=behind_proxy(BASE))
    sent = twilio.status(word, sid=text["provider_id"], to=text["to"], text_id=text["text_id"], **more)
    return post(product, sent.target, sent.body, sent.headers)


def post(product: Product, target: str, body: bytes, headers: Mapping[str, str]) -> Response:
    answer = product.call(
        "POST", target, body=body, content_type=headers["Content-Type"], headers=dict(headers)
    )
    assert answer.status == 200, answer.text
    return answer


def ask_for(
    product: Product, phone: str, *, purpose: Purpose = Purpose.OTP, key: str = "", body: str = ""
) -> str:
    """As any capability does, in a commit of its own."""
    name = key or uuid.uuid4().hex
    to, words = Recipient(phone), body or f"Your code is {uuid.uuid4().int % 10**6:06d}"
    cause = Cause(uuid.uuid4().hex, "journey", "autohaus", name)
    return run_unit(
        product.platform, cause, lambda work: request_text(work, to=to, purpose=purpose, body=words, key=name)
    )


def text_in(product: Product, text_id: str, *states: str) -> dict[str, Any]:
    """The text, once it is in one of these states."""

    def look() -> dict[str, Any] | None:
        found = product.platform.tenant("autohaus").documents.get(f"texts/{text_id}")
        return dict(found.data) if found and found.data["state"] in states else None

    return eventually(look, f"the text as {states}")


def to(product: Product, phone: str) -> list[str]:
    return [one["body"] for one in product.texts_out() if one["to"] == phone]


def is_quiet_in_chicago() -> bool:
    return not 8 <= datetime.now(ZoneInfo("America/Chicago")).hour < 21


class TextJourneys:
    def test_a_text_asked_for_many_times_at_once_leaves_once(self, product: Product) -> None:
        phone, key = number(), uuid.uuid4().hex
        with ThreadPoolExecutor(4) as pool:
            asked = list(
                pool.map(lambda _: ask_for(product, phone, key=key, body="Your code is 1"), range(8))
            )
        (text_id,) = set(asked)
        text = text_in(product, text_id, "sent", "queued")
        assert to(product, phone) == ["Your code is 1"]
        assert text["decision"]["verdict"] == "send"
        decided = product.platform.tenant("autohaus").documents.get(
            f"text_decisions/{text['decision']['decision_id']}"
        )
        assert decided and decided.data["because"]["where"]["zones"] == ["America/Chicago"]
        assert product.texts_out()[-1]["from"] == AUTOHAUS

    def test_the_provider_s_reports_show_how_far_it_came(self, product: Product) -> None:
        text = text_in(product, ask_for(product, number()), "sent", "queued")
        for word in ("delivered", "sent", "queued"):
            report(product, word, text)
        assert text_in(product, text["text_id"], "delivered")
        fits = partial(_is_about, text["text_id"])
        eventually(lambda: len(told(product, "delivery-updated", fits)) == 2, "what was news, told")

    def test_a_text_that_does_not_arrive_becomes_a_person_s_matter(self, product: Product) -> None:
        text = text_in(product, ask_for(product, number()), "sent", "queued")
        report(product, "undelivered", text, ErrorCode="30003")
        fits = partial(_is_about, text["text_id"])
        eventually(lambda: told(product, "attention-requested", fits), "somebody is asked")

    def test_stop_ends_everything_at_once_and_start_lets_it_go_on(self, product: Product) -> None:
        phone = number()
        webhook(product, "STOP", sender=phone)
        eventually(lambda: len(to(product, phone)) == 1, "the one confirmation")
        refused = text_in(product, ask_for(product, phone), "refused")
        assert refused["decision"]["reason"] == "refused"
        webhook(product, "please stop", sender=phone)
        webhook(product, "START", sender=phone)
        eventually(lambda: len(to(product, phone)) == 2, "they are told that texts go on")
        assert text_in(product, ask_for(product, phone), "sent", "queued")

    def test_a_refusal_in_own_words_holds_until_a_person_takes_it_back(self, product: Product) -> None:
        phone = number()
        webhook(product, "would you please take my number off your list", sender=phone)
        text_in(product, ask_for(product, phone), "refused")

        def mine() -> dict[str, Any] | None:
            answer = product.call("GET", "/api/consents/reviews", persona="advisor")
            assert answer.status == 200, answer.text
            return next((one for one in answer.json()["changes"] if one["phone"] == phone), None)

        change = eventually(mine, "the refusal to confirm")
        path = f"/api/consents/changes/{change['change_id']}/review"
        assert product.call("POST", path, json={"refused": False}, persona="advisor").status == 200
        assert text_in(product, ask_for(product, phone), "sent", "queued")

    def test_at_the_wrong_hour_it_waits_and_goes_when_its_time_has_come(self, product: Product) -> None:
        phone = number()
        text_id = ask_for(product, phone, purpose=Purpose.SERVICE, body="Your car is ready")
        if is_quiet_in_chicago():
            text = text_in(product, text_id, "deferred")
            assert text["due_at"].astimezone(ZoneInfo("America/Chicago")).hour == 8 and not to(product, phone)
        else:
            text_in(product, text_id, "sent", "queued")
            assert to(product, phone) == ["Your car is ready"]

    def test_what_was_put_off_is_released_by_the_clock_once(self, product: Product) -> None:
        phone = number()
        codes = [ask_for(product, phone, purpose=Purpose.STAFF_ALERT, body=f"Alert {n}") for n in range(13)]
        texts = [text_in(product, text_id, "sent", "queued", "deferred") for text_id in codes]
        (waiting,) = [text["text_id"] for text in texts if text["state"] == "deferred"]
        _make_earlier(product, f"text_counts/{phone[1:]}", waiting)
        for _ in range(2):
            assert product.run("text_clock").status == 200
        text_in(product, waiting, "sent", "queued")
        assert sorted(to(product, phone)) == sorted(f"Alert {n}" for n in range(13))

    def test_an_event_delivered_again_sends_nothing_more(self, product: Product) -> None:
        phone = number()
        text_id = ask_for(product, phone)
        text_in(product, text_id, "sent", "queued")
        (stored,) = told(product, "text-requested", partial(_is_about, text_id))
        for _ in range(3):
            product.platform.bus.publish([stored.message])
        second = ask_for(product, phone)
        text_in(product, second, "sent", "queued")
        assert len(to(product, phone)) == 2


def _is_about(text_id: str, data: Mapping[str, Any]) -> bool:
    return text_id in str(data)


def _make_earlier(product: Product, counts: str, text_id: str) -> None:
    """As if two hours had gone by."""
    documents = product.platform.tenant("autohaus").documents
    known, text = documents.get(counts), documents.get(f"texts/{text_id}")
    assert known is not None and text is not None
    sent = {
        purpose: [moment - timedelta(hours=2) for moment in moments]
        for purpose, moments in known.data["sent"].items()
    }
    documents.commit(
        [
            Write(known.path, {**known.data, "sent": sent}),
            Write(text.path, {**text.data, "due_at": datetime.now(UTC) - timedelta(seconds=1)}),
        ]
    )
