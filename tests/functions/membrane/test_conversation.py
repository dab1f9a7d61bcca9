from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.membrane.conversation import Decision, Limits, Said, State, decide
from shared.brain.route_message.intents import IN_SCOPE, INTENTS, Intent
from shared.brain.route_message.models import Alternative, Routing
from tests.functions.membrane.conftest import NOON, TODAY, Talk


def meant(decision: Decision) -> tuple[str, dict[str, Any]]:
    assert decision.resolved, decision
    return str(decision.resolved.intent), decision.resolved.entities


def test_a_whole_message_is_resolved_without_a_question(talk: Talk) -> None:
    decision = talk.say("Show me the financials for Lane A")
    assert meant(decision) == ("FINANCE", {"lane": "A"})
    assert decision.state is State.RESOLVED


def test_an_incomplete_message_is_asked_about(talk: Talk) -> None:
    decision = talk.say("show me the numbers for")
    assert decision.state is State.PENDING
    assert decision.question and decision.question.slot == "lane"
    assert "Lane A (sales)" in decision.question.options


@pytest.mark.parametrize(
    ("answer", "entities"),
    [
        ("A", {"lane": "A"}),
        ("lane b please", {"lane": "B"}),
        ("b.", {"lane": "B"}),
        ("the c one", {"lane": "C"}),
        ("Lane C (transport)", {"lane": "C"}),
        ("rental", {"lane": "D"}),
        ("All lanes", {}),
        ("everything", {}),
    ],
)
def test_an_answer_in_any_wording_resumes_the_question(
    talk: Talk, answer: str, entities: dict[str, str]
) -> None:
    talk.say("show me the numbers for")
    assert meant(talk.say(answer)) == ("FINANCE", entities)


def test_the_answer_may_say_more_than_was_asked(talk: Talk) -> None:
    talk.say("show me the numbers for")
    _, entities = meant(talk.say("the rental side last month"))
    assert entities["lane"] == "D"
    assert entities["period"]["start"] == "2026-10-01"


@pytest.mark.parametrize(
    ("answer", "entities"),
    [
        ("maria lopez", {"person": "Maria Lopez"}),
        ("312 555 0144", {"phone": "+13125550144"}),
        ("it's anna.k@example.com", {"email": "anna.k@example.com"}),
    ],
)
def test_a_customer_may_be_named_in_several_ways(talk: Talk, answer: str, entities: dict[str, str]) -> None:
    talk.say("look up the customer")
    assert meant(talk.say(answer)) == ("CRM", entities)


@pytest.mark.parametrize(
    ("answer", "intent"),
    [
        ("The workshop", "SERVICE"),
        ("second", "SERVICE"),
        ("the vehicles in stock", "INVENTORY"),
        ("1", "INVENTORY"),
    ],
)
def test_a_choice_between_two_meanings_resumes_the_message(talk: Talk, answer: str, intent: str) -> None:
    asked = talk.say("what about the silverado").question
    assert asked and asked.slot == "intent" and len(asked.options) == 2
    assert meant(talk.say(answer)) == (intent, {"vehicle": {"make": "Chevrolet", "model": "Silverado 1500"}})


def test_another_subject_is_followed(talk: Talk) -> None:
    talk.say("show me the numbers for")
    decision = talk.say("show me open repair orders")
    assert meant(decision)[0] == "SERVICE"
    assert talk.session["conversation"] == {}


def test_a_question_is_dropped_on_request(talk: Talk) -> None:
    talk.say("find")
    assert meant(talk.say("never mind"))[0] == "OUT_OF_SCOPE"


def test_a_human_takes_over_after_the_configured_number_of_questions(talk: Talk) -> None:
    assert talk.say("look up the customer").question
    assert talk.say("hmm").question
    decision = talk.say("hmm")
    assert decision.handoff_reason == "unclear_after_questions"
    assert (decision.state, talk.session["conversation"]) == (State.RESOLVED, {})


def test_whoever_asks_for_a_human_gets_one(talk: Talk) -> None:
    talk.say("look up the customer")
    assert talk.say("let me talk to a human").handoff_reason == "asked_for_a_person"


def test_a_choice_may_need_one_more_question_which_counts(talk: Talk) -> None:
    routing = Routing(
        intent=Intent.SERVICE,
        confidence=0.4,
        missing=("intent",),
        question="Which?",
        alternatives=(Alternative(intent=Intent.CRM, confidence=0.35),),
    )
    limits = Limits(max_questions=2, question_minutes=30)
    first = decide(talk.session, Said("the customer", TODAY), routing, now=NOON, limits=limits)
    talk.session = first.session_fields
    second = talk.say("a customer or lead").question
    assert second and (second.intent, second.slot, second.asked) == (Intent.CRM, "person", 2)


