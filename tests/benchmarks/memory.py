"""Recall beside its two halves, and preferences recognised beside a list of words, in one run.

`.venv/bin/python -m tests.benchmarks memory`. The conversations are generated: things a dealership's people
say, scattered over a year of small talk (`conversations/chatter.txt`) that names the same customers, cars and
days; every turn is a memory. Each is asked for in other words, as somebody wrote who avoided its words, and
by two words of it, drawn at random: people do both, and each half is good at one. The facts asked about
(`held_out.tsv`) were written after the ranking was chosen; those it was chosen with (`facts.tsv`) are told as
well and not asked about. The public LoCoMo set may not be shipped; its figures are in ADR 28.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from statistics import mean
from typing import Any

from shared.brain.minilm import SentenceEncoder
from shared.memory.bm25 import bm25
from shared.memory.memory import Memory
from shared.memory.recall import lexical_text, rank
from shared.memory.recognition import recognise
from shared.memory.words import STOP, terms, words

HERE = Path(__file__).parent / "conversations"
HELD_OUT = Path(__file__).parent.parent / "unit" / "memory" / "held_out.tsv"
MODEL_FOLDER = Path(".cos/models/minilm-int8")
SEEDS = (1, 2, 3)
SESSIONS, TURNS = 30, 20
BEGIN = datetime(2026, 1, 5, 15, tzinfo=UTC)
NOW = BEGIN + timedelta(days=365)
NAMES = (
    "Mrs. Alvarez,Dave Miller,the Hendersons,Mr. Okafor,the Garcias,Ms. Park,the Lees,Ann Cole,the Petersons,"
    "Sam Ortiz,the Wus,Carla Reyes"
)
WORDS = {
    "name": NAMES.split(","),
    "car": ["Tahoe", "Silverado", "Highlander", "Civic", "F-150", "Accord", "Camry", "Jeep"],
    "other": ["Malibu", "Ranger", "Sienna", "CR-V"],
    "colour": ["white", "blue", "red", "black", "silver"],
    "job": ["brake job", "oil change", "inspection", "detail", "alignment"],
    "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    "driver": ["Joe", "Marta", "Luis"],
    "staff": ["Tom", "Rita", "Ben", "Kim"],
}
LIST_OF_WORDS = re.compile(
    r"\b(?:prefer|always|never|from now on|remember|by default|going forward|stop|forget|i want)\b", re.I
)

Row = Mapping[str, Any]
Score = Callable[[str], Sequence[float]]


@dataclass(frozen=True)
class Fact:
    before: str
    said: str
    asked: str


@dataclass(frozen=True)
class Conversation:
    """`wanted`: question → the id of the one turn that answers it."""

    turns: tuple[Memory, ...]
    wanted: Mapping[str, str]


@lru_cache(maxsize=2)
def facts(name: str) -> tuple[Fact, ...]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return tuple(Fact(*line.split("\t")) for line in lines if line.strip())


def asked_about() -> tuple[Fact, ...]:
    return facts("held_out.tsv")


def conversation(seed: int) -> Conversation:
    chance = random.Random(seed)
    chatter = (HERE / "chatter.txt").read_text(encoding="utf-8").splitlines()
    spoken: list[tuple[str, Fact | None]] = [
        (_filled(chance.choice(chatter), chance), None) for _ in range(600)
    ]
    for fact in (*facts("facts.tsv"), *asked_about()):
        at = chance.randrange(len(spoken))
        spoken[at:at] = [(fact.before, None), (fact.said, fact)] if fact.before else [(fact.said, fact)]
    turns, wanted, before = list[Memory](), dict[str, str](), ""
    for number, (text, told) in enumerate(spoken):
        day = BEGIN + timedelta(days=12 * (number * SESSIONS // len(spoken)), minutes=number % TURNS)
        turns.append(Memory(memory_id=f"t{number}", person_id="p", text=text, context=before, stated_at=day))
        before = text
        if told and told in asked_about():
            wanted[told.asked] = f"t{number}"
    return Conversation(tuple(turns), wanted)


def _filled(line: str, chance: random.Random) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: chance.choice(WORDS[found[1]]), line)


class Ways:
    """One conversation asked in four ways; vectors are made once."""

    def __init__(self, said: Sequence[Memory], vector: Callable[[str], Any]) -> None:
        import numpy as np

        self.said, self.vector = said, vector
        self.matrix = np.stack([vector(turn.text) for turn in said])
        self.plain = [terms(turn.text) for turn in said]
        self.dated = [terms(lexical_text(turn)) for turn in said]

    def both(self, question: str) -> list[str]:
        similarity = dict(zip((turn.memory_id for turn in self.said), self._cosines(question), strict=True))
        return [one.memory.memory_id for one in rank(self.said, question, similarity, now=NOW)]

    def words_with_context(self, question: str) -> list[str]:
        return self._best(bm25(terms(question), self.dated))

    def words(self, question: str) -> list[str]:
        return self._best(bm25(terms(question), self.plain))

    def vectors(self, question: str) -> list[str]:
        return self._best(self._cosines(question))

    def _cosines(self, question: str) -> list[float]:
        cosines: list[float] = (self.matrix @ self.vector(question)).tolist()
        return cosines

    def _best(self, scores: Sequence[float]) -> list[str]:
        order = sorted(range(len(scores)), key=lambda number: (-scores[number], number))
        return [self.said[number].memory_id for number in order]


def recall_at(k: int, way: Callable[[str], list[str]], wanted: Mapping[str, str]) -> float:
    return mean(turn in way(question)[:k] for question, turn in wanted.items())


BASELINES = (
    ("BM25 alone", "words"),
    ("BM25 with date and previous turn", "words_with_context"),
    ("vectors alone", "vectors"),
)


def recall_rows(vector: Callable[[str], Any]) -> Iterator[Row]:
    told = [(Ways(one.turns, vector), one) for one in map(conversation, SEEDS)]
    turns = sum(len(ways.said) for ways, _ in told)
    asked: dict[str, list[tuple[Ways, Mapping[str, str]]]] = {
        "in other words": [(ways, one.wanted) for ways, one in told],
        "by two of its words": [(ways, by_words(one)) for ways, one in told],
    }
    for how, pairs in asked.items():
        questions = sum(len(wanted) for _, wanted in pairs)
        notes = f"{questions} questions over {turns} turns"
        for k in (5, 10):
            ours = _share([recall_at(k, ways.both, wanted) for ways, wanted in pairs])
            for name, way in BASELINES:
                baseline = _share([recall_at(k, getattr(ways, way), wanted) for ways, wanted in pairs])
                yield _row(f"memory: recall@{k}, asked {how}", ours, baseline, name, notes)


def by_words(told: Conversation) -> dict[str, str]:
    """Two words of each turn that is asked about, which say something."""
    chance, texts = random.Random(7), {turn.memory_id: turn.text for turn in told.turns}
    asked = {}
    for turn in told.wanted.values():
        known = sorted({word for word in words(texts[turn]) if word not in STOP and len(word) > 3})
        asked[" ".join(chance.sample(known, 2))] = turn
    return asked


def paraphrase_rows(vector: Callable[[str], Any]) -> Iterator[Row]:
    """Without the small talk, among as many as a person has: the one meant is the first."""
    said = [
        Memory(memory_id=fact.said, person_id="p", text=fact.said, context=fact.before, stated_at=BEGIN)
        for fact in (*facts("facts.tsv"), *asked_about())
    ]
    ways, wanted = Ways(said, vector), {fact.asked: fact.said for fact in asked_about()}
    ours = _share([recall_at(1, ways.both, wanted)])
    for name, way in (("BM25 alone", ways.words), ("vectors alone", ways.vectors)):
        baseline = _share([recall_at(1, way, wanted)])
        yield _row(
            "memory: a paraphrase finds its memory first",
            ours,
            baseline,
            name,
            f"{len(wanted)} among {len(said)} memories",
        )


def recognition_rows(vector: Callable[[str], Any]) -> Iterator[Row]:
    lines = [line.split("\t", 1) for line in HELD_OUT.read_text(encoding="utf-8").splitlines() if line]
    stated = [text for label, text in lines if label != "-"]
    others = [text for label, text in lines if label == "-"]
    for measure, texts in (("kept", stated), ("kept wrongly", others)):
        ours = _share([mean(recognise(text, vector) is not None for text in texts)])
        listed = _share([mean(bool(LIST_OF_WORDS.search(text)) for text in texts)])
        name = f"memory: held-out sentences {measure}"
        yield _row(name, ours, listed, "a list of ten words", f"of {len(texts)} sentences")


def speed_row(vector: Callable[[str], Any]) -> Row:
    ways = Ways(conversation(SEEDS[0]).turns, vector)
    questions = [fact.asked for fact in asked_about()]
    ours = _milliseconds(lambda: [ways.both(question) for question in questions]) / len(questions)
    alone = _milliseconds(lambda: [ways.vectors(question) for question in questions]) / len(questions)
    notes = f"of {len(ways.said)} memories already read, the question's vector included"
    return _row("memory: ranking, ms", round(ours, 1), round(alone, 1), "vectors alone", notes)


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _share(parts: Sequence[float]) -> float:
    return round(100 * mean(parts), 1)


def _row(measure: str, ours: float, baseline: float, name: str, notes: str) -> Row:
    return {"measure": measure, "ours": ours, "baseline": baseline, "baseline_name": name, "notes": notes}


def run() -> list[Row]:
    vector = lru_cache(maxsize=None)(SentenceEncoder(MODEL_FOLDER).encode)
    return [
        *recall_rows(vector),
        *paraphrase_rows(vector),
        *recognition_rows(vector),
        speed_row(SentenceEncoder(MODEL_FOLDER).encode),
    ]
