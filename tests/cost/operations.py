"""The operations a dealership's month is made of, each done once on a filled product and counted.

`python -m tests.cost.operations` writes what was counted to shared/deploy/cost/operations.json, from
which the cost per month is worked out.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from functions.system import live_checks
from shared.local.wsgi_call import Response
from shared.manifest import ROOT
from shared.testing.harness import Harness
from tests.cost.filling import fill
from tests.cost.metering import Meter, metered_product

KEPT = ROOT / "shared" / "deploy" / "cost" / "operations.json"
BATCH = 1000
"""Rows in the metered batch of ledger entries."""

Counts = Mapping[str, Mapping[str, int]]


def measure(folder: Path) -> dict[str, Counts]:
    """By operation: what each function did for one of it."""
    with metered_product(folder) as (harness, meter):
        _prepare(harness)
        meter.taken()
        return {name: _counted(harness, meter, operate) for name, operate in OPERATIONS.items()}


def _counted(harness: Harness, meter: Meter, operate: Callable[[Harness], None]) -> Counts:
    operate(harness)
    harness.settle()
    return meter.taken()


def _prepare(harness: Harness) -> None:
    """A first use of each function, so that no operation pays for what happens once in a process."""
    fill(harness)
    for operate in OPERATIONS.values():
        operate(harness)
        harness.settle()


class Numbered:
    """Each person, vehicle and posting is met once."""

    def __init__(self) -> None:
        self.number = 0

    def next(self) -> int:
        self.number += 1
        return self.number


_numbers = Numbered()


def new_lead(harness: Harness) -> None:
    number = _numbers.next()
    lead = {
        "source": "WEB_LEAD",
        "first_name": "Ada" + "abcdefghij"[number % 10],
        "last_name": "Quill" + "abcdefghij"[number // 10 % 10] * 4,
        "email": f"unheard{number}@example.com",
        "phone": f"312-555-{100 + number:04d}",
    }
    _good(harness.call("POST", "/api/crm/intake", json=lead, api_key=True), 201)


def known_lead(harness: Harness) -> None:
    lead = {
        "source": "WEB_LEAD",
        "email": "regular@example.com",
        "first_name": "Rosa",
        "last_name": "Diaz",
        "comments": f"Enquiry {_numbers.next()}",
    }
    _good(harness.call("POST", "/api/crm/intake", json=lead, api_key=True), 201)


def finance_question(harness: Harness) -> None:
    _ask(harness, "Show me the financials for Lane A")


def inventory_question(harness: Harness) -> None:
    _ask(harness, "Which Hondas do we have in stock?")


def service_question(harness: Harness) -> None:
    _ask(harness, "Show me open repair orders")


def clarified_question(harness: Harness) -> None:
    session = _ask(harness, "Pull up the customer")
    _ask(harness, "regular@example.com", session_id=session)


def ledger_batch(harness: Harness) -> None:
    first = _numbers.next() * 100_000
    same = {"occurred_on": "2026-11-19", "lane": "C", "category": "transport", "amount": "1.00"}
    rows = [{"entry_id": f"E-{first + number}", **same} for number in range(BATCH)]
    _good(harness.call("POST", "/api/records/ledger_entries", json=rows, persona="ceo"))


def books_watched(harness: Harness) -> None:
    """An hour in which postings came in, so the statement over the ledger is run."""
    entry = {"entry_id": f"W-{_numbers.next()}", "occurred_on": "2026-11-19", "lane": "C"}
    row = {**entry, "category": "transport", "amount": "1.00"}
    _good(harness.call("POST", "/api/records/ledger_entries", json=[row], persona="ceo"))
    harness.settle()
    _good(harness.product.run("anomaly_monitor"))


def record_change(harness: Harness) -> None:
    number = _numbers.next()
    row: dict[str, Any] = {"vin": "1HGCM82633A004352", "year": 2003, "make": "Honda", "model": "Accord"}
    row["list_price"] = str(9000 + number)
    _good(harness.call("POST", "/api/records/vehicles", json=[row], persona="ceo"))


def session_look(harness: Harness) -> None:
    session = _ask(harness, "Show me open repair orders")
    harness.settle()
    _good(harness.call("GET", f"/api/chat/{session}", persona="ceo"))


def sweeper_run(harness: Harness) -> None:
    _good(harness.product.run("outbox_sweeper"))


def expiry_run(harness: Harness) -> None:
    _good(harness.product.run("question_expiry"))


def health_look(harness: Harness) -> None:
    """What the check from outside sets off when the last findings are old."""
    live_checks.LOOKOUT = live_checks.Lookout()
    health_asked(harness)


def health_asked(harness: Harness) -> None:
    _good(harness.call("GET", "/api/system/health"))


OPERATIONS: dict[str, Callable[[Harness], None]] = {
    operate.__name__: operate
    for operate in (
        new_lead,
        known_lead,
        finance_question,
        inventory_question,
        service_question,
        clarified_question,
        session_look,
        record_change,
        ledger_batch,
        books_watched,
        sweeper_run,
        expiry_run,
        health_look,
        health_asked,
    )
}


def _ask(harness: Harness, text: str, **more: str) -> str:
    answer = _good(harness.call("POST", "/api/chat", json={"text": text, **more}, persona="ceo"), 202)
    harness.settle()
    return str(answer.json()["session_id"])


def _good(response: Response, *also: int) -> Response:
    if response.status not in (200, *also):
        raise RuntimeError(f"an operation was answered with {response.status}: {response.text[:300]}")
    return response


BYTES_MAY_DIFFER = 0.05
"""Ids and times are not always equally long."""


def different(kept: Mapping[str, Counts], measured: Mapping[str, Counts]) -> list[str]:
    """A line for each count that is not as it was kept; bytes may differ a little."""
    found = []
    for name in sorted({*kept, *measured}):
        for function in sorted({*kept.get(name, {}), *measured.get(name, {})}):
            before, now = (of.get(name, {}).get(function, {}) for of in (kept, measured))
            found += [
                f"{name} {function} {kind}: {before.get(kind, 0)} kept, {now.get(kind, 0)} counted"
                for kind in sorted({*before, *now})
                if not _alike(kind, before.get(kind, 0), now.get(kind, 0))
            ]
    return found


def _alike(kind: str, before: int, now: int) -> bool:
    allowed = BYTES_MAY_DIFFER * before if kind.endswith("_bytes") else 0
    return abs(before - now) <= allowed


def read_kept() -> dict[str, dict[str, dict[str, int]]]:
    kept: dict[str, dict[str, dict[str, int]]] = json.loads(KEPT.read_text(encoding="utf-8"))
    return kept


def text_of(measured: Mapping[str, Any]) -> str:
    return json.dumps(measured, indent=1, sort_keys=True) + "\n"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        KEPT.write_text(text_of(measure(Path(folder))), encoding="utf-8")
    print(f"{KEPT.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
