from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.adapters.embedded.messenger import OutboxMessenger
from shared.adapters.google.messenger import TwilioMessenger
from shared.errors import EffectUnknown, InvalidNumber, Misconfigured, OptedOut, Unavailable
from shared.ports import Sms
from shared.testing.contracts.messages import CUSTOMER, MessengerContract
from shared.testing.emulators import free_port
from shared.testing.twilio_stub import ACCOUNT_SID, AUTH_TOKEN, TwilioStub, twilio_stub

OURS = "+13125550100"
SMS = Sms(CUSTOMER, "Your car is ready")


class TestOutboxMessenger(MessengerContract):
    @pytest.fixture
    def messenger(self, tmp_path: Path) -> OutboxMessenger:
        return OutboxMessenger(tmp_path / "messages.db")


def test_the_outbox_sends_an_effect_once_and_survives(tmp_path: Path) -> None:
    first = OutboxMessenger(tmp_path / "messages.db").send_sms(SMS, key="k1")
    again = OutboxMessenger(tmp_path / "messages.db")
    assert again.send_sms(SMS, key="k1") == first
    again.send_sms(Sms(CUSTOMER, "second", OURS), key="k2")
    assert [(m["key"], m["to"], m["from"], m["body"], m["channel"]) for m in again.sent(10)] == [
        ("k1", CUSTOMER, None, "Your car is ready", "sms"),
        ("k2", CUSTOMER, OURS, "second", "sms"),
    ]
    assert [m["key"] for m in again.sent(1)] == ["k2"]


@pytest.fixture
def twilio() -> Iterator[TwilioStub]:
    with twilio_stub() as stub:
        yield stub


@pytest.fixture
def twilio_messenger(twilio: TwilioStub) -> Iterator[TwilioMessenger]:
    messenger = _messenger(twilio.url)
    yield messenger
    messenger.close()


class TestTwilioMessenger(MessengerContract):
    @pytest.fixture
    def messenger(self, twilio_messenger: TwilioMessenger) -> TwilioMessenger:
        return twilio_messenger


def test_twilio_sends_from_our_number_unless_told(
    twilio: TwilioStub, twilio_messenger: TwilioMessenger
) -> None:
    twilio_messenger.send_sms(SMS, key="a")
    twilio_messenger.send_sms(Sms(CUSTOMER, "x", "+13125550111"), key="b")
    assert [message["from"] for message in twilio.messages] == ["+13125550111", OURS]


def test_the_provider_is_told_where_to_report(twilio: TwilioStub, twilio_messenger: TwilioMessenger) -> None:
    address = "https://autohaus.example/api/webhooks/twilio/status?text=t1"
    asked = twilio_messenger.send_sms(Sms(CUSTOMER, "x", report_to=address), key="a")
    silent = twilio_messenger.send_sms(Sms(CUSTOMER, "y"), key="b")
    assert (twilio.report_to[asked.provider_id], twilio.report_to[silent.provider_id]) == (address, "")


def test_an_opted_out_person_is_told_apart(twilio: TwilioStub, twilio_messenger: TwilioMessenger) -> None:
    twilio.opted_out.add(CUSTOMER)
    with pytest.raises(OptedOut, match=r"21610"):
        twilio_messenger.send_sms(SMS, key="k")


def test_a_number_only_twilio_knows_to_be_wrong(twilio_messenger: TwilioMessenger) -> None:
    with pytest.raises(InvalidNumber, match=r"21211"):
        twilio_messenger.send_sms(Sms("+11125550142", "x"), key="k")


def test_a_sender_that_is_not_ours_names_the_setting(
    twilio: TwilioStub, twilio_messenger: TwilioMessenger
) -> None:
    twilio.own_numbers = set()
    with pytest.raises(Misconfigured, match=r"COS_TWILIO_NUMBER"):
        twilio_messenger.send_sms(SMS, key="k")


def test_a_wrong_token_names_the_secret(twilio: TwilioStub) -> None:
    messenger = _messenger(twilio.url, auth_token="wrong")
    with pytest.raises(Misconfigured, match=r"twilio_auth_token"):
        messenger.send_sms(SMS, key="k")
    messenger.close()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, Unavailable),
        (503, Unavailable),
        (500, EffectUnknown),
        (502, EffectUnknown),
        (504, EffectUnknown),
    ],
)
def test_a_server_error_after_which_nobody_knows_is_not_repeated(
    twilio: TwilioStub, twilio_messenger: TwilioMessenger, status: int, error: type[Exception]
) -> None:
    twilio.fail_with = status
    with pytest.raises(error, match=rf"\[{status}\]"):
        twilio_messenger.send_sms(SMS, key="k")
    with pytest.raises(Unavailable, match=rf"\[{status}\]"):
        twilio_messenger.find("k", SMS, datetime.now(UTC))


def test_a_lost_answer_is_unknown_and_the_look_up_tells(twilio: TwilioStub) -> None:
    messenger = _messenger(twilio.url, timeout_s=0.3)
    before = datetime.now(UTC)
    twilio.stay_silent_s = 0.6
    with pytest.raises(EffectUnknown, match=r"did not answer"):
        messenger.send_sms(SMS, key="k")
    found = messenger.find("k", SMS, before)
    messenger.close()
    assert found is not None
    assert [message["sid"] for message in twilio.messages] == [found.provider_id]


def test_a_provider_that_was_never_reached_may_be_tried_again() -> None:
    messenger = _messenger(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable, match=r"nothing was sent"):
        messenger.send_sms(SMS, key="k")
    messenger.close()


def test_the_look_up_reads_every_page(twilio: TwilioStub, twilio_messenger: TwilioMessenger) -> None:
    before = datetime.now(UTC)
    wanted = twilio_messenger.send_sms(SMS, key="k")
    template = twilio.messages[0]
    twilio.messages[:0] = [{**template, "sid": f"SM{n:032}", "body": f"other {n}"} for n in range(130)]
    assert twilio_messenger.find("k", SMS, before) == wanted


def test_of_two_same_texts_the_first_since_the_claim_is_the_one(twilio_messenger: TwilioMessenger) -> None:
    before = datetime.now(UTC)
    first = twilio_messenger.send_sms(SMS, key="k1")
    twilio_messenger.send_sms(SMS, key="k2")
    assert twilio_messenger.find("k1", SMS, before) == first


def _messenger(url: str, *, auth_token: str = AUTH_TOKEN, timeout_s: float = 5.0) -> TwilioMessenger:
    return TwilioMessenger(
        account_sid=ACCOUNT_SID, auth_token=auth_token, sender=OURS, api_url=url, timeout_s=timeout_s
    )
