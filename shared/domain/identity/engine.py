"""Who a lead is from: two batched reads and a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.domain.identity.block_keys import BlockKey, block_keys
from shared.domain.identity.identity import Identity
from shared.domain.identity.match import Candidate, Decision, decide
from shared.domain.identity.score import Comparison, compare
from shared.domain.identity.weights import Weights
from shared.domain.person import Person, Reads, master_of

MOST_CANDIDATES = 60
"""Person documents read for one lead, in one batch."""

_COUNTED = ("email", "phone", "vin")


@dataclass(frozen=True)
class Resolution:
    """A decision, and the lists of every block key that led to it."""

    decision: Decision
    keys: Mapping[BlockKey, Sequence[str]]


@dataclass(frozen=True)
class IdentityEngine:
    """Online Fellegi-Sunter over block keys in documents.

    Reads at most ten key documents in one batch and at most sixty people in another; people who were
    merged away cost one more small read each. `reads` is the unit of work, so what was read is what the
    commit requires to be unchanged.
    """

    reads: Reads
    weights: Weights

    def resolve_identity(self, identity: Identity) -> Resolution:
        """Whose record this is."""
        keys = self._key_lists(identity)
        people = self._people(_most_telling(keys.values()))
        candidates = [Candidate(person, self._compared(identity, person, keys)) for person in people]
        return Resolution(decide(identity, candidates, self.weights), keys)

    def _key_lists(self, identity: Identity) -> dict[BlockKey, list[str]]:
        keys = block_keys(identity)
        found = self.reads.get_many([key.path for key in keys])
        return {key: list(d.data["ids"]) if d else [] for key, d in zip(keys, found, strict=True)}

    def _compared(
        self, identity: Identity, person: Person, keys: Mapping[BlockKey, Sequence[str]]
    ) -> Comparison:
        holders = {
            key.kind: len(ids)
            for key, ids in keys.items()
            if key.kind in _COUNTED and person.person_id in ids
        }
        return compare(identity, person.identity, self.weights, holders=holders)

    def _people(self, ids: Sequence[str]) -> list[Person]:
        documents = self.reads.get_many([f"persons/{person_id}" for person_id in ids])
        people = [Person.from_data(d.data) for d in documents if d]
        known = {person.person_id for person in people if not person.merged_into}
        masters = [master_of(self.reads, person_id) for person_id in ids if person_id not in known]
        active = [*(p for p in people if not p.merged_into), *(p for p in masters if p)]
        return list({person.person_id: person for person in active}.values())


def _most_telling(lists: Iterable[Sequence[str]]) -> list[str]:
    """Ids by how much their keys tell: a key few people have says more than a common one."""
    telling: dict[str, float] = {}
    for ids in lists:
        for person_id in ids:
            telling[person_id] = telling.get(person_id, 0.0) + 1 / len(ids)
    return sorted(telling, key=lambda person_id: -telling[person_id])[:MOST_CANDIDATES]
