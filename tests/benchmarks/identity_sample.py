"""Identity on the sample dealership, whose generator knows who is who: families, shared phones, slips.

Every lead goes one by one through the engine that serves leads. What matters most is how many people end up
holding another person's records, then how many duplicates are found, then how much is left to a human.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from functions.crm_intake.lead import Lead
from functions.crm_intake.lead_identity import identity_of
from functions.identity_training.estimate import TooLittleToLearnError, estimate
from shared.domain.identity.engine import IdentityEngine
from shared.domain.identity.match import Decision
from shared.domain.identity.record import SourceRecord, record
from shared.domain.identity.weights import Weights, shipped_weights
from shared.domain.person import master_of
from shared.local.sample_dealership.dealership import sample_dealership
from shared.local.sample_dealership.leads import SampleLead
from shared.testing.memory_store import MemoryStore

AS_OF = datetime(2026, 11, 20, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """`mixed`: the leads of each person who holds those of several, though no e-mail address joins them.

    `merged`, `reviewed` and `missed` are second leads of one person; `first_reviewed` are first leads left to
    a human all the same, `first` all first leads.
    """

    mixed: tuple[tuple[SampleLead, ...], ...]
    merged: int
    reviewed: int
    missed: int
    first_reviewed: int
    first: int


@dataclass(frozen=True)
class Taken:
    lead: SampleLead
    record_id: str
    decision: Decision


def sample_outcome(tenant_id: str, *, seed: int, learned: bool = False) -> Outcome:
    """`learned`: with the weights a night's training makes of these leads, where it makes any."""
    leads = sample_dealership(tenant_id, seed=seed, as_of=AS_OF).leads
    store = MemoryStore()
    taken = take_in(store, leads, _learned(leads) if learned else shipped_weights())
    masters = {one.record_id: _master(store, one.record_id) for one in taken}
    first, again = [t for t in taken if not t.lead.twist], [t for t in taken if t.lead.twist]
    found = Counter(_found(store, masters, first, one) for one in again)
    return Outcome(
        mixed=tuple(_mixed(taken, masters)),
        merged=found["merged"],
        reviewed=found["reviewed"],
        missed=found["missed"],
        first_reviewed=sum(one.decision.outcome == "review" for one in first),
        first=len(first),
    )


def take_in(store: MemoryStore, leads: Sequence[SampleLead], weights: Weights) -> list[Taken]:
    engine, taken = IdentityEngine(store, weights), list[Taken]()
    for number, lead in enumerate(leads):
        identity, key = identity_of(Lead.model_validate(lead.body)), f"r{number:05d}"
        resolution = engine.resolve_identity(identity)
        record(store, SourceRecord(key, key, "SAMPLE", "", identity), resolution)
        taken.append(Taken(lead, key, resolution.decision))
    return taken


def _learned(leads: Sequence[SampleLead]) -> Weights:
    try:
        records = [identity_of(Lead.model_validate(lead.body)) for lead in leads]
        return estimate(records, shipped_weights(), version="sample")
    except TooLittleToLearnError:
        return shipped_weights()


def _master(store: MemoryStore, record_id: str) -> str:
    person = master_of(store, record_id)
    assert person is not None
    return person.person_id


def _found(store: MemoryStore, masters: dict[str, str], first: Iterable[Taken], again: Taken) -> str:
    """What became of a second lead of a person."""
    own = {masters[one.record_id] for one in first if one.lead.truth_id == again.lead.truth_id}
    if masters[again.record_id] in own:
        return "merged"
    asked = {_master(store, candidate.person.person_id) for candidate in again.decision.reviewed}
    return "reviewed" if asked & own else "missed"


def _mixed(taken: Iterable[Taken], masters: dict[str, str]) -> Iterable[tuple[SampleLead, ...]]:
    """Leads of several people that ended as one without an e-mail address in common."""
    held: dict[str, list[SampleLead]] = {}
    for one in taken:
        held.setdefault(masters[one.record_id], []).append(one.lead)
    for leads in held.values():
        if len({lead.truth_id for lead in leads}) > 1 and _parts_without_email(leads) > 1:
            yield tuple(leads)


def _parts_without_email(leads: Sequence[SampleLead]) -> int:
    """Into how many groups the leads fall that have neither a person nor an e-mail address in common."""
    groups: list[set[str]] = []
    for lead in leads:
        marks = {lead.truth_id, lead.body.get("email") or lead.truth_id}
        touching = [group for group in groups if group & marks]
        groups = [group for group in groups if group not in touching] + [marks.union(*touching)]
    return len(groups)


if __name__ == "__main__":
    for tenant, seed in (("autohaus", 7), ("autohaus", 8), ("autohaus", 9), ("northside", 7)):
        for learned in (False, True):
            o = sample_outcome(tenant, seed=seed, learned=learned)
            print(
                f"{tenant} seed {seed} {'learned' if learned else 'shipped'}: mixed {len(o.mixed)}; "
                f"duplicates merged {o.merged}, reviewed {o.reviewed}, missed {o.missed}; "
                f"first leads to review {o.first_reviewed} of {o.first}"
            )
            for leads in o.mixed:
                print("   ", " | ".join(f"{x.body['first_name']} {x.body['last_name']}" for x in leads))
