"""Takes a lead in: whose it is, what is stored, who is told."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from functions.crm_intake.lead import Lead
from functions.crm_intake.lead_identity import identity_of, lead_id
from shared.domain.identity.engine import IdentityEngine, Resolution
from shared.domain.identity.person_links import Link
from shared.domain.identity.record import SourceRecord, record
from shared.domain.identity.score import Comparison, compare
from shared.domain.identity.weights import WEIGHTS_PATH, Weights, weights_from
from shared.domain.person import Person, master_of
from shared.domain.vin import parse_vin
from shared.errors import FieldError, InvalidInput
from shared.events.crm import LeadReceived, PersonLinked, PersonResolved
from shared.ports import Document
from shared.runtime.work import UnitOfWork


class FieldEvidence(BaseModel):
    """What one field said; `weight` in bits, above 0 for the same person. Never shows a stored value."""

    field: str
    level: str
    weight: float
    text: str


class PossiblePerson(BaseModel):
    person_id: str
    probability: float


class IntakeAnswer(BaseModel):
    """Whose lead it is.

    `confidence_score`: the probability that `master_person_id` is right, for a new person that it is none of
    those known. `person_id`: the lead's own person, what an unmerge takes. `duplicate`: this very lead was
    here before and nothing was changed.
    """

    model_config = ConfigDict(frozen=True)

    master_person_id: str
    person_id: str
    lead_id: str
    outcome: Literal["merged", "review", "new"]
    confidence_score: float
    explanation: list[FieldEvidence]
    possible_persons: list[PossiblePerson] = []
    merged_person_ids: list[str] = []
    duplicate: bool = False
    warnings: list[str] = []


def take_in(work: UnitOfWork, lead: Lead) -> IntakeAnswer:
    """Raises `InvalidInput` for a birth date to come."""
    _check_birth_date(lead, work)
    key = lead_id(lead, work.now.date())
    stored, learned = work.get_many([f"leads/{key}", WEIGHTS_PATH])
    weights = weights_from(learned.data if learned else None)
    if stored is not None:
        return _seen_before(work, lead, stored, weights)
    source = SourceRecord(
        person_id=work.new_id(),
        lead_id=key,
        source=lead.source,
        name=lead.display_name,
        identity=identity_of(lead),
        consent={str(channel): str(state) for channel, state in lead.consent.items()},
    )
    resolution = IdentityEngine(work, weights).resolve_identity(source.identity)
    person, links = record(work, source, resolution)
    answer = _answer(source, resolution, person, links, _warnings(lead))
    work.create(f"leads/{key}", _lead_document(lead, source, answer, work))
    _tell(work, lead, source, answer, links)
    return answer


def _seen_before(work: UnitOfWork, lead: Lead, stored: Document, weights: Weights) -> IntakeAnswer:
    person = master_of(work, stored.data["person_id"])
    if person is None:
        raise InvalidInput(f"the person [{stored.data['person_id']}] of this lead is gone")
    comparison = compare(identity_of(lead), person.identity, weights)
    return IntakeAnswer(
        master_person_id=person.person_id,
        person_id=stored.data["record_person_id"],
        lead_id=stored.id,
        outcome="merged",
        confidence_score=_rounded(comparison.probability),
        explanation=_evidence(comparison),
        duplicate=True,
        warnings=_warnings(lead),
    )


def _answer(
    source: SourceRecord, resolution: Resolution, person: Person, links: list[Link], warnings: list[str]
) -> IntakeAnswer:
    decision = resolution.decision
    return IntakeAnswer(
        master_person_id=person.person_id,
        person_id=source.person_id,
        lead_id=source.lead_id,
        outcome=decision.outcome,
        confidence_score=_rounded(decision.confidence),
        explanation=_evidence(decision.explained_by) if decision.explained_by else [],
        possible_persons=[
            PossiblePerson(person_id=c.person.person_id, probability=_rounded(c.comparison.probability))
            for c in decision.reviewed
        ],
        merged_person_ids=[link.person_id for link in links[:-1]],
        warnings=warnings,
    )


def _lead_document(
    lead: Lead, source: SourceRecord, answer: IntakeAnswer, work: UnitOfWork
) -> dict[str, Any]:
    """`person_id` is whom the lead was given to, `record_person_id` its own person should it be taken out."""
    return {
        **lead.model_dump(mode="json", exclude={"email", "phone", "emails", "phones", "name"}),
        "lead_id": answer.lead_id,
        "name": source.name,
        "emails": list(source.identity.emails),
        "phones": list(source.identity.phones),
        "status": "open",
        "person_id": answer.master_person_id,
        "record_person_id": answer.person_id,
        "identity": source.identity.to_data(),
        "outcome": answer.outcome,
        "confidence_score": answer.confidence_score,
        "explanation": [item.model_dump() for item in answer.explanation],
        "received_at": work.now,
    }


def _tell(
    work: UnitOfWork, lead: Lead, source: SourceRecord, answer: IntakeAnswer, links: list[Link]
) -> None:
    work.emit(
        LeadReceived(
            lead_id=answer.lead_id,
            source=lead.source,
            master_person_id=answer.master_person_id,
            received_at=work.now,
            vin=next(iter(source.identity.vins), None),
        )
    )
    work.emit(PersonResolved(**answer.model_dump(include=set(PersonResolved.model_fields))))
    for link in links[:-1]:
        work.emit(_row(work, answer, link.link_id, person_id=link.person_id, confidence=link.probability))
    own = links[-1].link_id if links else work.new_id()
    work.emit(_row(work, answer, own, person_id=answer.person_id, source=lead.source))
    work.audit(
        "person.resolved",
        subject=f"persons/{answer.master_person_id}",
        detail={"lead_id": answer.lead_id, "outcome": answer.outcome, "confidence": answer.confidence_score},
    )


def _row(
    work: UnitOfWork,
    answer: IntakeAnswer,
    link_id: str,
    *,
    person_id: str,
    confidence: float | None = None,
    source: str = "crm_intake",
) -> PersonLinked:
    """The record's own row, or with its `confidence` the row of a person that joined through it."""
    joined = confidence is not None
    return PersonLinked(
        link_id=link_id,
        linked_at=work.now,
        person_id=person_id,
        master_person_id=answer.master_person_id,
        source=source,
        lead_id=answer.lead_id,
        outcome="merged" if joined else answer.outcome,
        confidence_score=confidence if joined else answer.confidence_score,
        explanation=None if joined else [item.model_dump(exclude={"text"}) for item in answer.explanation],
    )


def _check_birth_date(lead: Lead, work: UnitOfWork) -> None:
    if lead.birth_date and lead.birth_date > work.now.date():
        error = FieldError("birth_date", f"[{lead.birth_date}] is yet to come")
        raise InvalidInput(f"{error.field}: {error.message}", errors=(error,))


def _warnings(lead: Lead) -> list[str]:
    vin = lead.vehicle.vin if lead.vehicle else None
    return [f"vehicle.vin: {said}" for said in parse_vin(vin).warnings] if vin else []


def _evidence(comparison: Comparison) -> list[FieldEvidence]:
    return [FieldEvidence.model_validate(item.to_data()) for item in comparison.evidence]


def _rounded(probability: float) -> float:
    return round(probability, 4)
