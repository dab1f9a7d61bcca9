"""Takes a merge apart: who has which records once two turned out not to be one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from shared.domain.identity.identity import Identity
from shared.domain.identity.person_links import Link
from shared.domain.identity.score import compare
from shared.domain.identity.weights import Weights
from shared.domain.person import Consent, Person, most_restrictive, with_refusals


@dataclass(frozen=True)
class Unit:
    """What joined a person by one link: a lead's record, or a whole person."""

    link: Link
    identity: Identity
    consent: Consent


@dataclass(frozen=True)
class Split:
    """The master without what left, the restored person with it, and the units that went over."""

    master: Person
    restored: Person
    moved: tuple[Unit, ...]


def split(
    master: Person, restored: Person, stayed: Sequence[Unit], later: Sequence[Unit], weights: Weights
) -> Split:
    """`stayed` joined before the merge and stay. Each of `later`, oldest first, goes to whom it fits better.

    In doubt it stays. What was refused while they were one stays refused for both.
    """
    together = master.consent
    base = _with_units(replace(master, identity=master.founded_with), stayed)
    master, moved = replace(base, consent=_consent(master, stayed)), list[Unit]()
    for unit in later:
        to_restored = compare(unit.identity, restored.identity, weights).weight
        if to_restored > compare(unit.identity, master.identity, weights).weight:
            restored = _with_units(restored, [unit], counted=True)
            moved.append(unit)
        else:
            master = _with_units(master, [unit])
    return Split(
        master=_apart(master, restored, together),
        restored=_apart(restored, master, together),
        moved=tuple(moved),
    )


def rebuilt(master: Person, units: Sequence[Unit]) -> Person:
    """A person from what the first record and every unit say."""
    return _with_units(replace(master, identity=master.founded_with), units)


def _with_units(person: Person, units: Sequence[Unit], *, counted: bool = False) -> Person:
    """`counted`: the units become new links of this person."""
    return replace(
        person,
        identity=reduce(lambda identity, unit: identity.with_(unit.identity), units, person.identity),
        consent=reduce(lambda consent, unit: most_restrictive(consent, unit.consent), units, person.consent),
        sources=tuple(dict.fromkeys((*person.sources, *(unit.link.source for unit in units)))),
        merges=person.merges + (len(units) if counted else 0),
    )


def _consent(master: Person, units: Sequence[Unit]) -> Consent:
    return reduce(
        lambda consent, unit: most_restrictive(consent, unit.consent), units, master.founding_consent
    )


def _apart(person: Person, other: Person, together: Consent) -> Person:
    return replace(
        person,
        consent=with_refusals(person.consent, together),
        distinct_from=tuple(dict.fromkeys((*person.distinct_from, other.person_id))),
    )
