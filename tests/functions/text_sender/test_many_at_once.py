"""Many deliveries and many texts at once: one text a cause, and no limit broken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from shared.errors import Unavailable
from shared.testing.harness import push_of
from shared.texting.request import Purpose
from tests.functions.text_rig import CUSTOMER, TextDesk


def test_sixteen_deliveries_of_four_events_at_once_send_one_text(desk: TextDesk) -> None:
    text_id = desk.ask()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda n: desk.deliver(text_id, cause=f"cause-{n % 4}").status, range(16)))
    assert set(statuses) <= {200, 503}, "whoever comes too early comes again"
    assert desk.deliver(text_id, cause="afterwards").status == 200
    assert desk.sent() == [CUSTOMER] and desk.text(text_id)["state"] == "sent"


def test_texts_at_once_to_one_recipient_keep_the_limit(desk: TextDesk) -> None:
    texts = [desk.ask(Purpose.SERVICE, body=f"News {n}") for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(desk.deliver, texts))
    for text_id in texts:
        desk.deliver(text_id, cause=f"again-{text_id}")
    states = sorted(desk.text(text_id)["state"] for text_id in texts)
    assert states == ["deferred"] * 6 + ["sent"] * 6 and len(desk.sent()) == 6


def test_an_event_that_cannot_be_read_is_kept_and_acknowledged(desk: TextDesk) -> None:
    answer = desk.harness.product.deliver("text_sender", b'{"message": {"data": "!"}}')
    assert answer.status == 200 and desk.sent() == []


def test_when_the_store_is_away_nothing_is_sent_and_the_event_comes_again(desk: TextDesk) -> None:
    text_id = desk.ask()

    def away(_: int, __: object) -> None:
        raise Unavailable("the store is away")

    desk.documents.before = away
    assert desk.deliver(text_id).status == 503 and desk.sent() == []
    desk.documents.before = lambda number, writes: None
    assert desk.deliver(text_id).status == 200 and desk.sent() == [CUSTOMER]


def test_the_message_on_the_topic_is_the_one_that_is_handled(desk: TextDesk) -> None:
    text_id = desk.ask()
    (stored,) = desk.harness.platform.bus_operations.recent("text-requested", 10)
    for _ in range(2):
        assert desk.harness.product.deliver("text_sender", push_of(stored.message)).status == 200
    assert desk.text(text_id)["state"] == "sent" and desk.sent() == [CUSTOMER]
