"""Deals and appointments: what sales works on, how old it is, and when customers come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from shared.local.sample_dealership.people import SamplePerson
from shared.local.sample_dealership.profiles import Profile
from shared.local.sample_dealership.random_parts import rounded, stream
from shared.local.sample_dealership.team import ids_of

Row = dict[str, Any]
ZONE = ZoneInfo("America/Chicago")

_OPEN_STAGES = {
    "new": 20,
    "contacted": 26,
    "appointment": 18,
    "test_drive": 14,
    "negotiation": 14,
    "financing": 8,
}
_DAYS_IN_STAGE = {
    "new": 6,
    "contacted": 14,
    "appointment": 12,
    "test_drive": 18,
    "negotiation": 24,
    "financing": 28,
}


@dataclass(frozen=True)
class Cast:
    """Who and what the records are about."""

    people: Sequence[SamplePerson]
    vehicles: Sequence[Row]
    team: list[Row]

    def of_status(self, *statuses: str) -> list[Row]:
        return [row for row in self.vehicles if row["status"] in statuses]


@dataclass(frozen=True)
class CustomerRow:
    """A row with the `truth_id` of its customer, which stays in the generator."""

    row: Row
    truth_id: str


def deals(profile: Profile, cast: Cast, *, seed: int, now: datetime) -> list[CustomerRow]:
    """Rows of kind `deals`: every reserved vehicle has a late one, every fifth open one has gone quiet."""
    random = stream(seed, profile.tenant_id, "deals")
    buyers = random.sample(list(cast.people), profile.open_deals + profile.closed_deals)
    reserved, free = cast.of_status("reserved"), cast.of_status("in_stock")
    sold = cast.of_status("sold")
    random.shuffle(free)
    rows = []
    for number, buyer in enumerate(buyers):
        if number < profile.open_deals:
            vehicle = reserved[number] if number < len(reserved) else free[number % len(free)]
            row = _open_deal(random, vehicle, number < len(reserved), now)
        else:
            vehicle = sold[number % len(sold)]
            row = _closed_deal(random, vehicle, won=number - profile.open_deals < len(sold), today=now.date())
        owner = random.choice(ids_of(cast.team, "sales"))
        row = {"deal_number": f"D-{4100 + number}", **row, "owner_staff_id": owner, **buyer.as_customer()}
        rows.append(CustomerRow(row, buyer.truth_id))
    return rows


def _open_deal(random: Random, vehicle: Row, reserved: bool, now: datetime) -> Row:
    stages = {"negotiation": 50, "financing": 50} if reserved else _OPEN_STAGES
    stage = random.choices(list(stages), list(stages.values()))[0]
    age = 1 + int(random.expovariate(1 / _DAYS_IN_STAGE[stage]))
    # A healthy deal was touched this week; a fifth of them nobody has called back.
    quiet = min(age, random.randint(9, 40) if random.random() < 0.2 else random.randint(0, 5))
    row: Row = {
        "stage": stage,
        "opened_on": (now.date() - timedelta(days=age)).isoformat(),
        "last_activity_at": _in_hours(random, now.date() - timedelta(days=quiet), latest=now),
        "amount": rounded(round(float(vehicle["list_price"]) * random.uniform(0.94, 1.0))),
    }
    if stage not in ("new", "contacted") or random.random() < 0.6:
        row["vin"] = vehicle["vin"]
    if stage in ("negotiation", "financing"):
        row["expected_close_on"] = (now.date() + timedelta(days=random.randint(1, 14))).isoformat()
    return row


def _closed_deal(random: Random, vehicle: Row, *, won: bool, today: date) -> Row:
    closed = today - timedelta(days=random.randint(1, 35))
    opened = closed - timedelta(days=random.randint(2, 30))
    return {
        "stage": "won" if won else "lost",
        "opened_on": opened.isoformat(),
        "closed_on": closed.isoformat(),
        "last_activity_at": _in_hours(random, closed),
        "amount": rounded(round(float(vehicle["list_price"]) * random.uniform(0.93, 1.0))),
        **({"vin": vehicle["vin"]} if won else {}),
    }


def appointments(
    profile: Profile, cast: Cast, sales: Sequence[CustomerRow], *, seed: int, now: datetime
) -> list[CustomerRow]:
    """Rows of kind `appointments`: sales and service, from two weeks ago to two weeks ahead."""
    random = stream(seed, profile.tenant_id, "appointments")
    rows = [
        _sales_visit(random, deal, now)
        for deal in sales
        if deal.row["stage"] in ("appointment", "test_drive", "financing")
    ]
    for _ in range(profile.open_deals // 2):
        visitor = random.choice(cast.people)
        advisor = random.choice(ids_of(cast.team, "advisor"))
        row = {"kind": "service", "staff_id": advisor, **visitor.as_customer()}
        rows.append(CustomerRow({**row, **_slot(random, random.randint(-14, 14), now)}, visitor.truth_id))
    return [
        CustomerRow({"appointment_number": f"A-{7000 + number}", **found.row}, found.truth_id)
        for number, found in enumerate(rows)
    ]


def _sales_visit(random: Random, deal: CustomerRow, now: datetime) -> CustomerRow:
    kind = {"appointment": "sales", "test_drive": "test_drive", "financing": "delivery"}[deal.row["stage"]]
    taken = ("customer_name", "customer_phone", "customer_email", "vin")
    row = {name: deal.row[name] for name in taken if name in deal.row}
    slot = _slot(random, random.randint(-3, 10), now)
    return CustomerRow({"kind": kind, "staff_id": deal.row["owner_staff_id"], **row, **slot}, deal.truth_id)


def _slot(random: Random, days: int, now: datetime) -> Row:
    day = now.date() + timedelta(days=days)
    day += timedelta(days=day.weekday() == 6)
    start = datetime.combine(day, time(random.randint(8, 17), random.choice((0, 30))), ZONE).astimezone(UTC)
    past = ("done", "done", "done", "no_show", "cancelled")
    status = random.choice(past) if start < now else random.choice(("booked", "confirmed"))
    return {"starts_at": start.isoformat(), "status": status, "minutes": random.choice((30, 60, 90))}


def _in_hours(random: Random, day: date, *, latest: datetime | None = None) -> str:
    moment = datetime.combine(day, time(random.randint(9, 17), random.randint(0, 59)), ZONE).astimezone(UTC)
    return min(moment, latest or moment).isoformat()
