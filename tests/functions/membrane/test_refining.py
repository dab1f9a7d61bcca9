"""A bare refinement continues the last subject; a message of its own never does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.membrane.conversation import Limits, Said, decide
from functions.membrane.refinement import FRESH, NARROWS, LastResolved, refined
from shared.brain.route_message.intents import INTENTS, Intent
from shared.brain.route_message.models import Routing
from shared.brain.route_message.seeds import clear_seeds, development
from tests.functions.membrane.conftest import NOON, TODAY, Talk

OCTOBER = {"start": "2026-10-01", "end": "2026-10-31", "label": "last month"}
MARCH = {"start": "2026-03-01", "end": "2026-03-31", "label": "March"}


def last(intent: Intent, entities: dict[str, Any] | None = None) -> LastResolved:
    return LastResolved(intent=intent, entities=entities or {}, confidence=0.9, at=NOON)


def entities_after(before: LastResolved, text: str) -> dict[str, Any] | None:
    routing = refined(before, text, today=TODAY, now=NOON + timedelta(minutes=1))
    return routing.entities if routing else None


@pytest.mark.parametrize(
    ("intent", "before", "text", "after"),
    [
        (Intent.FINANCE, {"lane": "A"}, "last month", {"lane": "A", "period": OCTOBER}),
        (Intent.FINANCE, {"lane": "A"}, "what about March?", {"lane": "A", "period": MARCH}),
        (
            Intent.FINANCE,
            {"lane": "A", "direction": "income"},
            "only lane B",
            {"lane": "B", "direction": "income"},
        ),
        (Intent.FINANCE, {"period": OCTOBER}, "and the rental side", {"lane": "D", "period": OCTOBER}),
        (
            Intent.INVENTORY,
            {"vehicle": {"make": "Honda", "colour": "white"}, "also_said": "black"},
            "and the red ones?",
            {"vehicle": {"make": "Honda", "colour": "red"}},
        ),
        (
            Intent.INVENTORY,
            {"vehicle": {"make": "Honda", "model": "Civic", "year": 2020}},
            "how about toyotas 2022 or newer",
            {"vehicle": {"make": "Toyota", "year_from": 2022}},
        ),
        (
            Intent.INVENTORY,
            {"status": "sold"},
            "just the ones under $30k",
            {"status": "sold", "amount": {"op": "<", "value": 30_000, "currency": "USD"}},
        ),
        (Intent.SYSTEM_HEALTH, {}, "and last month", {"period": OCTOBER}),
        (Intent.CRM, {}, "Last Month, please", {"period": {**OCTOBER, "label": "Last Month"}}),
    ],
)
def test_a_refinement_keeps_what_it_does_not_change(
    intent: Intent, before: dict[str, Any], text: str, after: dict[str, Any]
) -> None:
    assert entities_after(last(intent, before), text) == after


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        (Intent.FINANCE, "revenue last month"),
        (Intent.FINANCE, "and the red ones?"),
        (Intent.SYSTEM_HEALTH, "only lane B"),
        (Intent.INVENTORY, "hybrids"),
        (Intent.INVENTORY, "which trucks came in last month"),
        (Intent.INVENTORY, "and who bought the red one"),
        (Intent.SERVICE, "and RO-58003"),
        (Intent.CRM, "and maria lopez"),
        (Intent.OUT_OF_SCOPE, "last month"),
        (Intent.FINANCE, "and"),
        (Intent.FINANCE, ""),
    ],
)
def test_a_message_of_its_own_takes_nothing_over(intent: Intent, text: str) -> None:
    assert entities_after(last(intent), text) is None


def test_after_five_minutes_nothing_is_taken_over() -> None:
    before = last(Intent.FINANCE, {"lane": "A"})
    assert refined(before, "last month", today=TODAY, now=NOON + FRESH)
    assert refined(before, "last month", today=TODAY, now=NOON + FRESH + timedelta(seconds=1)) is None
    assert refined(None, "last month", today=TODAY, now=NOON) is None


def test_a_conversation_is_refined_step_by_step(talk: Talk) -> None:
    talk.say("show me used hondas under $25,000")
    talk.wait(4)
    talk.say("thanks")
    decision = talk.say("and the red ones?")
    assert decision.resolved and decision.resolved.intent is Intent.INVENTORY
    assert decision.resolved.entities["vehicle"] == {"make": "Honda", "condition": "used", "colour": "red"}
    talk.wait(4)
    again = talk.say("what about under $20k").resolved
    assert again and again.entities["vehicle"]["colour"] == "red", "each refinement starts the time anew"
    talk.wait(6)
    late = talk.say("last month")
    assert not (late.resolved and "vehicle" in late.resolved.entities)


def test_an_open_question_comes_before_a_refinement(talk: Talk) -> None:
    talk.say("show me the financials for Lane A")
    assert talk.say("show me the numbers for").question
    resolved = talk.say("lane b").resolved
    assert resolved and resolved.entities == {"lane": "B"}


def is_whole(text: str) -> bool:
    """A verb, a question or a noun of a subject makes at least four words."""
    return len(text.split()) >= 4


WHOLE = [s for s in (*clear_seeds(), *development()) if len(s.intents) == 1 and is_whole(s.text)]


@given(sentence=st.sampled_from(WHOLE), before=st.sampled_from(INTENTS), minutes=st.integers(0, 10))
def test_a_whole_question_is_settled_as_if_nothing_came_before(
    sentence: Any, before: Intent, minutes: int
) -> None:
    stored = last(before, {"lane": "A", "period": OCTOBER}).model_dump(mode="json")
    routing = Routing(intent=sentence.intents[0], entities={"lane": "C"}, confidence=0.9)
    said, now = Said(sentence.text, TODAY), NOON + timedelta(minutes=minutes)
    limits = Limits(max_questions=2, question_minutes=30)
    alone = decide({"conversation": {}}, said, routing, now=now, limits=limits)
    after = decide({"conversation": {}, "last_resolved": stored}, said, routing, now=now, limits=limits)
    assert alone.resolved == after.resolved == routing


def test_no_whole_question_of_the_router_is_a_refinement() -> None:
    taken = [
        (str(intent), sentence.text)
        for intent in NARROWS
        for sentence in WHOLE
        if entities_after(last(intent), sentence.text) is not None
    ]
    assert taken == []
