"""The figures of SYSTEM_HEALTH_DASHBOARD reckoned from the ledger's rows, without SQL: what they must be."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from functions.plate_composer.health import SHOWN_PROBLEMS
from functions.plate_composer.health_chain import CHAIN
from tests.functions.plate_composer.ledger_rows import (
    Figures,
    Ledger,
    Row,
    detail,
    moment,
    nearest_rank,
    share,
)
from tests.functions.plate_composer.reckoning_texts import texts

BAD = ("failed", "rejected", "dead_lettered")


def ending(rows: Sequence[Row]) -> str:
    outcomes = {row["outcome"] for row in rows}
    if "ok" in outcomes:
        return "retried" if "failed" in outcomes else "ok"
    if "dead_lettered" in outcomes:
        return "dead_lettered"
    return "rejected" if "rejected" in outcomes else "failed"


def _counts(units: Iterable[Sequence[Row]]) -> dict[str, int]:
    ends = [ending(rows) for rows in units]
    return {
        "unit_count": len(ends),
        "ok_count": ends.count("ok") + ends.count("retried"),
        "retried_count": ends.count("retried"),
        "rejected_count": ends.count("rejected"),
        "failed_count": ends.count("failed"),
        "dead_lettered_count": ends.count("dead_lettered"),
    }


def summary(ledger: Ledger) -> Figures:
    counts = _counts(ledger.units().values())
    plates = [row["latency_ms"] for row in ledger.of_type("plate.mounted") if "latency_ms" in row]
    errors = counts["failed_count"] + counts["dead_lettered_count"]
    figures = {
        **counts,
        "error_rate": share(errors, counts["unit_count"]),
        "plate_count": len(plates),
        "plate_p50_ms": nearest_rank(plates, 50),
        "plate_p95_ms": nearest_rank(plates, 95),
    }
    return {f"{ledger.start.isoformat()}/{ledger.end.isoformat()}": figures}


def hops(ledger: Ledger) -> Figures:
    units = sorted(ledger.units().items(), key=lambda unit: unit[0])
    found = {}
    for capability, group in groupby(units, key=lambda unit: unit[0][0]):
        own = [rows for _, rows in group]
        counts = _counts(own)
        errors = counts.pop("failed_count") + counts.pop("dead_lettered_count")
        newest = max(moment(row) for rows in own for row in rows)
        rate = share(errors, counts["unit_count"])
        found[capability] = {**counts, "error_count": errors, "error_rate": rate, "newest_at": newest}
    return found


def latency(ledger: Ledger) -> Figures:
    samples: dict[str, list[float]] = {}
    for name, ms in _samples(ledger):
        samples.setdefault(name, []).append(ms)
    return {
        name: {
            "sample_count": len(values),
            "p50_ms": nearest_rank(values, 50),
            "p95_ms": nearest_rank(values, 95),
            "max_ms": max(values),
        }
        for name, values in samples.items()
    }


def _samples(ledger: Ledger) -> Iterator[tuple[str, float]]:
    for row in ledger.in_window:
        if row["type"] == "plate.mounted" and "latency_ms" in row:
            yield f"intent/{row['intent']}", row["latency_ms"]
            yield from ((f"hop/{hop['hop']}", hop["ms"]) for hop in json.loads(row["hops"]))
        elif row.get("outcome") and row.get("latency_ms") is not None:
            yield f"capability/{row['capability']}", row["latency_ms"]


def chain(ledger: Ledger) -> Figures:
    times, failures = latency(ledger), hops(ledger)
    names = ("unit_count", "error_count", "error_rate", "newest_at")
    nothing = {"sample_count": 0, "unit_count": 0, "error_count": 0}
    return {
        name: {
            **nothing,
            **times.get(f"{kind}/{name}", {}),
            **{one: failures.get(capability, nothing).get(one) for one in names},
        }
        for _, kind, name, capability in CHAIN
    }


def plates(ledger: Ledger) -> Figures:
    rows = ledger.of_type("plate.mounted", "plate.refused")
    mounted = [row for row in rows if row["type"] == "plate.mounted"]
    found = {}
    for intent in {row["intent"] for row in rows}:
        own = [row for row in mounted if row["intent"] == intent]
        about = [row for row in rows if row["intent"] == intent]
        took = [row["latency_ms"] for row in own if "latency_ms" in row]
        found[intent] = {
            "plate_count": len(own),
            "refused_count": len(about) - len(own),
            "plate_share": share(len(own), len(mounted)),
            "p50_ms": nearest_rank(took, 50),
            "p95_ms": nearest_rank(took, 95),
            "newest_at": max(map(moment, about)),
        }
    return found


def leads(ledger: Ledger) -> Figures:
    came = {
        detail(row)["lead_id"]: row
        for row in reversed(ledger.of_type("person.resolved"))
        if detail(row).get("lead_id")
    }
    moved = [row for row in ledger.rows if row["type"] == "deal.moved"]
    newest = [moment(row) for row in came.values()]
    hours: dict[str, list[float]] = {"deal": [], "won": []}
    for lead in came.values():
        own = [row for row in moved if f"persons/{detail(row)['person']}" == lead["subject"]]
        later = [row for row in own if moment(row) >= moment(lead)]
        newest += [moment(row) for row in later]
        for name, fits in (("deal", later), ("won", [row for row in later if detail(row)["stage"] == "won"])):
            if fits:
                # BigQuery's TIMESTAMP_DIFF counts whole seconds.
                hours[name].append(int((moment(fits[0]) - moment(lead)).total_seconds()) / 3600)
    figures: dict[str, Any] = {"lead_count": len(came), "newest_at": max(newest, default=None)}
    for name, values in hours.items():
        figures[f"{name}_count"] = len(values)
        figures[f"{name}_rate"] = share(len(values), len(came))
        figures[f"{name}_p50_hours"] = nearest_rank(values, 50)
        figures[f"{name}_p95_hours"] = nearest_rank(values, 95)
    return {"leads": figures}


def waits(ledger: Ledger) -> Figures:
    """Customers until their answer; matters until the first who took or settled them, each round anew."""
    took: dict[str, list[Row]] = {}
    for row in ledger.of_type("thread.answered"):
        took.setdefault(f"customer/{detail(row)['department']}", []).append(row)
    first: dict[tuple[str, int], Row] = {}
    for row in ledger.of_type("attention.acknowledged", "attention.resolved"):
        first.setdefault((row["subject"], detail(row).get("round", 1)), row)
    for row in first.values():
        took.setdefault(f"matter/{detail(row)['kind']}", []).append(row)
    found: Figures = {}
    for name, all_rows in took.items():
        rows = [row for row in all_rows if detail(row)["waited_seconds"] is not None]
        if rows:
            seconds = [float(detail(row)["waited_seconds"]) for row in rows]
            found[name] = {
                "wait_count": len(seconds),
                "p50_seconds": nearest_rank(seconds, 50),
                "p95_seconds": nearest_rank(seconds, 95),
                "max_seconds": max(seconds),
                "newest_at": max(map(moment, rows)),
            }
    return found


def hourly(ledger: Ledger) -> Figures:
    by_hour: dict[str, list[Sequence[Row]]] = {}
    for rows in ledger.units().values():
        ended = max(map(moment, rows)).replace(minute=0, second=0, microsecond=0)
        by_hour.setdefault(ended.isoformat(), []).append(rows)
    found: Figures = {}
    for hour, units in by_hour.items():
        counts = _counts(units)
        errors = counts["failed_count"] + counts["dead_lettered_count"]
        found[hour] = {
            **{name: counts[name] for name in ("unit_count", "ok_count", "rejected_count")},
            "error_count": errors,
            "error_rate": share(errors, counts["unit_count"]),
            "hour_start": datetime.fromisoformat(hour),
        }
    return found


def problems(ledger: Ledger) -> Figures:
    """The newest ones; of one moment, by id."""
    rows = sorted((row for row in ledger.in_window if row.get("outcome") in BAD), key=_by_id)
    newest_first = sorted(rows, key=moment, reverse=True)
    return {row["event_id"]: {"occurred_at": moment(row)} for row in newest_first[:SHOWN_PROBLEMS]}


def _by_id(row: Row) -> str:
    return str(row["event_id"])


RECKONED: Mapping[str, Callable[[Ledger], Figures]] = {
    "chain": chain,
    "hops": hops,
    "plates": plates,
    "leads": leads,
    "texts": texts,
    "waits": waits,
    "hourly": hourly,
    "latency": latency,
    "problems": problems,
}
NOT_FROM_THE_LEDGER = frozenset({"steps"})
"""Times of the trace store, which keeps samples for a while: no figure anybody answers for."""


def differences(frame: Mapping[str, Any], ledger: Ledger) -> list[str]:
    """One line for each figure shown that the ledger says otherwise, or that nobody reckons."""
    shown = [("", frame["dataset"], frame["columns"], summary(ledger))]
    for name, rows in frame["details"].items():
        if name not in NOT_FROM_THE_LEDGER:
            reckon = RECKONED.get(name)
            shown.append((name, rows, frame["detail_columns"][name], reckon(ledger) if reckon else {}))
    return [line for name, rows, columns, figures in shown for line in _unlike(name, rows, columns, figures)]


def _unlike(name: str, rows: Sequence[Row], columns: Sequence[Row], figures: Figures) -> Iterator[str]:
    ids = [row["id"] for row in rows]
    if sorted(ids) != sorted(figures):
        yield f"[{name}] shows {sorted(ids)}, the ledger has {sorted(figures)}"
        return
    for row in rows:
        reckoned = figures[row["id"]]
        for column in (one["name"] for one in columns):
            value = row[column]
            is_figure = isinstance(value, int | float) and not isinstance(value, bool)
            if column in reckoned:
                if not _same(value, reckoned[column]):
                    yield f"[{name}] {row['id']} {column}: shown {value}, the ledger says {reckoned[column]}"
            elif is_figure:
                yield f"[{name}] {row['id']} {column}: shown {value}, which nobody reckons"


def _same(shown: Any, reckoned: Any) -> bool:
    if isinstance(reckoned, datetime):
        return isinstance(shown, str) and datetime.fromisoformat(shown) == reckoned
    if isinstance(reckoned, float) and isinstance(shown, int | float):
        return math.isclose(shown, reckoned, rel_tol=1e-9, abs_tol=1e-9)
    return bool(shown == reckoned)
