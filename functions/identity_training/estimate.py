"""Estimates m, u and the prior from a tenant's own records, without knowing who is who.

Expectation maximisation over patterns of agreement (Dempster, Laird and Rubin 1977; for linkage Winkler
1988). Within blocks m, the blocks' own u and the share of matches are estimated together; the u that scores
use comes from pairs picked at random. The shipped weights are the prior belief: they weigh as much as
`BELIEF` pairs, learned weights stay about `MOST_BITS` near them, and a field that would not is not learned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log2
from typing import TYPE_CHECKING, Any

from functions.identity_training.pairs import Pattern, blocked_pairs, patterns, random_pairs
from shared.domain.identity.identity import Identity
from shared.domain.identity.levels import LEVELS
from shared.domain.identity.score import values_of
from shared.domain.identity.weights import Chances, Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST_RECORDS = 200
FEWEST_MATCHES = 30
BELIEF = 20.0
MOST_BITS = 4.0
TOO_MANY_BITS = 7.0
PRIOR_RANGE = (-24.0, -6.0)
STEPS = 200
STILL = 1e-6
FREQUENT_VALUES = 300
FEWEST_HOLDERS = 5
FEWEST_NEIGHBOURS, MOSTLY = 200, 0.8
MOST_REACHED = 0.01


class TooLittleToLearnError(Exception):
    """The tenant has too few records, or too few of them are of one person; the weights stay."""


def estimate(records: Sequence[Identity], shipped: Weights, *, version: str) -> Weights:
    """A tenant's weights. Raises `TooLittleToLearnError` saying what is missing."""
    if len(records) < FEWEST_RECORDS:
        raise TooLittleToLearnError(f"[{len(records)}] records, at least [{FEWEST_RECORDS}] are needed")
    blocked = patterns(records, blocked_pairs(records))
    apart = patterns(records, random_pairs(len(records), seed=len(records)))
    share, likely = fit(blocked, shipped)
    matches = share * blocked.total()
    if matches < FEWEST_MATCHES:
        raise TooLittleToLearnError(
            f"about [{matches:.0f}] pairs of one person, [{FEWEST_MATCHES:.0f}] are needed"
        )
    u = believed(_level_counts(apart, {}), shipped.u)
    m = bounded(believed(_level_counts(blocked, likely), shipped.m), u, shipped)
    m, u = sane(m, u, shipped)
    prior = log2(matches / (len(records) * (len(records) - 1) / 2))
    return shipped.model_copy(
        update={
            "version": version,
            "prior_bits": min(max(prior, PRIOR_RANGE[0]), PRIOR_RANGE[1]),
            "m": m,
            "u": u,
            "frequencies": frequencies(records),
            "has_households": can_be_reached(records) or has_households(blocked),
        }
    )


def fit(counted: Counter[Pattern], shipped: Weights) -> tuple[float, dict[Pattern, float]]:
    """The share of matches among the pairs, and of each pattern the probability that it is a match."""
    import numpy as np

    columns, matrix = _one_hot(list(counted))
    times = np.array(list(counted.values()), dtype=np.float64)
    m, u, share = _start(columns, matrix, times, shipped)
    groups = _groups(columns)
    for _ in range(STEPS):
        match = _posterior(matrix, m, u, share)
        before, share = share, float((match * times).sum() / times.sum())
        m = _chances(matrix, match * times, m, groups)
        u = _chances(matrix, (1 - match) * times, u, groups)
        if abs(before - share) < STILL:
            break
    match = _posterior(matrix, m, u, share)
    return share, dict(zip(counted, match.tolist(), strict=True))


def _one_hot(seen: Sequence[Pattern]) -> tuple[list[tuple[str, str]], Floats]:
    import numpy as np

    columns = [(field, level) for field, levels in LEVELS.items() for level in levels]
    place = {column: index for index, column in enumerate(columns)}
    matrix = np.zeros((len(seen), len(columns)))
    for row, pattern in enumerate(seen):
        for item in pattern:
            matrix[row, place[item]] = 1
    return columns, matrix


def _start(
    columns: Sequence[tuple[str, str]], matrix: Floats, times: Floats, shipped: Weights
) -> tuple[Floats, Floats, float]:
    """m as shipped; u as the blocks look on the whole, since most of their pairs are of two people."""
    import numpy as np

    m = np.array([shipped.m[field][level] for field, level in columns])
    u = _chances(matrix, times, np.array([shipped.u[f][level] for f, level in columns]), _groups(columns))
    return m, u, 0.1


