"""Every plate asked in every way that could make another query: part of the recording, not of the suite.

A plate's queries are put together from what was said. Starting from nothing said, each thing the composer
looks for is said next, in each way that may matter, until `MOST_SAID` things are said at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from functions.plate_composer.asked import Asked
from functions.plate_composer.main import COMPOSERS
from functions.plate_composer.plate_kinds import PlateKind, plate_kinds
from shared.domain.progress import DealStage, RepairOrderStatus
from shared.domain.vehicle import VehicleStatus
from shared.errors import Rejected
from shared.platform import Tenant
from shared.testing.harness import Harness, running

MOST_SAID = 3
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)

OWNED, BROUGHT, UNKNOWN_VIN = "1HGCM82633A004352", "1G4AH59H45G118341", "1M8GDM9AXKP042788"
KNOWN, RECORDS_ONLY = "dave.miller@example.com", "only.in.records@example.com"
PHONE, UNKNOWN_PHONE = "+13125550144", "+13125550199"

RECORDS: Mapping[str, list[dict[str, Any]]] = {
    "staff": [{"staff_id": "S1", "name": "Ann Advisor", "role": "advisor"}],
    "vehicles": [
        {
            "vin": OWNED,
            "stock_number": "K1",
            "status": "in_stock",
            "year": 2003,
            "make": "Honda",
            "model": "Accord",
        },
        {
            "vin": BROUGHT,
            "stock_number": "K2",
            "status": "in_transit",
            "year": 2005,
            "make": "Buick",
            "model": "Regal",
        },
    ],
    "deals": [
        {
            "deal_number": "D1",
            "stage": "won",
            "customer_name": "Dave Miller",
            "vin": OWNED,
            "closed_on": "2026-11-02",
            "opened_on": "2026-10-02",
        },
        {"deal_number": "D2", "stage": "new", "customer_email": KNOWN, "opened_on": "2026-11-02"},
    ],
    "repair_orders": [
        {"ro_number": "RO-24-10233", "status": "open", "vin": BROUGHT, "customer_email": RECORDS_ONLY},
        {"ro_number": "RO-24-10234", "status": "closed", "vin": OWNED, "customer_phone": PHONE},
    ],
    "appointments": [{"appointment_number": "A1", "customer_email": RECORDS_ONLY, "kind": "service"}],
}
TIMES = {
    "repair_orders": {"opened_at": "2026-11-19T14:00:00Z", "promised_at": "2026-11-20T14:00:00Z"},
    "appointments": {"starts_at": "2026-11-20T14:00:00Z"},
}

LEADS = (
    {"email": KNOWN, "phone": PHONE, "name": "Dave Miller"},
    {"email": "ann@example.com", "name": "Ann Lee"},
)

WAYS: Mapping[str, tuple[Any, ...]] = {
    "subject": ("deals", "leads", "appointments", "shop"),
    "person": (
        "Dave Miller",
        "Ann Advisor",
        "Nobody Nowhere",
        {"email": KNOWN},
        {"phone": UNKNOWN_PHONE},
    ),
    "email": (KNOWN, RECORDS_ONLY, "nobody@example.com"),
    "phone": (PHONE, UNKNOWN_PHONE),
    "vin": (OWNED, BROUGHT, UNKNOWN_VIN),
    "deal_number": ("D2", "D9"),
    "trip_number": ("T1", "T9"),
    "ro_number": ("RO-24-10233", "10234", "RO-9"),
    "stock_number": ("K1", "K9"),
    "period": ({"start": "2026-11-01", "end": "2026-11-30"},),
    "stage": (*get_args(DealStage), "open", "stalled", "closing", "closed", "no such"),
    "status": (*get_args(RepairOrderStatus), *get_args(VehicleStatus), "late", "no such"),
    "date_of": ("opened", "promised"),
    "vehicle": ({"make": "Honda"},),
    "amount": ({"op": ">", "value": 1},),
    "money": ({"op": ">", "value": 1},),
    "price": ({"op": ">", "value": 1},),
    "mileage": ({"op": ">", "value": 1},),
    "days_in_stock": ({"op": ">", "value": 1},),
    "lane": ("A",),
    "category": ("transport",),
    "direction": ("expense",),
    "span": ("month",),
}


class NothingInTheWarehouse:
    """Plates ask it much and slowly; what it answers makes no difference to what documents are asked."""

    def query(self, name: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        return []


class Said(dict[str, Any]):
    """What was said, and what was looked for."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        super().__init__(said)
        self.looked_for: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.looked_for.add(key)
        return super().get(key, default)


@dataclass(frozen=True)
class Dealership:
    """`ways`: entity → the values it may be said with."""

    tenant: Tenant
    ways: Mapping[str, tuple[Any, ...]]


@pytest.fixture(scope="module")
def dealership(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dealership]:
    replaced = {"warehouse": lambda _: NothingInTheWarehouse()}
    with running(tmp_path_factory.mktemp("plates"), replaced=replaced, delivering=False) as product:
        known = take_in(product)
        person_ids = {"person_id": (known, "nobody")}
        yield Dealership(product.tenant(), {**WAYS, **person_ids})


def take_in(product: Harness) -> str:
    """The id of a person who came in as a lead."""
    for kind, rows in RECORDS.items():
        filled = [{**TIMES.get(kind, {}), **row} for row in rows]
        report = product.call("POST", f"/api/records/{kind}", json=filled, api_key=True)
        assert report.status == 200 and not report.json()["rejected"], report.text
    answers = [
        product.call("POST", "/api/crm/intake", json={"source": "WEB_LEAD", **lead}, api_key=True)
        for lead in LEADS
    ]
    assert [answer.status for answer in answers] == [201] * len(LEADS)
    return str(answers[0].json()["master_person_id"])


def ways_to_ask(ways: Mapping[str, tuple[Any, ...]], ask: Callable[[Said], None]) -> Iterator[Said]:
    """Each thing said at most once, in every order-free combination that the composer looks into."""
    waiting: list[dict[str, Any]] = [{}]
    done: set[str] = set()
    while waiting:
        said = Said(waiting.pop())
        ask(said)
        yield said
        if len(said) == MOST_SAID:
            continue
        for name in sorted(said.looked_for - said.keys()):
            for value in ways[name]:
                more = {**said, name: value}
                if (key := repr(sorted(more.items()))) not in done:
                    done.add(key)
                    waiting.append(more)


@pytest.mark.parametrize("kind", plate_kinds(), ids=lambda kind: kind.plate_id)
def test_it_is_asked_in_every_way(dealership: Dealership, kind: PlateKind) -> None:
    looked_for: set[str] = set()
    for said in ways_to_ask(dealership.ways, lambda said: compose(kind, said, dealership.tenant)):
        looked_for |= said.looked_for
        assert looked_for <= dealership.ways.keys(), "say how it can be asked"
    assert {name.partition(".")[0] for name in kind.narrows_by} <= looked_for


def compose(kind: PlateKind, said: Said, tenant: Tenant) -> None:
    asked = Asked(said, kind.roles, NOW, tenant.zone)
    # The warehouse, which says nothing, is asked after the documents.
    with suppress(Rejected, LookupError):
        COMPOSERS[kind.plate_id](asked, tenant)
