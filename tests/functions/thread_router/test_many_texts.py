"""However many come, however often and in whatever order: bounded, once each, none lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.errors import Unavailable
from shared.events.inbox import TextReceived
from shared.inbox.rules import shipped_rules
from shared.testing.twilio_webhooks import new_sid
from tests.texting_desk import ADVISOR, ANN, Desk, open_desk, repair_order

MOST = shipped_rules().flood.most


def event_of(desk: Desk, sid: str) -> TextReceived:
    return TextReceived(text_sid=sid, received_at=desk.inbound(sid)["received_at"])


def test_the_second_delivery_changes_nothing(tmp_path: Path) -> None:
    with open_desk(tmp_path, delivering=False) as desk:
        event = event_of(desk, desk.text("I need new brakes"))
        for _ in range(2):
            assert desk.product.deliver("thread_router", event).status == 200
        replayed = desk.product.deliver("thread_router", event, cause="an operator's replay")
        assert replayed.status == 200
        assert len(desk.stored("threads")) == len(desk.stored("persons")) == 1
        assert len(desk.stored("texts")) == 1 and len(desk.messages(desk.threads()[0].thread_id)) == 1


def test_an_event_of_a_text_nobody_kept_is_rejected_and_not_tried_for_ever(tmp_path: Path) -> None:
    with open_desk(tmp_path, delivering=False) as desk:
        event = TextReceived(text_sid=new_sid(), received_at=desk.clock.now())
        response = desk.product.deliver("thread_router", event)
        assert response.status == 200 and "rejected" in response.json()["reason"]


class Failing(SqliteDocuments):
    fails = False

    def commit(self, writes):  # type: ignore[no-untyped-def]  # as its base
        if self.fails and any("/threads/" in one.path for one in writes):
            raise Unavailable("the store is away")
        return super().commit(writes)


def test_while_the_store_is_away_the_text_waits_and_is_routed_once_it_is_back(tmp_path: Path) -> None:
    store = Failing(tmp_path / "documents.db")
    with open_desk(tmp_path / "data", delivering=False, replaced={"documents": lambda _: store}) as desk:
        event = event_of(desk, desk.text("I need new brakes"))
        store.fails = True
        assert desk.product.deliver("thread_router", event).status == 503
        assert desk.stored("threads") == [] and desk.stored("texts") == []
        store.fails = False
        assert desk.product.deliver("thread_router", event, attempt=2).status == 200
        assert len(desk.stored("threads")) == 1 and len(desk.stored("texts")) == 1


def test_a_text_that_is_given_up_is_told_of_and_a_replay_routes_it_after_all(tmp_path: Path) -> None:
    store = Failing(tmp_path / "documents.db")
    with open_desk(tmp_path / "data", delivering=False, replaced={"documents": lambda _: store}) as desk:
        event = event_of(desk, desk.text("I need new brakes"))
        store.fails = True
        assert desk.product.deliver("thread_router", event, attempt=12).status == 503
        assert desk.inbound(event.text_sid)["state"] == "unrouted"
        (asked,) = desk.attention()
        assert (asked["subject"], asked["roles"]) == (f"inbound_texts/{event.text_sid}", ["operator"])
        store.fails = False
        assert desk.product.deliver("thread_router", event, attempt=13).status == 200
        assert desk.inbound(event.text_sid)["state"] == "passed_on"


def test_texts_of_one_number_at_once_end_in_one_conversation_of_one_person(tmp_path: Path) -> None:
    with open_desk(tmp_path, delivering=False) as desk:
        events = [event_of(desk, desk.text(f"I need new brakes, part {n}")) for n in range(8)]
        with ThreadPoolExecutor(8) as pool:
            answers = list(
                pool.map(lambda e: desk.product.deliver("thread_router", e, cause=e.text_sid), events)
            )
        assert {one.status for one in answers} == {200}, [one.text for one in answers]
        assert len(desk.stored("persons")) == len(desk.stored("threads")) == 1
        assert len(desk.messages(desk.threads()[0].thread_id)) == 8


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_two_texts_of_a_stranger_in_either_order_are_both_passed_on(tmp_path: Path, order: list[int]) -> None:
    with open_desk(tmp_path, delivering=False) as desk:
        events = [event_of(desk, desk.text(words)) for words in ("Hi there", "my brakes squeal")]
        for place in order:
            desk.product.deliver("thread_router", events[place], cause=str(place))
        told = "\n".join(one["body"] for one in desk.stored("texts", ("purpose", "==", "staff_message")))
        assert "Hi there" in told and "my brakes squeal" in told


def test_a_flood_from_one_number_is_kept_whole_and_passed_on_within_bounds(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        desk.records("repair_orders", repair_order())
        for number in range(120):
            desk.text(f"Is it done yet? {number}")
        desk.product.settle(60)
        (thread,) = desk.threads()
        messages = desk.messages(thread.thread_id)
        assert len(messages) == 120 and sum(one["held"] for one in messages) == 120 - MOST
        assert len(desk.texts_to(ADVISOR)) == MOST
        assert len([one for one in desk.attention() if one["kind"] == "text_flood"]) == 1
        assert {one["state"] for one in desk.stored("inbound_texts")} == {"passed_on", "held"}


def test_a_stop_within_a_flood_is_honoured(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        for number in range(MOST + 10):
            desk.text(f"I need new brakes {number}")
        desk.said("STOP")
        assert desk.stored("consents")[0]["state"] == "denied"


def test_after_the_hold_texts_are_passed_on_again(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        for number in range(MOST + 5):
            desk.said(f"I need new brakes {number}")
        assert desk.said("hello?")["state"] == "held"
        desk.clock.wait(minutes=11)
        assert desk.said("my brakes, please")["state"] == "passed_on"


def test_other_customers_are_not_held_by_one_who_floods(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        for number in range(MOST + 5):
            desk.text(f"I need new brakes {number}")
        desk.product.settle(30)
        assert desk.said("I need new brakes", sender="+13125550190")["state"] == "passed_on"


def test_a_machine_that_texts_is_kept_and_nobody_is_told(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        text = desk.said("Your code is 1234", sender="22395")
        assert text["state"] == "noted" and desk.stored("persons") == [] and desk.stored("texts") == []
        assert desk.thread(text["thread_id"]).state == "answered"
        assert ANN not in str(desk.product.events())


def test_a_colleague_s_phone_that_answers_by_itself_is_not_talked_to_for_ever(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        for number in range(MOST + 5):
            desk.text(f"I am driving, {number}", sender=ADVISOR)
        desk.product.settle(60)
        # Events that keep an order may be published again; they keep their ids.
        assert len({one["id"] for one in desk.product.events("message-received")}) == MOST
        assert len([one for one in desk.stored("inbound_texts") if one["state"] == "held"]) == 5


def test_our_own_echo_is_kept_and_not_answered(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        assert desk.said("hello", sender="+13125550100")["state"] == "noted"
        assert desk.stored("texts") == [] and desk.stored("persons") == []
