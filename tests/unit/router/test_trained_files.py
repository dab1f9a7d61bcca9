"""The shipped weights and thresholds belong to the sentences they were trained on, and to no others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from shared.brain.minilm import MODEL_ID, SentenceEncoder
from shared.brain.route_message.asking import THRESHOLDS_FILE, load_thresholds
from shared.brain.route_message.features import normalized
from shared.brain.route_message.intents import IN_SCOPE, INTENTS, Intent
from shared.brain.route_message.scoring import load_weights
from shared.brain.route_message.seeds import (
    Sentence,
    background,
    clear_seeds,
    development,
    held_out,
    inputs_digest,
    training_sentences,
)
from shared.brain.route_message.thresholds import confusion_table, predictor

NEAR = 0.7
"""Share of 4-letter pieces two sentences may have in common; above it one is the other reworded."""


def pieces(text: str) -> frozenset[str]:
    plain = normalized(text)
    return frozenset(plain[at : at + 4] for at in range(max(1, len(plain) - 3)))


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second)


def test_weights_and_thresholds_are_trained_on_these_inputs() -> None:
    said = "run `python -m shared.brain.route_message.train`"
    assert load_weights().inputs_sha256 == inputs_digest(), said
    assert load_thresholds().inputs_sha256 == inputs_digest(), said
    assert MODEL_ID in THRESHOLDS_FILE.read_text(encoding="utf-8")


def test_the_confusion_table_reproduces(encoder: SentenceEncoder) -> None:
    assert confusion_table(held_out(), predictor(encoder)) == load_thresholds().confusion


def test_there_are_enough_sentences_of_every_kind() -> None:
    seeds = clear_seeds()
    for intent in IN_SCOPE:
        assert sum(sentence.intents == (intent,) for sentence in seeds) >= 60
    assert len(background()) >= 800
    for asked in (development(), held_out()):
        assert len(asked) >= 300
        assert sum(len(sentence.intents) > 1 for sentence in asked) >= 30
        assert sum(sentence.is_incomplete for sentence in asked) >= 30


def test_no_sentence_stands_twice_in_the_training() -> None:
    texts = [normalized(sentence.text) for sentence in training_sentences()]
    twice = {text for text in texts if text and texts.count(text) > 1}
    # A question and a greeting differ by their numbers alone now and then; whole sentences do not.
    assert not {text for text in twice if len(text.split()) > 3 and "number" not in text}


def assert_apart(asked: Sequence[Sentence], known: Sequence[Sentence]) -> None:
    known_pieces = [(sentence.text, pieces(sentence.text)) for sentence in known]
    for sentence in asked:
        own = pieces(sentence.text)
        near = [text for text, other in known_pieces if likeness(own, other) >= NEAR]
        assert not near, f"[{sentence.text}] is near {near}"


def test_no_held_out_sentence_was_seen_before_nor_a_near_copy() -> None:
    assert_apart(held_out(), [*training_sentences(), *development()])


def test_no_development_sentence_was_trained_on_nor_a_near_copy() -> None:
    assert_apart(development(), training_sentences())


def test_the_overlap_test_would_see_a_copy() -> None:
    assert likeness(pieces("What is our error rate today?"), pieces("what is our error rate today")) == 1
    assert (
        likeness(pieces("who is calling from 312 555 0187"), pieces("whos calling from 773-555-0100")) >= NEAR
    )


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_is_recognised_four_times_in_five_at_least(intent: Intent) -> None:
    row = load_thresholds().confusion[intent]
    assert row[intent] / sum(row.values()) >= 0.8


def test_out_of_scope_is_rejected_nine_times_in_ten_on_the_development_set(encoder: SentenceEncoder) -> None:
    row = confusion_table(development(), predictor(encoder))[Intent.OUT_OF_SCOPE]
    assert row[Intent.OUT_OF_SCOPE] / sum(row.values()) >= 0.9


def test_an_ambiguous_sentence_names_its_meanings() -> None:
    assert Sentence("x", (Intent.CRM, Intent.SERVICE)).needs_question
    assert not Sentence("x", (Intent.CRM,)).needs_question
