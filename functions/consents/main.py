"""Colleagues confirm what was read from a customer's words, and write down what one says in person."""

from __future__ import annotations

from functions.consents.answers import (
    Change,
    Changes,
    NumberConsent,
    Review,
    Said,
    Whose,
    change_of,
    number_of,
)
from functions.consents.texts import TextShown, text_shown
from shared.domain.consent import (
    Evidence,
    change_path,
    consent_path,
    record_permission,
    record_refusal,
    review,
)
from shared.errors import Forbidden
from shared.ports import Query
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork
from shared.texting.request import decision_path, text_path

SHOWN = 100


def list_reviews(work: UnitOfWork) -> Changes:
    """Honoured already; the words say whether rightly."""
    open_ones = Query("consent_changes", (("review", "==", "open"),), ("changed_at",), SHOWN)
    return Changes(changes=[change_of(document.data) for document in work.query(open_ones)])


def show_change(change_id: str, work: UnitOfWork) -> Change:
    return change_of(work.require(change_path(change_id)).data)


def review_change(change_id: str, decision: Review, work: UnitOfWork) -> Change:
    """Refused: it stays, for all or for the topics named. Not refused: what held before holds again."""
    review(work, change_id, refused=decision.refused, topics=decision.topics)
    return change_of(work.require(change_path(change_id)).data)


def look_up(whose: Whose, work: UnitOfWork) -> NumberConsent:
    return number_of(whose.phone, work.get(consent_path(whose.phone)))


def write_down(said: Said, work: UnitOfWork) -> NumberConsent:
    """What the customer said to a colleague. A stop they texted is taken back by themselves alone."""
    evidence = Evidence("staff", note=said.note)
    if said.state == "denied":
        record_refusal(work, said.phone, evidence, topics=said.topics)
    else:
        _require_liftable(work, said.phone)
        record_permission(work, said.phone, evidence, topics=said.topics)
    return number_of(said.phone, work.get(consent_path(said.phone)))


def _require_liftable(work: UnitOfWork, phone: str) -> None:
    known = work.get(consent_path(phone))
    if (
        known is not None
        and known.data["state"] == "denied"
        and known.data["evidence"][-1]["kind"] != "staff"
    ):
        raise Forbidden("this number refused texts itself; the customer takes that back by texting START")


def show_text(text_id: str, work: UnitOfWork) -> TextShown:
    """Without its words, which may be a code somebody signs with."""
    text = work.require(text_path(text_id)).data
    made = range(1, text["decision"].get("number", 0) + 1)
    decisions = work.get_many([decision_path(text_id, number) for number in made])
    return text_shown(text, [decision.data for decision in decisions if decision])


consents = entry_point(__file__, list_reviews, show_change, review_change, look_up, write_down, show_text)
