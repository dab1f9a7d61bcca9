"""The vehicles of a dealership: new ones of its makes, used ones of every make, customers' in the shop."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from shared.local.sample_dealership.profiles import Profile
from shared.local.sample_dealership.random_parts import rounded, stream
from shared.local.sample_dealership.vehicle_lines import COLOUR_WEIGHTS, COLOURS, LINES, VehicleLine
from shared.local.sample_dealership.vins import make_vin

Row = dict[str, Any]

_SHARES = {"in_stock": 54, "sold": 17, "in_service": 13, "rental": 8, "in_transit": 5, "reserved": 3}
"""Percent of the vehicles by status."""

_PLACES = {
    "in_stock": ("Front lot", "Back lot", "Showroom"),
    "reserved": ("Delivery bay",),
    "in_service": ("Bay 1", "Bay 2", "Bay 3", "Bay 4", "Service lot"),
    "rental": ("Rental lot", "On the road"),
    "in_transit": ("On the truck",),
    "sold": ("",),
}
_OF_OUR_OWN = {"stock_number", "condition", "list_price", "cost", "acquired_on"}
_LANES = {"in_service": "B", "in_transit": "C", "rental": "D"}


def vehicles(profile: Profile, *, seed: int, today: date) -> list[Row]:
    """Rows of kind `vehicles`, each with a VIN of its own."""
    random = stream(seed, profile.tenant_id, "vehicles")
    first_serial = random.randrange(100_000, 400_000)
    return [
        _vehicle(random, profile, status, today, number, first_serial + number * 37)
        for number, status in enumerate(_statuses(profile.stock))
    ]


def _statuses(count: int) -> list[str]:
    statuses = [status for status, share in _SHARES.items() for _ in range(count * share // 100)]
    return statuses + ["in_stock"] * (count - len(statuses))


def _vehicle(random: Random, profile: Profile, status: str, today: date, number: int, serial: int) -> Row:
    is_new = status in ("in_stock", "reserved", "in_transit") and random.random() < 0.4
    line = _line(random, profile, is_new, today)
    year = _year(random, line, is_new, today)
    trim = random.randrange(len(line.trims))
    age = max(0.0, today.year + today.timetuple().tm_yday / 366 - year)
    odometer = random.randint(4, 60) if is_new else _miles(random, age)
    price = _price(line, trim, age, odometer, is_new)
    row: Row = {
        "vin": make_vin(pattern=line.pattern, year=year, plant=line.plant, serial=serial),
        "stock_number": f"{'N' if is_new else 'U'}{20_000 + number}",
        "year": year,
        "make": line.make,
        "model": line.model,
        "trim": line.trims[trim],
        "body": line.body,
        "fuel": line.fuel,
        "status": status,
        "condition": "new" if is_new else random.choices(("used", "certified"), (80, 20))[0],
        "odometer": odometer,
        "colour": random.choices(COLOURS, COLOUR_WEIGHTS)[0],
        "list_price": rounded(price),
        "cost": rounded(round(price * random.uniform(0.86, 0.94))),
        "acquired_on": (today - timedelta(days=_days_here(random, status))).isoformat(),
        "location": random.choice(_PLACES[status]),
        "lane": _LANES.get(status, "A"),
    }
    # A customer's vehicle is not for sale, and nothing was paid for it.
    left_out = _OF_OUR_OWN if status == "in_service" else ()
    return {name: value for name, value in row.items() if name not in left_out and value != ""}


def _line(random: Random, profile: Profile, is_new: bool, today: date) -> VehicleLine:
    if is_new:
        return random.choice([x for x in LINES if x.make in profile.new_makes and x.last is None])
    return random.choice([line for line in LINES if line.first < today.year])


def _year(random: Random, line: VehicleLine, is_new: bool, today: date) -> int:
    if is_new:
        # The next model year arrives in autumn.
        return today.year + (1 if today.month >= 9 and random.random() < 0.5 else 0)
    newest = min(line.last or today.year, today.year - 1)
    oldest = max(line.first, newest - 7)
    return newest - min(newest - oldest, int(random.expovariate(1 / 2.4)))


def _miles(random: Random, age: float) -> int:
    return max(800, int(age * random.gauss(11_600, 3_200)) + random.randint(-400, 900))


def _price(line: VehicleLine, trim: int, age: float, odometer: int, is_new: bool) -> int:
    price = line.price * (1 + 0.09 * trim)
    if not is_new:
        # A fifth goes in the first year, an eighth in each further one; ten cents for a mile too many.
        price = price * 0.82 * 0.885 ** max(0.0, age - 1) - 0.10 * (odometer - age * 11_600)
    return max(3_500, round(price / 100) * 100) - 5


def _days_here(random: Random, status: str) -> int:
    if status == "rental":
        return random.randint(60, 500)
    if status == "in_transit":
        return random.randint(1, 9)
    if status == "sold":
        return random.randint(40, 160)
    return min(190, 1 + int(random.expovariate(1 / 38)))
