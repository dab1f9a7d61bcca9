"""What was put off is asked for again when its time has come, not before and not twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.errors import Unavailable
from tests.functions.text_rig import NIGHT, TextDesk, text_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TextDesk]:
    with text_desk(tmp_path, now=NIGHT) as opened:
        yield opened


def asked_for(desk: TextDesk) -> int:
    return len(desk.harness.events("text-requested"))


def test_nothing_is_released_before_its_time(desk: TextDesk) -> None:
    text = desk.send()
    desk.clock.time = text["due_at"] - timedelta(seconds=1)
    assert desk.release() == []


def test_what_is_due_is_asked_for_once_however_often_the_clock_ticks(desk: TextDesk) -> None:
    text = desk.send()
    desk.clock.time = text["due_at"]
    before = asked_for(desk)
    for _ in range(3):
        assert desk.harness.product.run("text_clock").status == 200
    assert asked_for(desk) == before + 1


def test_another_dealership_s_texts_are_released_too(desk: TextDesk) -> None:
    desk.harness.platform.tenant("northside")
    text = desk.send()
    desk.clock.time = text["due_at"]
    answer = desk.harness.product.run("text_clock")
    assert answer.json()["result"] == {"autohaus": {"released": 1}, "northside": {"released": 0}}


def test_a_delivery_that_came_too_early_changes_nothing(desk: TextDesk) -> None:
    text = desk.send()
    assert desk.deliver(text["text_id"], cause="early").status == 200
    assert desk.text(text["text_id"]) == text


def test_a_night_s_texts_all_go_in_the_morning(desk: TextDesk) -> None:
    texts = [desk.send(phone=f"+1312555{1000 + number}") for number in range(250)]
    desk.clock.time = texts[0]["due_at"]
    assert len(desk.release()) == 200
    assert len(desk.release()) == 50
    assert len(set(desk.sent())) == len(desk.sent()) == 250


def test_when_the_store_is_away_the_tick_fails_and_the_next_one_goes_on(desk: TextDesk) -> None:
    text = desk.send()
    desk.clock.time = text["due_at"]

    def away(_: int, __: object) -> None:
        raise Unavailable("the store is away")

    desk.documents.before = away
    assert desk.harness.product.run("text_clock").status == 500
    desk.documents.before = lambda number, writes: None
    assert desk.release() == [text["text_id"]]
