"""What is said for later is told from what is asked, ordered or told for once.

`development.tsv` was read while the rules were made; `held_out.tsv` was written afterwards and never used to
change them. Lines: what it is (`-` nothing, `P` a preference, `key=value` one that is applied, `C:key` one
that is cleared, `F` something to forget) and the sentence.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.brain.minilm import SentenceEncoder
from shared.brain.route_message.seeds import development, held_out, training_sentences
from shared.memory.reading import Kind, preference_of_text, read_sentence
from shared.memory.recognition import recognise
from shared.testing.harness import model_folder

HERE = Path(__file__).parent
NEVER = "-"


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder(model_folder())


def lines(name: str) -> list[tuple[str, str]]:
    pairs = (line.split("\t", 1) for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line)
    return [(label, text) for label, text in pairs]


def label(text: str, encoder: SentenceEncoder) -> str:
    found = recognise(text, encoder.encode)
    if found is None or found.kind is Kind.ASKED_BACK:
        return NEVER
    if found.kind is Kind.PREFERENCE:
        return f"{found.preference.key}={found.preference.value}" if found.preference else "P"
    return f"C:{found.subject}" if found.kind is Kind.CLEARED else "F"


def test_every_sentence_of_the_development_set_is_read_right(encoder: SentenceEncoder) -> None:
    assert [(w, text) for w, text in lines("development.tsv") if label(text, encoder) != w] == []


def test_of_held_out_sentences_none_is_kept_wrongly_and_nine_in_ten_are_kept(
    encoder: SentenceEncoder,
) -> None:
    said = lines("held_out.tsv")
    kept_wrongly = [text for wanted, text in said if wanted == NEVER and label(text, encoder) != NEVER]
    stated = [(wanted, text) for wanted, text in said if wanted != NEVER]
    right = [text for wanted, text in stated if label(text, encoder) == wanted]
    assert kept_wrongly == []
    assert len(right) >= 0.9 * len(stated) and len(stated) >= 20


def test_no_question_the_router_knows_is_ever_kept(encoder: SentenceEncoder) -> None:
    asked = [one.text for one in (*training_sentences(), *development(), *held_out())]
    assert len(asked) > 2_500
    assert [text for text in asked if label(text, encoder) != NEVER] == []


@pytest.mark.parametrize(
    ("text", "kept", "rest"),
    [
        ("I prefer weekly charts. Thanks!", "I prefer weekly charts.", ""),
        (
            "From now on group by week. Show me Lane A.",
            "From now on group by week.",
            "Show me Lane A.",
        ),
        (
            "Show me the financials by week from now on",
            "Show me the financials by week from now on",
            "Show me the financials by week",
        ),
        ("always show me the financials by week", "always show me the financials by week", ""),
        ("Remember that Mrs. Lee calls on Fridays.", "Remember that Mrs. Lee calls on Fridays.", ""),
    ],
)
def test_what_is_asked_besides_is_left_to_be_answered(
    encoder: SentenceEncoder, text: str, kept: str, rest: str
) -> None:
    found = recognise(text, encoder.encode)
    assert found and (found.text, found.rest) == (kept, rest)


def test_the_meaning_has_a_veto_over_the_words() -> None:
    def far_from_statements(text: str) -> object:
        import numpy as np

        return np.array([1.0, 0.0] if text.startswith(("Show", "What", "I prefer green")) else [0.0, 1.0])

    assert read_sentence("I prefer green") and recognise("I prefer green", far_from_statements) is None


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("What do you remember about me?", ""),
        ("what are my preferences", ""),
        ("show me my preferences", ""),
        ("what did I ask you to remember?", ""),
        ("What do you remember about Mrs. Alvarez?", "Mrs. Alvarez"),
    ],
)
def test_what_is_remembered_can_be_asked_for(text: str, about: str) -> None:
    found = read_sentence(text)
    assert found and (found.kind, found.about) == (Kind.ASKED_BACK, about)


@pytest.mark.parametrize(
    ("text", "is_all"),
    [
        ("forget everything you know about me", True),
        ("Delete everything I've told you", True),
        ("forget everything, show me the trucks", False),
        ("forget everything about the Tahoe", False),
    ],
)
def test_everything_is_forgotten_by_nobody_by_mistake(text: str, is_all: bool) -> None:
    found = read_sentence(text)
    assert (found is not None and found.kind is Kind.FORGET_ALL) == is_all


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I want my reports by week instead of by month", "week"),
        ("I prefer monthly charts over weekly ones", "month"),
        ("I prefer my charts weekly or monthly", None),
        ("don't show me weekly numbers any more, I prefer monthly", "month"),
        ("I prefer weekly emails", None),
        ("I prefer my oil changes monthly", None),
        ("I prefer weekly figures", "week"),
        ("group my charts weekly", "week"),
        ("keep our reports monthly", "month"),
        ("group revenue by week", None),
        ("split all my numbers of March by week", None),
    ],
)
def test_a_value_is_applied_only_where_it_is_clear(text: str, value: str | None) -> None:
    found = preference_of_text(text, None)
    assert (found.value if found else None) == value


def test_a_text_kept_under_a_subject_gives_that_subjects_value() -> None:
    found = preference_of_text("monthly, please", "finance.bucket")
    assert found and (found.key, found.value) == ("finance.bucket", "month")
    assert preference_of_text("monthly, please", "coffee") is None
    assert preference_of_text("as you like", "finance.bucket") is None


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error_and_no_question_is_a_statement(text: str) -> None:
    read_sentence(text)
    assert read_sentence(f"{text.strip()}?") is None


@pytest.mark.parametrize("length", [500, 1_001, 4_000])
def test_long_texts_are_read_in_no_time(length: int) -> None:
    for unit in ("I prefer ", "please ", "from now on ", "my ", "a,", "always the ", "so and but "):
        read_sentence((unit * length)[:length])
