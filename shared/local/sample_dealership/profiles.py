"""The dealerships of the sample: a large one and a smaller neighbour that must never see its data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """Sizes of a dealership. `new_makes` are what it is franchised for; `pace` scales its daily business."""

    tenant_id: str
    name: str
    city: str
    new_makes: tuple[str, ...]
    people: int
    duplicates: int
    stock: int
    staff: tuple[tuple[str, int], ...]
    open_deals: int
    closed_deals: int
    open_repair_orders: int
    closed_repair_orders: int
    pace: float


AUTOHAUS = Profile(
    tenant_id="autohaus",
    name="AutoHaus",
    city="Evanston",
    new_makes=("Honda", "Toyota"),
    people=1500,
    duplicates=180,
    stock=240,
    staff=(("ceo", 1), ("advisor", 5), ("sales", 8), ("mechanic", 7), ("driver", 3), ("operator", 1)),
    open_deals=90,
    closed_deals=60,
    open_repair_orders=32,
    closed_repair_orders=70,
    pace=1.0,
)

NORTHSIDE = Profile(
    tenant_id="northside",
    name="Northside Motors",
    city="Waukegan",
    new_makes=("Ford",),
    people=160,
    duplicates=18,
    stock=48,
    staff=(("ceo", 1), ("advisor", 1), ("sales", 2), ("mechanic", 2), ("driver", 1), ("operator", 1)),
    open_deals=12,
    closed_deals=8,
    open_repair_orders=6,
    closed_repair_orders=10,
    pace=0.2,
)

PROFILES: dict[str, Profile] = {profile.tenant_id: profile for profile in (AUTOHAUS, NORTHSIDE)}
