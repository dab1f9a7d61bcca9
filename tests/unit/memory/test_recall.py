"""How memories are ranked, by words, by meaning and by both."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.memory.bm25 import K1, B, bm25, share_of_possible
from shared.memory.fusion import fused, scaled
from shared.memory.memory import Memory
from shared.memory.recall import rank
from shared.memory.subject import first_on_subject, same_subject
from shared.memory.words import terms

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)


def memory(text: str, *, days: float = 0, context: str = "", name: str = "") -> Memory:
    said = NOW - timedelta(days=days)
    return Memory(memory_id=name or text, person_id="ceo", text=text, context=context, stated_at=said)


def ranked(memories: list[Memory], question: str, **similarity: float) -> list[str]:
    return [one.memory.memory_id for one in rank(memories, question, similarity, now=NOW)]


def test_bm25_is_the_published_formula() -> None:
    texts = [["lane", "a", "margin"], ["margin", "margin"], ["coffee"]]
    rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    average = 6 / 3
    expected = [
        rarity * 1 * (K1 + 1) / (1 + K1 * (1 - B + B * 3 / average)),
        rarity * 2 * (K1 + 1) / (2 + K1 * (1 - B + B * 2 / average)),
        0.0,
    ]
    assert bm25(["margin"], texts) == pytest.approx(expected)
    assert bm25(["margin"], []) == [] and bm25([], texts) == [0, 0, 0]


def test_words_count_by_what_could_be_found_so_a_poor_best_match_stays_poor() -> None:
    texts = [["coffee", "sugar"], ["tea", "milk"]]
    full, none = share_of_possible(["coffee", "sugar"], texts)
    assert full == pytest.approx(1.0) and none == 0
    poor, _ = share_of_possible(["coffee", "yacht", "harbour", "crew"], texts)
    assert 0 < poor < 0.2
    assert share_of_possible([], texts) == [0.0, 0.0] and share_of_possible(["coffee"], []) == []


@given(st.lists(st.floats(-1, 1), max_size=20))
def test_scores_are_brought_to_0_and_1_in_their_order(scores: list[float]) -> None:
    brought = scaled(scores)
    assert all(0 <= one <= 1 for one in brought)
    order = sorted(range(len(scores)), key=lambda n: scores[n])
    assert [brought[n] for n in order] == sorted(brought)


def test_both_rankings_count_alike() -> None:
    assert fused([1.0, 0.0, 0.25], [0.1, 0.9, 0.5]) == pytest.approx([0.6, 0.4, 0.6 / 8 + 0.2])
    assert fused([1.0, 0.0], [0.9, 0.1]) == pytest.approx([1.0, 0.0])
    assert fused([], []) == []


def test_words_find_what_was_said_then_and_what_it_answered() -> None:
    october = memory("two sugars, no milk", days=40, context="How do you take your coffee?", name="coffee")
    other = memory("the lift in bay two is broken", name="lift")
    assert ranked([other, october], "how does the boss take coffee") == ["coffee", "lift"]
    assert ranked([other, october], "what was said in October") == ["coffee", "lift"]


def test_a_memory_without_a_vector_is_as_far_as_the_farthest() -> None:
    both = [memory("alpha", name="a"), memory("beta", name="b"), memory("gamma", name="c")]
    assert ranked(both, "something else", a=0.2, b=0.8) == ["b", "a", "c"]
    (first, *_) = rank(both, "something else", {"b": 0.8, "a": 0.2}, now=NOW)
    assert (first.similarity, first.words) == (0.8, 0.0)


def test_of_two_that_are_as_good_the_newer_comes_first() -> None:
    old, new = memory("call me Sam", days=9, name="old"), memory("call me Sam", days=1, name="new")
    assert ranked([old, new], "zzz") == ["new", "old"]


@given(
    texts=st.lists(st.text("abc de", min_size=1, max_size=20), max_size=8),
    question=st.text("abc de", max_size=20),
    foreign=st.dictionaries(st.text("xyz", min_size=1, max_size=4), st.floats(-1, 1), max_size=5),
)
def test_ranking_answers_each_memory_once_and_nothing_else(
    texts: list[str], question: str, foreign: dict[str, float]
) -> None:
    memories = [memory(text, name=f"m{number}") for number, text in enumerate(texts)]
    found = rank(memories, question, foreign, now=NOW)
    assert sorted(one.memory.memory_id for one in found) == sorted(one.memory_id for one in memories)
    assert all(0 <= one.score <= 1 for one in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("reports", "report"),
        ("grouped", "grouping"),
        ("parties", "party"),
        ("prices", "price"),
        ("plan", "planned"),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    assert terms(one) == terms(other)


def test_words_that_say_nothing_are_left_out() -> None:
    assert terms("what is the margin of our lane?") == ["margin", "lan"]


def test_a_subject_that_is_named_is_compared_and_nothing_else() -> None:
    coffee = memory("I like my coffee black").model_copy(update={"subject": "coffee"})
    assert same_subject(coffee, text="with milk", subject="coffee")
    assert not same_subject(coffee, text="I like my coffee black", subject="")
    assert first_on_subject([coffee], text="anything", subject="tea") is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_whether_two_are_of_one_subject_does_not_depend_on_their_order(one: str, other: str) -> None:
    assert same_subject(memory(one, name="m"), text=other, subject="") == same_subject(
        memory(other, name="m"), text=one, subject=""
    )
