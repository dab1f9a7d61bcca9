"""Who wants no more texts is read from any words: rather one too many than one passed over."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.texting.consent_words import ConsentKind
from shared.texting.opt_out import plain, read_consent_words
from shared.texting.train_refusals import SENTENCES, WEIGHTS, learned, sentences
from shared.yaml_file import read_yaml
from tests.benchmarks.opt_out import groups, ours, share

LEARNED = read_yaml(SENTENCES)


@pytest.mark.parametrize(
    "word",
    ["stop", "STOP", "Stop.", " stop! ", "“STOP”", "quit", "End", "REVOKE", "opt out", "OPTOUT", "cancel"],
)
def test_the_agreed_words_are_taken_alone_in_any_dress(word: str) -> None:
    assert read_consent_words(word).kind is ConsentKind.STOP


@pytest.mark.parametrize("word", ["START", "unstop", "Yes", "yes!"])
def test_the_words_that_begin_again(word: str) -> None:
    assert read_consent_words(word).kind is ConsentKind.START


@pytest.mark.parametrize("word", ["HELP", "info", "help?"])
def test_the_words_that_ask_for_help(word: str) -> None:
    assert read_consent_words(word).kind is ConsentKind.HELP


@pytest.mark.parametrize(
    "text",
    [
        "yes approve it",
        "start on the brakes",
        "help me with the radio",
        "",
        "   ",
        "👍",
        "1",
        "approve 2 and 3",
    ],
)
def test_more_than_the_word_is_no_agreed_word(text: str) -> None:
    assert read_consent_words(text).kind is ConsentKind.NONE


def test_the_evidence_is_the_part_that_says_it() -> None:
    read = read_consent_words("Thanks for the wash. Please take me off your list, we moved. Bye!")
    assert read.kind is ConsentKind.REFUSAL and "take me off" in read.evidence and len(read.evidence) < 40


def test_a_refusal_among_much_else_is_found() -> None:
    much = "I had a great time at your store and the coffee was good and Ana was very kind to my kids. "
    assert read_consent_words(f"{much * 3} Anyway, stop texting me. {much * 3}").kind is ConsentKind.REFUSAL


@pytest.mark.parametrize(
    "text", ["don't call, just text me", "Dont call me, text me please", "please text me when done"]
)
def test_who_asks_to_be_texted_wants_texts(text: str) -> None:
    assert not ours(text)


def test_every_sentence_it_learned_from_is_read_rightly() -> None:
    assert share(ours, LEARNED["refuses"]) >= 0.95
    assert share(ours, LEARNED["ordinary"]) <= 0.02


def test_refusals_nobody_learned_from_are_found_and_ordinary_texts_left_alone() -> None:
    texts = groups()["own_words"]
    assert share(ours, texts["refuses"]) >= 0.9
    assert share(ours, texts["ordinary"]) <= 0.1
    assert share(ours, texts["everyday"]) <= 0.02


def test_what_is_measured_was_never_learned() -> None:
    known = {plain(text) for texts in LEARNED.values() for text in texts}
    measured = {plain(text) for kinds in groups().values() for texts in kinds.values() for text in texts}
    assert not known & measured


def test_the_weights_are_those_of_the_sentences() -> None:
    """`python -m shared.texting.train_refusals` after a change."""
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    fresh = learned(sentences())
    assert kept["weights"].keys() == fresh["weights"].keys()
    assert all(abs(kept["weights"][name] - fresh["weights"][name]) <= 0.002 for name in kept["weights"])


@pytest.mark.parametrize(
    "text",
    [
        "stop " * 2000,
        "please " * 1500 + "x",
        "no more of the these your " * 300,
        "i want to be to be to be " * 300,
        "dont want to for in up get " * 300,
        "a" * 10_000,
        "report " * 1500,
    ],
    ids=["stop", "please", "no more", "to be", "dont", "a", "report"],
)
def test_no_text_takes_long_to_read(text: str) -> None:
    began = time.perf_counter()
    read_consent_words(text)
    assert time.perf_counter() - began < 1.0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    read = read_consent_words(text)
    assert 0 <= read.confidence <= 1 and isinstance(read.kind, ConsentKind)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(LEARNED["refuses"][:60]), st.sampled_from(["", " ", "\n", "!!", " 😡", "…"]))
def test_case_and_signs_around_it_hide_no_refusal(text: str, sign: str) -> None:
    assert ours(f"{sign}{text.upper()}{sign}")
