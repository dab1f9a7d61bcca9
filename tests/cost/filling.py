"""A dealership on an ordinary day: what a question finds decides how much is read to answer it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from shared.testing.harness import Harness

OPEN_ORDERS, APPOINTMENTS, VEHICLES, POSTINGS = 25, 8, 60, 40


def fill(harness: Harness) -> None:
    for kind, rows in _records(harness):
        report = harness.call("POST", f"/api/records/{kind}", json=rows, persona="ceo")
        if report.status != 200 or report.json()["rejected"]:
            raise RuntimeError(f"{kind} were not taken in: {report.status} {report.text[:300]}")
        harness.settle()


def _records(harness: Harness) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    now = harness.platform.clock.now()
    yesterday, at_once = (now - timedelta(days=1)).date().isoformat(), now.isoformat()
    yield "staff", [{"staff_id": f"S{n}", "name": f"Staff Number {n}", "role": "mechanic"} for n in range(6)]
    yield "vehicles", [_vehicle(number) for number in range(VEHICLES)]
    yield "repair_orders", [_order(number, at_once) for number in range(OPEN_ORDERS)]
    yield "appointments", [_appointment(number, at_once) for number in range(APPOINTMENTS)]
    yield "ledger_entries", [_posting(number, yesterday) for number in range(POSTINGS)]


def _vehicle(number: int) -> dict[str, Any]:
    make, model = ("Honda", "Accord") if number % 3 else ("Ford", "F-150")
    return {"vin": _vin(number), "year": 2019, "make": make, "model": model, "status": "in_stock"}


def _order(number: int, opened_at: str) -> dict[str, Any]:
    people = {"advisor_staff_id": f"S{number % 2}", "technician_staff_id": f"S{2 + number % 4}"}
    return {
        "ro_number": f"RO-{number}",
        "vin": _vin(number),
        "opened_at": opened_at,
        **_customer(number),
        **people,
    }


def _appointment(number: int, starts_at: str) -> dict[str, Any]:
    return {
        "appointment_number": f"A-{number}",
        "kind": "service",
        "starts_at": starts_at,
        **_customer(number),
    }


def _posting(number: int, day: str) -> dict[str, Any]:
    return {
        "entry_id": f"P-{number}",
        "occurred_on": day,
        "lane": "A",
        "category": "sales",
        "amount": "900.00",
    }


def _customer(number: int) -> dict[str, str]:
    return {"customer_name": f"Customer {number}", "customer_phone": f"312-555-{2000 + number:04d}"}


def _vin(number: int) -> str:
    """Made in Germany: without North America's check digit."""
    return f"WBA00000000{number:06d}"
