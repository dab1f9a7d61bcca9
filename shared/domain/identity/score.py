"""How likely two identities are one person, and why, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2

from shared.domain.identity.guards import Guard, guard_for
from shared.domain.identity.identity import Identity
from shared.domain.identity.levels import Agreement, agreement
from shared.domain.identity.weights import Weights
from shared.domain.identity.words import words_for


@dataclass(frozen=True)
class Evidence:
    """What one field says; `weight` in bits. Names no value, so it can be shown to whoever sent the lead."""

    field: str
    level: str
    weight: float
    text: str

    def to_data(self) -> dict[str, str | float]:
        return {"field": self.field, "level": self.level, "weight": round(self.weight, 2), "text": self.text}


@dataclass(frozen=True)
class Comparison:
    """`weight`: log2 odds that both are one person; the evidence sums up to it."""

    weight: float
    agreement: Agreement
    evidence: tuple[Evidence, ...]
    guard: Guard | None = None

    @property
    def probability(self) -> float:
        """0 to 1."""
        return probability(self.weight)


def probability(bits: float) -> float:
    """The probability of log2 odds."""
    return 1 / (1 + 2 ** -max(-60.0, min(60.0, bits)))


def compare(
    one: Identity, other: Identity, weights: Weights, *, holders: Mapping[str, int] | None = None
) -> Comparison:
    """`holders`: field → how many people have the phone, e-mail or VIN both share; more make it say less."""
    levels = agreement(one, other)
    evidence = [Evidence("prior", "", weights.prior_bits, words_for("prior", ""))]
    for field, level in levels.items():
        bits = weights.bits(field, level)
        if level == "exact":
            bits += _rarity(field, one, other, weights) - log2(max(1, (holders or {}).get(field, 1)))
        evidence.append(Evidence(field, level, bits, words_for(field, level)))
    total = sum(item.weight for item in evidence)
    speaking_for = weights.prior_bits + sum(max(0.0, item.weight) for item in evidence)
    guard = guard_for(
        levels,
        speaking_for,
        has_households=weights.has_households,
        phone_is_shared=levels.get("phone") == "exact" and (holders or {}).get("phone", 1) > 1,
    )
    if guard and total > guard.ceiling:
        evidence.append(Evidence(guard.name, "guard", guard.ceiling - total, guard.text))
        return Comparison(guard.ceiling, levels, tuple(evidence), guard)
    return Comparison(total, levels, tuple(evidence), None)


def _rarity(field: str, one: Identity, other: Identity, weights: Weights) -> float:
    shared = values_of(one, field) & values_of(other, field)
    return max((weights.rarity_bits(field, value) for value in shared), default=0.0)


def values_of(identity: Identity, field: str) -> set[str]:
    """The values whose frequency matters; none for fields where nearly every value is rare."""
    match field:
        case "first_name":
            return {name.first for name in identity.names if name.first}
        case "last_name":
            return {name.last for name in identity.names if name.last}
        case "city":
            return {address.city for address in identity.addresses if address.city}
        case "postal_code":
            return {address.postal_code for address in identity.addresses if address.postal_code}
        case _:
            return set()
