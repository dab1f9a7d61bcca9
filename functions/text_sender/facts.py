"""What is known about a text's recipient at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from functions.text_sender.decision import E164, Facts, consent_obstacle
from shared.domain.consent import Consent, consent_of, consent_path
from shared.domain.person import Person, master_of
from shared.domain.record import document_path
from shared.ports import Data, Query
from shared.runtime.work import UnitOfWork
from shared.texting.frequency import remembered
from shared.texting.places import whereabouts
from shared.texting.request import Purpose
from shared.texting.rules import Limit, PurposeRule, purpose_rules

PEOPLE_OF_A_NUMBER = 10
"""A number that more people share than a household has is nobody's in particular."""

OTHER_NUMBERS = 20

KEPT = timedelta(days=8)
"""Longer than any limit looks back."""


def facts_of(work: UnitOfWork, text: Data) -> Facts:
    """One read of the recipient's documents, all of this moment."""
    rule = purpose_rules()[Purpose(text["purpose"])]
    people = _people(work, text)
    staff = work.get(document_path("staff", text["staff_id"])) if text["staff_id"] else None
    counts = _counts(work, text)
    codes = [address.postal_code for person in people for address in person.identity.addresses]
    return Facts(
        rule=rule,
        phone=text["to"],
        requested_at=text["requested_at"],
        where=whereabouts(postal_codes=codes, phone=text["to"], dealership_zone=str(work.tenant.zone)),
        consents=_consents(work, text, people),
        person_consents=_said_elsewhere(people),
        asked_at=_asked_at(work, text["thread_id"]) if rule.hours == "unless_asked" else None,
        sent=counts.get(text["purpose"], ()),
        is_own_number=text["to"] == (work.tenant.sms_number or work.tenant.settings.twilio_number),
        has_left=staff is not None and not staff.data.get("active", True),
    )


def no_longer_wanted(work: UnitOfWork, text: Data) -> str:
    """Why consent is in the way by now, read afresh; "" when it is not."""
    people = _people(work, text)
    rule = purpose_rules()[Purpose(text["purpose"])]
    return consent_obstacle(rule, _consents(work, text, people), _said_elsewhere(people))


def count(work: UnitOfWork, text: Data, rule: PurposeRule, more: Sequence[Limit] = ()) -> None:
    """Takes a place in the limits, in the decision's commit; an earlier one of the text is given back."""
    path, known = _counts_path(text["to"]), _counts(work, text)
    sent = remembered([*known.get(text["purpose"], ()), work.now], [*rule.limits, *more], work.now)
    work.put(path, {"sent": {**known, text["purpose"]: sent}, "expires_at": work.now + KEPT})


def _people(work: UnitOfWork, text: Data) -> list[Person]:
    """The person meant and everybody with the number; of colleagues nobody."""
    if text["staff_id"]:
        return []
    query = Query("persons", (("phones", "array_contains", text["to"]),), limit=PEOPLE_OF_A_NUMBER)
    found = {document.id: Person.from_data(document.data) for document in work.query(query)}
    meant = master_of(work, text["person_id"]) if text["person_id"] else None
    first = {meant.person_id: meant} if meant else {}
    return list({**first, **found}.values())


def _consents(work: UnitOfWork, text: Data, people: Sequence[Person]) -> list[Consent]:
    """The number's own first, then of the other numbers of the person who is meant."""
    phone = text["to"]
    meant = people[:1] if text["person_id"] or len(people) == 1 else []
    others = dict.fromkeys(number for person in meant for number in person.identity.phones)
    numbers = [phone, *[number for number in others if number != phone][:OTHER_NUMBERS]]
    found = work.get_many([consent_path(number) for number in numbers])
    return [
        consent_of(number, document.data if document else None)
        for number, document in zip(numbers, found, strict=True)
    ]


def _said_elsewhere(people: Sequence[Person]) -> list[str]:
    return [person.consent["sms"] for person in people if "sms" in person.consent]


def _asked_at(work: UnitOfWork, thread_id: str) -> datetime | None:
    thread = work.get(f"threads/{thread_id}") if thread_id else None
    moment = thread.data.get("last_inbound_at") if thread else None
    return moment if isinstance(moment, datetime) else None


def _counts(work: UnitOfWork, text: Data) -> dict[str, list[datetime]]:
    """By purpose, without the place this text took when it was let go before and did not leave."""
    known = work.get(_counts_path(text["to"])) if E164.fullmatch(text["to"]) else None
    counts: dict[str, list[datetime]] = dict(known.data["sent"]) if known else {}
    own, purpose = text.get("counted_at"), text["purpose"]
    return {**counts, purpose: [moment for moment in counts.get(purpose, ()) if moment != own]}


def _counts_path(phone: str) -> str:
    return f"text_counts/{phone.removeprefix('+')}"
