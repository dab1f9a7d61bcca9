"""Messenger and staff chat: what leaves, once, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import InvalidInput, InvalidNumber
from shared.ports import Messenger, Sms, StaffChat

CUSTOMER = "+13125550142"


class MessengerContract:
    def test_a_text_is_sent_and_found_again(self, messenger: Messenger) -> None:
        before = datetime.now(UTC)
        sms = Sms(CUSTOMER, "Your car is ready. Ærø 🚗")
        receipt = messenger.send_sms(sms, key="ro-1-ready")
        assert receipt.provider_id
        assert receipt.status in {"queued", "accepted", "sending", "sent"}
        assert messenger.find("ro-1-ready", sms, before) == receipt

    def test_what_was_never_sent_is_not_found(self, messenger: Messenger) -> None:
        messenger.send_sms(Sms(CUSTOMER, "another text"), key="other")
        assert messenger.find("ro-2", Sms(CUSTOMER, "Your car is ready"), datetime.now(UTC)) is None

    def test_a_text_from_before_is_not_this_one(self, messenger: Messenger) -> None:
        sms = Sms(CUSTOMER, "Your car is ready")
        messenger.send_sms(sms, key="ro-3")
        assert messenger.find("ro-3", sms, datetime.now(UTC) + timedelta(minutes=5)) is None

    def test_two_effects_have_two_receipts(self, messenger: Messenger) -> None:
        first = messenger.send_sms(Sms(CUSTOMER, "one"), key="k1")
        assert messenger.send_sms(Sms(CUSTOMER, "two"), key="k2").provider_id != first.provider_id

    @pytest.mark.parametrize(
        "number", ["", "3125550142", "+1", "+03125550142", "+1312555014x", "+1312555" + "0" * 12]
    )
    def test_a_number_nobody_has_is_refused(self, messenger: Messenger, number: str) -> None:
        with pytest.raises(InvalidNumber):
            messenger.send_sms(Sms(number, "hello"), key="k")

    @pytest.mark.parametrize("body", ["", "  \n", "x" * 1_601])
    def test_an_empty_or_overlong_text_is_refused(self, messenger: Messenger, body: str) -> None:
        with pytest.raises(InvalidInput):
            messenger.send_sms(Sms(CUSTOMER, body), key="k")


class StaffChatContract:
    def test_a_post_gets_a_receipt(self, staff_chat: StaffChat) -> None:
        receipt = staff_chat.post(channel="#service", text="A customer waits. Ærø", key="attention-1")
        assert receipt.provider_id
        assert receipt.status == "sent"
