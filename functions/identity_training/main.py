"""Every night the weights of identity are learned anew from a tenant's own people."""

from __future__ import annotations

from typing import Any

from functions.identity_training.duplicates import LikelyPair, likely_duplicates
from functions.identity_training.estimate import TooLittleToLearnError, estimate
from functions.identity_training.records import people, records
from shared.domain.duplicate_pair import pair_path, proposed_pair
from shared.domain.identity.weights import WEIGHTS_PATH, Weights, shipped_weights, weights_from
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork


def train(work: UnitOfWork) -> dict[str, Any]:
    """One tenant's turn. Safe at any time and twice at once: it only replaces what it learned before."""
    known = people(work.tenant.documents)
    weights, said = _learned(work, records(work.tenant.documents, known))
    listed = _list(work, likely_duplicates(known, weights))
    return {"people": len(known), "weights": weights.version, "learned": said, "listed_pairs": listed}


def _learned(work: UnitOfWork, known: list[Any]) -> tuple[Weights, str]:
    """The tenant's weights and what was learned; too little to learn from leaves them as they are."""
    current = work.get(WEIGHTS_PATH)
    try:
        weights = estimate(known, shipped_weights(), version=f"learned-{work.now:%Y%m%dT%H%M%S}")
    except TooLittleToLearnError as error:
        return weights_from(current.data if current else None), str(error)
    document = {
        "version": weights.version,
        "replaces": current.data["version"] if current else shipped_weights().version,
        "trained_at": work.now,
        "records": len(known),
        "weights": weights.to_data(),
    }
    work.put(WEIGHTS_PATH, document)
    work.put(f"identity_models/{weights.version}", document)
    work.audit(
        "identity.trained",
        subject=WEIGHTS_PATH,
        detail={"version": weights.version, "records": len(known), "prior_bits": weights.prior_bits},
    )
    return weights, f"from [{len(known)}] records"


def _list(work: UnitOfWork, pairs: list[LikelyPair]) -> int:
    """Writes the pairs no human has decided on yet."""
    paths = [pair_path(pair.one.person_id, pair.other.person_id) for pair in pairs]
    listed = 0
    for pair, path, stored in zip(pairs, paths, work.get_many(paths), strict=True):
        if stored is None or stored.data["status"] == "pending":
            proposal = proposed_pair(
                pair.one.person_id,
                pair.other.person_id,
                pair.comparison,
                found_by="identity_training",
                found_at=work.now,
            )
            work.put(path, proposal)
            listed += 1
    return listed


identity_training = entry_point(__file__, train)
