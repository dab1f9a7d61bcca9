"""Whose lead it is: known people in, a decision out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.domain.identity.guards import HOUSEHOLD, NAMESAKES, OTHER_CONTACT
from shared.domain.identity.identity import Identity
from shared.domain.identity.score import Comparison, compare
from shared.domain.identity.weights import Weights
from shared.domain.person import Person

Outcome = Literal["merged", "review", "new"]

AMBIGUOUS_BITS = 2.0
"""Two people who are not one and explain a lead within this margin: a human decides which it is."""

MOST_REVIEWED = 5


@dataclass(frozen=True)
class Candidate:
    """A known person compared with the lead."""

    person: Person
    comparison: Comparison

    @property
    def age(self) -> tuple[datetime, str]:
        return (self.person.created_at, self.person.person_id)


@dataclass(frozen=True)
class Decision:
    """`master` is None for a person nobody knew. `joining` turn out to be the same person as the master;
    `reviewed` may be the same and are put before a human."""

    outcome: Outcome
    master: Candidate | None = None
    joining: tuple[Candidate, ...] = ()
    reviewed: tuple[Candidate, ...] = ()
    nearest: Candidate | None = None
    housemate: Candidate | None = None

    @property
    def confidence(self) -> float:
        """The probability that the answer is right: that it is the master, or nobody who was known."""
        if self.master:
            return self.master.comparison.probability
        return 1 - self.nearest.comparison.probability if self.nearest else 1.0

    @property
    def explained_by(self) -> Comparison | None:
        """Of a new person, who they live with, if that is known: it says more than who is nearly them."""
        shown = self.master or self.housemate or self.nearest
        return shown.comparison if shown else None


def decide(identity: Identity, candidates: Sequence[Candidate], weights: Weights) -> Decision:
    """The three zones of Fellegi and Sunter, once no person has the e-mail address."""
    ranked = sorted(candidates, key=lambda c: (-c.comparison.weight, c.age))
    by_email = [c for c in ranked if c.comparison.agreement.get("email") == "exact"]
    if by_email:
        return _attributed(identity, by_email[0], ranked, weights, may_give_way=False)
    certain = [c for c in ranked if c.comparison.weight >= weights.merge_at]
    if certain and not _is_ambiguous(identity, certain, weights):
        return _attributed(identity, certain[0], ranked, weights, may_give_way=True)
    reviewed = tuple(c for c in ranked if c.comparison.weight >= weights.review_at)[:MOST_REVIEWED]
    return Decision(
        "review" if reviewed else "new",
        reviewed=reviewed,
        nearest=ranked[0] if ranked else None,
        housemate=None if reviewed else next((c for c in ranked if c.comparison.guard is HOUSEHOLD), None),
    )


def _attributed(
    identity: Identity, best: Candidate, ranked: Sequence[Candidate], weights: Weights, *, may_give_way: bool
) -> Decision:
    """The lead goes to `best`; others it proves to be the same join, the oldest is the master."""
    others = [c for c in ranked if c is not best and c.comparison.weight >= weights.merge_at]
    same = [best, *(c for c in others if is_one_person(identity, best.person, c.person, weights))]
    master = min(same, key=lambda c: c.age) if may_give_way else best
    joining = tuple(c for c in same if c is not master)
    outcome: Outcome = "review" if _is_doubted(best.comparison, weights) else "merged"
    left = [c for c in ranked if c not in same and c.comparison.weight >= weights.review_at]
    return Decision(outcome, master=master, joining=joining, reviewed=tuple(left[:MOST_REVIEWED]))


def _is_doubted(comparison: Comparison, weights: Weights) -> bool:
    """Names that differ wholly are doubted even where they leave so few bits that no guard has to step in."""
    is_other = comparison.agreement.get("first_name") == "different"
    return comparison.guard is not None or (is_other and comparison.weight < weights.merge_at)


def is_one_person(bridge: Identity, one: Person, other: Person, weights: Weights) -> bool:
    """Whether two known people are one, given a lead that belongs to `one` and matches `other`."""
    if one.is_known_as_different_from(other):
        return False
    pair = compare(one.identity.with_(bridge), other.identity, weights)
    apart = compare(one.identity, other.identity, weights).guard
    return pair.weight >= weights.merge_at and apart in (None, NAMESAKES, OTHER_CONTACT)


def _is_ambiguous(identity: Identity, certain: Sequence[Candidate], weights: Weights) -> bool:
    best = certain[0]
    return any(
        best.comparison.weight - other.comparison.weight < AMBIGUOUS_BITS
        and not is_one_person(identity, best.person, other.person, weights)
        for other in certain[1:]
    )