def _posterior(matrix: Floats, m: Floats, u: Floats, share: float) -> Floats:
    import numpy as np

    odds = np.log(share / (1 - share)) + matrix @ (np.log(m) - np.log(u))
    result: Floats = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
    return result


def _chances(matrix: Floats, times: Floats, before: Floats, groups: Sequence[slice]) -> Floats:
    """Maximisation: the share of each level in its field, leaning on the last estimate."""
    counts = times @ matrix + before
    for group in groups:
        counts[group] /= counts[group].sum()
    return counts


def _groups(columns: Sequence[tuple[str, str]]) -> list[slice]:
    fields = [field for field, _ in columns]
    return [slice(fields.index(field), fields.index(field) + len(LEVELS[field])) for field in LEVELS]


def _level_counts(counted: Counter[Pattern], weight: Mapping[Pattern, float]) -> Chances:
    counts: Chances = {field: dict.fromkeys(levels, 0.0) for field, levels in LEVELS.items()}
    for pattern, times in counted.items():
        for field, level in pattern:
            counts[field][level] += times * weight.get(pattern, 1.0)
    return counts


def believed(counts: Chances, belief: Chances) -> Chances:
    """Counts and prior belief together, as chances."""
    result: Chances = {}
    for field, levels in counts.items():
        total = sum(levels.values()) + BELIEF
        result[field] = {
            level: (count + BELIEF * belief[field][level]) / total for level, count in levels.items()
        }
    return result


def bounded(m: Chances, u: Chances, shipped: Weights) -> Chances:
    """m with every weight log2(m/u) within `MOST_BITS` of the shipped one."""
    result: Chances = {}
    for field, levels in m.items():
        allowed = {}
        for level, chance in levels.items():
            bits, middle = log2(chance / u[field][level]), shipped.bits(field, level)
            allowed[level] = u[field][level] * 2 ** min(max(bits, middle - MOST_BITS), middle + MOST_BITS)
        result[field] = {level: chance / sum(allowed.values()) for level, chance in allowed.items()}
    return result


def sane(m: Chances, u: Chances, shipped: Weights) -> tuple[Chances, Chances]:
    """Fields whose weights left the shipped ones by more than `TOO_MANY_BITS` are as shipped: odd data."""
    odd = {
        field
        for field, levels in LEVELS.items()
        for level in levels
        if abs(log2(m[field][level] / u[field][level]) - shipped.bits(field, level)) > TOO_MANY_BITS
    }
    return (
        {field: shipped.m[field] if field in odd else chances for field, chances in m.items()},
        {field: shipped.u[field] if field in odd else chances for field, chances in u.items()},
    )


def can_be_reached(records: Sequence[Identity]) -> bool:
    """Whether these are a dealership's customers: every lead has an e-mail address or a phone number.

    Such records keep the household guard whatever their birth dates say: a form's default date, or one
    entered for a whole family, looks just like wrong first names. Only a list of people without contacts,
    a register, may lose it.
    """
    return sum(bool(record.emails or record.phones) for record in records) > MOST_REACHED * len(records)


def has_households(counted: Counter[Pattern]) -> bool:
    """Whether first names that differ within one last name at one address are different people.

    Birth dates tell: in a household nearly all differ; where nearly all are the same, the first names are
    wrong. Yes unless at least `FEWEST_NEIGHBOURS` such pairs say no.
    """
    dates: Counter[str] = Counter()
    for pattern, times in counted.items():
        levels = dict(pattern)
        if _looks_like_a_household(levels) and "birth_date" in levels:
            dates[levels["birth_date"]] += times
    same = dates["exact"] + dates["close"]
    return dates.total() < FEWEST_NEIGHBOURS or same < MOSTLY * dates.total()


def _looks_like_a_household(levels: Mapping[str, str]) -> bool:
    return (
        levels.get("first_name") in ("alike", "different")
        and levels.get("last_name") in ("exact", "variant")
        and levels.get("street") in ("exact", "close")
    )


def frequencies(records: Sequence[Identity]) -> Chances:
    """The shares of the values that many records have, so that agreeing on Smith says less."""
    result: Chances = {}
    for field in ("first_name", "last_name", "city", "postal_code"):
        counts: Counter[Any] = Counter(value for record in records for value in values_of(record, field))
        common = {
            v: n / counts.total() for v, n in counts.most_common(FREQUENT_VALUES) if n >= FEWEST_HOLDERS
        }
        if common:
            result[field] = common
    return result
