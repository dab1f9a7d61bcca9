"""Deals, leads, appointments: which list a message asks for, whatever the weights make of it."""

from __future__ import annotations

from datetime import date

import pytest

from shared.brain.minilm import SentenceEncoder
from shared.brain.route_message.embedded import route_embedded
from shared.brain.route_message.intents import Intent
from shared.brain.route_message.models import RouteInput
from shared.brain.route_message.subject_words import find_subject

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("open deals", "open"),
        ("show open deals", "open"),
        ("deals in negotiation", "negotiation"),
        ("what deals closed this month", "closed"),
        ("how many deals did we close this week", "closed"),
        ("stalled deals", "stalled"),
        ("which deals had no activity", "stalled"),
        ("which deals have gone cold", "stalled"),
        ("deals in financing", "financing"),
        ("deals at test drive stage", "test_drive"),
        ("deals closing this week", "closing"),
        ("lost deals in september", "lost"),
        ("won deals last month", "won"),
        ("deals of Marcus Reed", None),
        ("marcus's deals", None),
        ("sales pipeline", "open"),
    ],
)
def test_deals_with_their_stage_or_owner_are_customers_business_without_a_question(
    encoder: SentenceEncoder, text: str, stage: str | None
) -> None:
    routing = route_embedded(RouteInput(text=text, today=TODAY), encoder)
    assert (routing.intent, routing.question) == (Intent.CRM, None)
    assert (routing.entities["subject"], routing.entities.get("stage")) == ("deals", stage)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("profit on closed deals this month", Intent.FINANCE),
        ("show me the deals for lane a", Intent.FINANCE),
        ("which hondas do we have in stock", Intent.INVENTORY),
        ("how do i deal with stress", Intent.OUT_OF_SCOPE),
    ],
)
def test_other_business_stays_what_it_is(encoder: SentenceEncoder, text: str, intent: Intent) -> None:
    routing = route_embedded(RouteInput(text=text, today=TODAY), encoder)
    assert routing.intent is intent and "subject" not in routing.entities


@pytest.mark.parametrize("text", ["deals", "deals on hold", "deals this week"])
def test_deals_alone_may_be_bargains_and_are_asked_about(encoder: SentenceEncoder, text: str) -> None:
    assert route_embedded(RouteInput(text=text, today=TODAY), encoder).question


@pytest.mark.parametrize(
    ("intent", "text", "entities"),
    [
        (Intent.CRM, "new leads this week", {"subject": "leads"}),
        (Intent.CRM, "my open deals", {"subject": "deals", "stage": "open", "owner": "me"}),
        (Intent.CRM, "find maria lopez", {}),
        (Intent.CRM, "where does the deal with carlos rivera stand", {}),
        (Intent.SERVICE, "service appointments tomorrow", {"subject": "appointments"}),
        (Intent.SERVICE, "repair orders opened this week", {"date_of": "opened"}),
        (Intent.SERVICE, "what is in the shop today", {"subject": "shop"}),
        (Intent.SERVICE, "ROs promised today", {}),
        (Intent.INVENTORY, "best deals on open box trucks", {}),
    ],
)
def test_a_list_is_told_by_its_words(intent: Intent, text: str, entities: dict[str, str]) -> None:
    assert find_subject(text, intent=intent) == entities
