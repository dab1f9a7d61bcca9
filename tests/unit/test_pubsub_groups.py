from __future__ import annotations

from shared.adapters.google.bus import groups_of
from shared.ports import Message


def test_a_publish_call_has_one_topic_and_one_key_and_keeps_the_order() -> None:
    messages = [
        Message("a", b"1", {}, "k"),
        Message("a", b"2"),
        Message("b", b"3", {}, "k"),
        Message("a", b"4", {}, "k"),
        Message("a", b"5", {}, "l"),
        Message("a", b"6"),
    ]
    assert [[message.data for message in group] for group in groups_of(messages)] == [
        [b"1", b"4"],
        [b"2", b"6"],
        [b"3"],
        [b"5"],
    ]