def test_a_question_expires_and_its_answer_is_a_message_of_its_own(talk: Talk) -> None:
    talk.say("show me the numbers for")
    talk.wait(29)
    assert talk.session["question_expires_at"] > talk.now
    talk.wait(1)
    assert talk.session["question_expires_at"] == talk.now
    decision = talk.say("find maria lopez")
    assert decision.expired and decision.expired.slot == "lane"
    assert meant(decision)[0] == "CRM"


def test_yesterday_stays_the_day_of_the_message_when_the_answer_comes_after_midnight(talk: Talk) -> None:
    talk.say("what about the silverado yesterday")
    talk.now += timedelta(minutes=10)
    routing = Routing(intent=Intent.OUT_OF_SCOPE, confidence=0.9)
    said = Said("the workshop", TODAY + timedelta(days=1))
    decision = decide(talk.session, said, routing, now=talk.now, limits=talk.limits)
    assert meant(decision)[1]["period"]["start"] == "2026-11-19"


TEXTS = st.one_of(
    st.sampled_from(
        ["A", "lane b", "maria lopez", "hmm", "never mind", "10233", "the workshop", "all", "first"]
    ),
    st.text(max_size=60),
)
SLOTS = st.sampled_from(["intent", "lane", "person", "vehicle", "ro_number", "period"])


@st.composite
def routings(draw: st.DrawFn) -> Routing:
    intent = draw(st.sampled_from(INTENTS))
    missing = intent in IN_SCOPE and draw(st.booleans())
    other = draw(st.sampled_from([i for i in INTENTS if i is not intent]))
    return Routing(
        intent=intent,
        confidence=draw(st.floats(0, 1)),
        missing=(draw(SLOTS),) if missing else (),
        question="Which?" if missing else None,
        alternatives=(Alternative(intent=other, confidence=0.1),),
    )


@given(
    turns=st.lists(st.tuples(TEXTS, routings(), st.integers(0, 40)), max_size=8),
    limits=st.builds(Limits, max_questions=st.integers(1, 4), question_minutes=st.integers(1, 60)),
)
def test_whatever_is_said_every_message_ends_one_way_and_questions_are_counted(
    turns: list[tuple[str, Routing, int]], limits: Limits
) -> None:
    session: dict[str, Any] = {"state": "ACTIVE", "conversation": {}}
    now, asked_in_a_row = NOON, 0
    for text, routing, minutes in turns:
        now += timedelta(minutes=minutes)
        decision = decide(session, Said(text, TODAY), routing, now=now, limits=limits)
        outcomes = [
            decision.resolved is not None,
            decision.question is not None,
            bool(decision.handoff_reason),
        ]
        assert sum(outcomes) == 1
        assert (decision.state is State.PENDING) == (decision.question is not None)
        if decision.resolved:
            assert not decision.resolved.missing
        if decision.question:
            fresh = decision.question.text == text and decision.question.asked == 1
            asked_in_a_row = 1 if fresh else asked_in_a_row + 1
            assert decision.question.asked == asked_in_a_row <= limits.max_questions
            assert decision.question.expires_at > now
        session = decision.session_fields
        assert (session["question_expires_at"] is None) == (decision.question is None)


def test_a_mistyped_vin_is_asked_about_by_name_and_the_right_one_resumes(talk: Talk) -> None:
    asked = talk.say("pull up vin 1HGCM82633A004353").question
    assert asked and asked.slot == "vin" and "[1HGCM82633A004353]" in asked.question
    again = talk.say("1HGCM82633A004354").question
    assert again and again.asked == 2
    assert meant(talk.say("1HGCM82633A004352")) == ("INVENTORY", {"vin": "1HGCM82633A004352"})


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("rentals", "INVENTORY"),
        ("sales lane by month", "FINANCE"),
        ("what's late in the shop", "SERVICE"),
        ("new customers this month", "CRM"),
        ("BRIAN DAVIS", "CRM"),
        ("my repair orders", "SERVICE"),
        ("what did we get in last week", "INVENTORY"),
        ("deal D-7003", "CRM"),
        ("N20003", "INVENTORY"),
        ("how many cars did we sell last month", "INVENTORY"),
    ],
)
def test_what_can_be_answered_is_not_asked_about(talk: Talk, text: str, intent: str) -> None:
    assert meant(talk.say(text))[0] == intent
