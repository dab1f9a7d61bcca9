"""Two people who may be one, for a human to look at: `duplicate_candidates/{pair}`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shared.domain.identity.score import Comparison


def pair_path(one_id: str, other_id: str) -> str:
    """The same document whichever is named first."""
    return "duplicate_candidates/" + "--".join(sorted((one_id, other_id)))


def proposed_pair(
    one_id: str, other_id: str, comparison: Comparison, *, found_by: str, found_at: datetime
) -> dict[str, Any]:
    """`status` is pending until a human says `same` or `distinct`."""
    return {
        "person_ids": sorted((one_id, other_id)),
        "status": "pending",
        "weight": comparison.weight,
        "probability": comparison.probability,
        "explanation": [item.to_data() for item in comparison.evidence],
        "found_by": found_by,
        "found_at": found_at,
    }


def distinct_pair(one_id: str, other_id: str, *, decided_by: str, decided_at: datetime) -> dict[str, Any]:
    """A human said these are two people."""
    return {
        "person_ids": sorted((one_id, other_id)),
        "status": "distinct",
        "decided_by": decided_by,
        "decided_at": decided_at,
    }
