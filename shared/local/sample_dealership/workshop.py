"""Repair orders: an open one for every vehicle in the shop, closed ones of the months before."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from shared.local.sample_dealership.people import SamplePerson
from shared.local.sample_dealership.pipeline import ZONE, Cast, CustomerRow
from shared.local.sample_dealership.profiles import Profile
from shared.local.sample_dealership.random_parts import rounded, stream
from shared.local.sample_dealership.team import ids_of

Row = dict[str, Any]

# Concern in the customer's words, hours of labour, parts with their price.
_JOBS: tuple[tuple[str, float, tuple[tuple[str, float], ...]], ...] = (
    ("Squeals when I brake, worse in the morning", 2.1, (("Front brake pads", 89.0), ("Rotor pair", 164.0))),
    ("Grinding noise from the rear when stopping", 2.4, (("Rear brake pads", 79.0), ("Rotor pair", 152.0))),
    ("Oil change is due", 0.6, (("Oil filter", 12.5), ("5 qt synthetic oil", 38.0))),
    ("Check engine light is on", 1.4, (("Oxygen sensor", 128.0),)),
    ("Air conditioning blows warm", 1.8, (("Refrigerant", 64.0), ("Cabin filter", 24.0))),
    ("Battery dies overnight", 0.8, (("Battery", 189.0),)),
    ("Steering pulls to the right", 1.2, ()),
    ("Needs new tyres before winter", 1.5, (("All-season tyre, set of 4", 612.0),)),
    ("Clunk over bumps, front left", 2.8, (("Strut assembly", 214.0), ("Sway bar link", 42.0))),
    ("Coolant smell after driving", 2.2, (("Water pump", 146.0), ("Coolant", 28.0))),
    ("60,000 mile service", 3.0, (("Spark plugs", 72.0), ("Air filter", 26.0), ("Transmission fluid", 58.0))),
    ("Rear camera is black", 1.1, (("Camera module", 176.0),)),
    ("Windshield wipers leave streaks", 0.2, (("Wiper blades", 46.0),)),
    ("Transmission shudders at 40 mph", 4.5, (("Transmission fluid", 96.0),)),
)
_HOURLY_RATE = 148.0
_OPEN_STATUSES = {"open": 25, "in_progress": 40, "waiting_parts": 18, "waiting_approval": 10, "done": 7}


def repair_orders(profile: Profile, cast: Cast, *, seed: int, now: datetime) -> list[CustomerRow]:
    """Rows of kind `repair_orders`; about one open one in six is past its promise."""
    random = stream(seed, profile.tenant_id, "repair orders")
    in_shop = cast.of_status("in_service")
    seen_before = [*cast.of_status("sold"), *in_shop]
    owners = random.sample(list(cast.people), len(seen_before))
    by_vin = dict(zip((row["vin"] for row in seen_before), owners, strict=True))
    count = min(profile.open_repair_orders, len(in_shop))
    wanted = [(vehicle, True) for vehicle in in_shop[:count]]
    wanted += [(random.choice(seen_before), False) for _ in range(profile.closed_repair_orders)]
    return [
        _repair_order(random, cast, vehicle, by_vin[vehicle["vin"]], number, is_open, now)
        for number, (vehicle, is_open) in enumerate(wanted)
    ]


def _repair_order(
    random: Random,
    cast: Cast,
    vehicle: Row,
    owner: SamplePerson,
    number: int,
    is_open: bool,
    now: datetime,
) -> CustomerRow:
    concern, hours, parts = random.choice(_JOBS)
    row: Row = {
        "ro_number": f"RO-{58_000 + number}",
        "vin": vehicle["vin"],
        **owner.as_customer(),
        "concern": concern,
        "advisor_staff_id": random.choice(ids_of(cast.team, "advisor")),
        "technician_staff_id": random.choice(ids_of(cast.team, "mechanic")),
        "odometer": vehicle["odometer"],
        "lines": _lines(random, concern, hours, parts),
        **(_open_dates(random, now) if is_open else _closed_dates(random, now)),
    }
    if row["status"] == "open":
        # Nobody has looked at it yet: no mechanic, nothing to charge.
        row = {name: value for name, value in row.items() if name not in ("technician_staff_id", "lines")}
    return CustomerRow(row, owner.truth_id)


def _lines(random: Random, concern: str, hours: float, parts: tuple[tuple[str, float], ...]) -> list[Row]:
    labour = rounded(round(hours * _HOURLY_RATE * random.uniform(0.9, 1.15), 2))
    lines: list[Row] = [
        {"kind": "labour", "description": concern, "amount": labour, "quantity": f"{hours:.1f}"}
    ]
    for name, price in parts:
        amount = rounded(round(price * random.uniform(0.95, 1.2), 2))
        lines.append({"kind": "parts", "description": name, "amount": amount, "quantity": "1"})
    return lines


def _open_dates(random: Random, now: datetime) -> Row:
    status = random.choices(list(_OPEN_STATUSES), list(_OPEN_STATUSES.values()))[0]
    opened = _at(now - timedelta(days=0 if status == "open" else random.randint(0, 6)), random.randint(7, 10))
    opened = min(opened, now - timedelta(minutes=20))
    late = status != "open" and random.random() < 0.18
    promised = _at(now + timedelta(days=-random.randint(1, 2) if late else random.randint(0, 3)), 17)
    return {
        "status": status,
        "opened_at": opened.isoformat(),
        "promised_at": max(promised, opened + timedelta(hours=3)).isoformat(),
    }


def _closed_dates(random: Random, now: datetime) -> Row:
    opened = _at(now - timedelta(days=random.randint(8, 170)), random.randint(7, 11))
    promised = _at(opened + timedelta(days=random.randint(0, 3)), 17)
    closed = promised + timedelta(hours=random.choice((-3, -1, -1, 0, 2, 20)))
    return {
        "status": "closed",
        "opened_at": opened.isoformat(),
        "promised_at": promised.isoformat(),
        "closed_at": max(closed, opened + timedelta(hours=1)).isoformat(),
    }


def _at(moment: datetime, hour: int) -> datetime:
    return datetime.combine(moment.astimezone(ZONE).date(), time(hour), ZONE).astimezone(UTC)
