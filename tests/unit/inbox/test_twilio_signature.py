"""Twilio's signature: its own published example, ways to get it wrong, addresses it may be for."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from shared.adapters.twilio_signature import is_signed, signature
from shared.errors import Malformed
from shared.runtime.webhook import FORM, Webhook, addresses
from shared.settings import Settings

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+12349013030"),
    ("Digits", "1234"),
    ("From", "+12349013030"),
    ("To", "+18005551212"),
]
PUBLISHED = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


def test_the_signature_is_the_one_twilio_publishes_as_its_example() -> None:
    assert signature("12345", URL, CALL) == PUBLISHED


def test_the_published_example_holds_in_any_order_of_its_fields() -> None:
    assert is_signed("12345", urls=[URL], form=CALL[::-1], body=b"x", presented=PUBLISHED)


@pytest.mark.parametrize(
    ("token", "url", "form", "presented"),
    [
        ("12346", URL, CALL, PUBLISHED),
        ("12345", URL + "&x=1", CALL, PUBLISHED),
        ("12345", URL.replace("https", "http"), CALL, PUBLISHED),
        ("12345", URL.replace("mycompany", "yourcompany"), CALL, PUBLISHED),
        ("12345", URL, CALL[:-1], PUBLISHED),
        ("12345", URL, [*CALL, ("Body", "x")], PUBLISHED),
        ("12345", URL, [*CALL[:-1], ("To", "+18005551213")], PUBLISHED),
        ("12345", URL, CALL, PUBLISHED.lower()),
        ("12345", URL, CALL, ""),
        ("12345", URL, CALL, "é☃"),
    ],
)
def test_anything_else_than_what_was_signed_does_not_hold(
    token: str, url: str, form: list[tuple[str, str]], presented: str
) -> None:
    assert not is_signed(token, urls=[url], form=form, body=b"x", presented=presented)


@given(
    st.lists(
        st.tuples(st.text(min_size=1, max_size=8), st.text(max_size=20)), max_size=8, unique_by=lambda f: f[0]
    ),
    st.text(min_size=1, max_size=20),
)
def test_it_is_what_twilio_s_own_library_computes(form: list[tuple[str, str]], token: str) -> None:
    theirs = RequestValidator(token).compute_signature(URL, dict(form))
    assert signature(token, URL, form) == theirs


@pytest.mark.parametrize("signed", ["https://a.example/p", "https://a.example:443/p"])
def test_the_standard_port_may_be_signed_or_left_out(signed: str) -> None:
    presented = signature("t", signed, CALL)
    for called in ("https://a.example/p", "https://a.example:443/p"):
        assert is_signed("t", urls=[called], form=CALL, body=b"", presented=presented)
    assert not is_signed("t", urls=["https://a.example:8443/p"], form=CALL, body=b"", presented=presented)


def test_a_body_that_is_no_form_is_covered_by_its_hash_in_the_address() -> None:
    body = b'{"a": 1}'
    url = f"https://a.example/p?bodySHA256={hashlib.sha256(body).hexdigest()}"
    presented = signature("t", url, [])
    assert is_signed("t", urls=[url], form=[], body=body, presented=presented)
    assert not is_signed("t", urls=[url], form=[], body=b'{"a": 2}', presented=presented)
    bare = "https://a.example/p"
    assert not is_signed("t", urls=[bare], form=[], body=body, presented=signature("t", bare, []))


def test_a_signature_is_of_twenty_bytes() -> None:
    assert len(base64.b64decode(signature("t", URL, CALL))) == 20


# addresses

CALLED = "http://inner.example:8080/api/webhooks/twilio/sms?a=1%2F2"
TARGET = "/api/webhooks/twilio/sms?a=1%2F2"


def webhook(called: str = CALLED, body: bytes = b"", kind: str = FORM) -> Webhook:
    return Webhook(called, kind, body)


def test_without_a_public_address_it_is_the_one_that_was_called() -> None:
    assert addresses(Settings(), webhook(), {}) == [CALLED]


def test_what_a_proxy_says_of_itself_is_tried_before_what_reached_us() -> None:
    headers = {"X-Forwarded-Proto": "https,http", "X-Forwarded-Host": "cos.example.com, inner"}
    assert addresses(Settings(), webhook(), headers)[0] == f"https://cos.example.com{TARGET}"
    assert CALLED in addresses(Settings(), webhook(), headers)


def test_the_public_address_goes_first_and_in_the_cloud_it_is_the_only_one() -> None:
    headers = {"X-Forwarded-Host": "attacker.example"}
    here = Settings(public_url="https://cos.example.com/")
    assert addresses(here, webhook(), headers)[0] == f"https://cos.example.com{TARGET}"
    cloud = Settings(profile="google", public_url="https://cos.example.com")
    assert addresses(cloud, webhook(), headers) == [f"https://cos.example.com{TARGET}"]


def test_a_proxy_cannot_bring_another_scheme_in() -> None:
    assert addresses(Settings(), webhook(), {"X-Forwarded-Proto": "javascript"}) == [CALLED]


# whose number


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b"From=%2B1555&To=%2B1312", "+1312"),
        (b"From=%2B1555&To=%2B1312&MessageStatus=received", "+1312"),
        (b"From=%2B1312&To=%2B1555&MessageStatus=delivered", "+1312"),
        (b"", ""),
    ],
)
def test_the_dealership_s_number_is_the_one_a_text_went_to_or_a_report_is_from(
    body: bytes, number: str
) -> None:
    assert webhook(body=body).own_number == number


def test_a_form_of_too_many_fields_or_no_text_is_malformed() -> None:
    with pytest.raises(Malformed):
        _ = webhook(body=b"&".join(b"a%d=1" % n for n in range(400))).form
    with pytest.raises(Malformed):
        _ = webhook(body="a=é".encode()).form


def test_another_content_type_is_no_form_whatever_it_holds() -> None:
    assert webhook(body=b"From=1", kind="application/json").form == ()
