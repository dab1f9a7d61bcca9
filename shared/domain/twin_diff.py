"""What a vehicle had when it came and what it has when it goes: what was there, what is new, what is gone.

Nobody is blamed without a comparison: a flag counts as new only when media of the check-in were read and do
not show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.domain.twin_flags import OPEN_STATES

DAMAGE_SYSTEMS = frozenset({"body", "glass", "interior", "tires", "lights"})
"""Where a dent or a crack can come from our own hands; worn pads do not."""


@dataclass(frozen=True)
class Comparison:
    """Flag ids. `compared_with` are the check-in's media; without them `new` does not say who did it."""

    compared_with: tuple[str, ...]
    pre_existing: tuple[str, ...]
    new: tuple[str, ...]
    not_seen_again: tuple[str, ...]


def compare(
    flags: Iterable[Mapping[str, Any]], *, check_in: Sequence[str], check_out: Sequence[str]
) -> Comparison:
    """`check_in` and `check_out` are media ids. Only open defects count."""
    before, after = set(check_in), set(check_out)
    groups: dict[str, list[str]] = {"pre_existing": [], "new": [], "not_seen_again": []}
    for flag in flags:
        if flag["severity"] == "green" or flag["state"] not in OPEN_STATES:
            continue
        if (group := _group(flag, before, after)) is not None:
            groups[group].append(flag["flag_id"])
    found = {name: tuple(sorted(ids)) for name, ids in groups.items()}
    return Comparison(compared_with=tuple(check_in), **found)


def _group(flag: Mapping[str, Any], before: set[str], after: set[str]) -> str | None:
    seen = {sighting["media_id"] for sighting in flag["sightings"]}
    if seen & after:
        return "pre_existing" if flag["pre_existing"] or seen & before else "new"
    return "not_seen_again" if seen & before else None
