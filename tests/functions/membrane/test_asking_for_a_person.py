from __future__ import annotations

import pytest

from functions.membrane.conversation import State
from functions.membrane.human import asks_for_a_person
from tests.functions.membrane.conftest import Talk


@pytest.mark.parametrize(
    "text",
    [
        "I want to talk to a human",
        "can I speak to a person please",
        "let me talk to someone",
        "I'd like to chat with a real person",
        "i would rather speak with somebody",
        "connect me to an operator",
        "transfer me to a representative",
        "get me a human",
        "I need a human",
        "human please",
        "a person please!",
        "is there a real person here",
        "operator",
    ],
)
def test_whoever_asks_for_a_person_gets_one_at_once(talk: Talk, text: str) -> None:
    decision = talk.say(text)
    assert (decision.state, decision.handoff_reason) == (State.RESOLVED, "asked_for_a_person")
    assert decision.question is None


@pytest.mark.parametrize(
    "text",
    [
        "when did we last talk to anna kowalski",
        "who did someone speak to yesterday",
        "can i speak to a person named smith",
        "people interested in the bronco",
        "are you a real person",
        "find the person who bought the tahoe",
        "i need someone's phone number",
        "which salesperson takes care of rachel green",
        "a customer wants a person to person trade",
    ],
)
def test_speaking_of_people_is_not_asking_for_one(text: str) -> None:
    assert not asks_for_a_person(text)


def test_it_ends_an_open_question_and_the_subject(talk: Talk) -> None:
    talk.say("show me open repair orders")
    talk.say("look up the customer")
    assert talk.say("just let me talk to somebody").handoff_reason == "asked_for_a_person"
    assert (talk.session["conversation"], talk.session["last_resolved"]) == ({}, None)
