"""A whole sample dealership: rows in the shapes the API takes, and what only tests may know of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.local.sample_dealership.inspections import SampleFlag, inspections
from shared.local.sample_dealership.leads import SampleLead, leads
from shared.local.sample_dealership.ledger import ledger
from shared.local.sample_dealership.people import SamplePerson, people
from shared.local.sample_dealership.pipeline import ZONE, Cast, CustomerRow, appointments, deals
from shared.local.sample_dealership.price_list import price_items, pricing_rules
from shared.local.sample_dealership.profiles import PROFILES
from shared.local.sample_dealership.stock import vehicles
from shared.local.sample_dealership.team import staff
from shared.local.sample_dealership.trips import SampleTrip, trips
from shared.local.sample_dealership.workshop import repair_orders

Row = dict[str, Any]


@dataclass(frozen=True)
class SampleDealership:
    """`records`: kind → rows of `POST /api/records/{kind}`, in the order to send them.

    `customers`: (kind, place of the row) → `truth_id`. `people` and `truth_id`s are the truth about who is
    who; the product never sees them.
    """

    tenant_id: str
    name: str
    leads: list[SampleLead]
    records: dict[str, list[Row]]
    customers: dict[tuple[str, int], str]
    people: list[SamplePerson]
    trips: list[SampleTrip]
    flags: list[SampleFlag]


def sample_dealership(tenant_id: str, *, seed: int, as_of: datetime) -> SampleDealership:
    """The dealership as it is at `as_of` (UTC). The same arguments give the same rows, byte for byte."""
    profile, today = PROFILES[tenant_id], as_of.astimezone(ZONE).date()
    stock = vehicles(profile, seed=seed, today=today)
    team = staff(profile, seed=seed)
    everybody = people(profile, seed=seed, today=today)
    cast = Cast(everybody, stock, team)
    sales = deals(profile, cast, seed=seed, now=as_of)
    visits = appointments(profile, cast, sales, seed=seed, now=as_of)
    shop = repair_orders(profile, cast, seed=seed, now=as_of)
    about_people = {"deals": sales, "repair_orders": shop, "appointments": visits}
    return SampleDealership(
        tenant_id=tenant_id,
        name=profile.name,
        leads=leads(profile, everybody, stock, seed=seed, now=as_of),
        records={
            "pricing_rules": pricing_rules(profile),
            "price_items": price_items(profile),
            "staff": team,
            "vehicles": stock,
            **{kind: [found.row for found in rows] for kind, rows in about_people.items()},
            "ledger_entries": ledger(profile, stock, _rows(sales), seed=seed, today=today),
        },
        customers={
            (kind, place): found.truth_id
            for kind, rows in about_people.items()
            for place, found in enumerate(rows)
        },
        people=everybody,
        trips=trips(profile, stock, _rows(shop), team, now=as_of),
        flags=inspections(_rows(shop)),
    )


def _rows(found: list[CustomerRow]) -> list[Row]:
    return [customer_row.row for customer_row in found]
