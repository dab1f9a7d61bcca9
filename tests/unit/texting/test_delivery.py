"""How far a text has come only ever goes forward."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.texting.delivery import FORWARD, advanced, of_provider

WORDS = ("accepted", "queued", "sending", "sent", "delivered", "undelivered", "failed", "read", "canceled")
words = st.lists(st.sampled_from(WORDS), max_size=8)


def after(reports: list[str], state: str = "sending") -> str:
    for word in reports:
        state = advanced(state, of_provider(word) or state)
    return state


@given(words, st.randoms(use_true_random=False))
def test_the_order_of_reports_and_how_often_each_comes_do_not_matter(
    reports: list[str], chance: Random
) -> None:
    shuffled = [*reports, *reports]
    chance.shuffle(shuffled)
    assert after(shuffled) == after(reports)


@given(words)
def test_no_report_takes_a_step_back(reports: list[str]) -> None:
    state = "sending"
    for word in reports:
        following = after([word], state)
        assert FORWARD.index(following) >= FORWARD.index(state)
        state = following


@pytest.mark.parametrize("order", list(permutations(["queued", "sent", "delivered"])))
def test_what_was_delivered_stays_delivered(order: tuple[str, ...]) -> None:
    assert after(list(order)) == "delivered"


def test_what_arrived_after_all_has_arrived() -> None:
    assert after(["undelivered", "delivered"]) == after(["delivered", "undelivered"]) == "delivered"


@pytest.mark.parametrize("word", WORDS)
def test_what_was_refused_was_never_handed_over(word: str) -> None:
    assert after([word], "refused") == "refused"


@pytest.mark.parametrize("word", ["", "receiving", "nonsense"])
def test_a_word_nobody_knows_says_nothing(word: str) -> None:
    assert of_provider(word) is None


@pytest.mark.parametrize("word", [" Delivered ", "DELIVERED"])
def test_case_and_blanks_do_not_matter(word: str) -> None:
    assert of_provider(word) == "delivered"
