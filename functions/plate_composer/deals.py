"""CRM_CARD when deals are asked for: which there are, how far they are, and which need attention."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

from functions.plate_composer.asked import Asked, in_words
from functions.plate_composer.plate import MOST_ROWS, Column, Plate, Row, money, newest, picked
from functions.plate_composer.records import MOST_READ, is_described, read, read_by_keys, vehicle_words
from shared.domain.identity.normalise import words
from shared.domain.progress import CLOSED_STAGES, DealStage
from shared.platform import Tenant

COLUMNS = (
    Column("deal_number", "Deal"),
    Column("stage", "Stage"),
    Column("days_quiet", "Since the last activity or change of stage", "days"),
    Column("attention", "Needs attention"),
    Column("customer_name", "Customer"),
    Column("vehicle", "Vehicle"),
    Column("amount", "Amount", "USD"),
    Column("owner", "Salesperson"),
    Column("opened_on", "Opened", "date"),
    Column("days_open", "Open for", "days"),
    Column("expected_close_on", "Expected to close", "date"),
    Column("closed_on", "Closed", "date"),
)
NARROWS_BY = frozenset(
    {
        "subject",
        "stage",
        "person",
        "amount",
        "period",
        "vin",
        "vehicle.colour",
        "vehicle.year",
        "vehicle.make",
    }
    | {"vehicle.model", "vehicle.body"}
)
STAGES: tuple[str, ...] = get_args(DealStage)
OPEN = tuple(stage for stage in STAGES if stage not in CLOSED_STAGES)
STALLED_AFTER_DAYS = 7
"""A deal somebody works on is touched every week."""


@dataclass(frozen=True)
class Listed:
    """What a word for a state stands for: the stages, and the day a period is of."""

    stages: Collection[str]
    day: str
    day_in_words: str


_OPEN, _CLOSED = Listed(OPEN, "opened_on", "opened"), Listed(CLOSED_STAGES, "closed_on", "closed")
_LISTED: Mapping[str, Listed] = {
    **{stage: Listed((stage,), "opened_on", "opened") for stage in OPEN},
    **{stage: Listed((stage,), "closed_on", "closed") for stage in CLOSED_STAGES},
    "open": _OPEN,
    "stalled": _OPEN,
    "closing": Listed(OPEN, "expected_close_on", "expected to close"),
    "closed": _CLOSED,
}


def compose(asked: Asked, tenant: Tenant) -> Plate | None:
    """Default: the open ones. What waits longest comes first; closed ones, the latest first.

    None when a person is named who neither answers for a deal nor is the customer of one listed.
    """
    stage = _stage(asked)
    staff = _staff(tenant)
    read_deals = _of_stage(asked, tenant, stage)
    named = _of_person(asked, staff, read_deals)
    if named is None:
        return None
    vehicles = read_by_keys(tenant, "vehicles", (deal.get("vin") for deal in named))
    fitting = [deal for deal in named if _fits(asked, deal, vehicles)]
    rows = sorted((_shown(deal, asked, staff, vehicles) for deal in fitting), key=_urgency(stage))
    title = _title(asked, stage)
    return Plate(
        title=title,
        columns=COLUMNS,
        dataset=rows[:MOST_ROWS],
        source={"collections": ["deals", "vehicles", "staff"]},
        filters=_filters(asked, stage),
        newest_at=newest(fitting, "recorded_at"),
        note=_note(title, rows, is_cut=len(read_deals) >= MOST_READ),
        total=len(rows),
        narrows_by=NARROWS_BY,
    )


def _stage(asked: Asked) -> str:
    said = (asked.text("stage") or "").lower().replace(" ", "_")
    return said if said in _LISTED else "open"


def _of_stage(asked: Asked, tenant: Tenant, stage: str) -> list[dict[str, Any]]:
    """A period is of the day they were closed, are expected to close or, while open, came up."""
    listed, period = _LISTED[stage], asked.period
    if period:
        span = (listed.day, ">=", str(period.start)), (listed.day, "<=", str(period.end))
        deals = read(tenant, "deals", *span, order_by=(f"-{listed.day}",))
    elif listed.day == "closed_on":
        deals = read(tenant, "deals", order_by=("-closed_on",))
    else:
        deals = read(tenant, "deals", ("stage", "in", list(listed.stages)))
    found = [deal for deal in deals if deal["stage"] in listed.stages]
    if stage == "closing":
        return [deal for deal in found if deal.get("expected_close_on")]
    return [deal for deal in found if stage != "stalled" or _quiet_days(deal, asked) >= STALLED_AFTER_DAYS]


def _of_person(
    asked: Asked, staff: Mapping[str, str], deals: Sequence[dict[str, Any]]
) -> Sequence[dict[str, Any]] | None:
    """Those the person answers for, or is the customer of."""
    wanted = set(words(_person(asked)))
    if not wanted:
        return deals
    owners = {staff_id for staff_id, name in staff.items() if wanted <= set(words(name))}

    def is_theirs(deal: Row) -> bool:
        customer = set(words(deal.get("customer_name") or ""))
        return deal.get("owner_staff_id") in owners or wanted <= customer

    theirs = [deal for deal in deals if is_theirs(deal)]
    return theirs if theirs or owners else None


def _staff(tenant: Tenant) -> dict[str, str]:
    return {member["staff_id"]: member["name"] for member in read(tenant, "staff")}


def _person(asked: Asked) -> str:
    return asked.text("person") or asked.part_text("person", "name") or ""


def _fits(asked: Asked, deal: Row, vehicles: Mapping[str, dict[str, Any]]) -> bool:
    vin, bounds, amount = asked.text("vin"), asked.range("money", "amount"), money(deal.get("amount"))
    if vin and deal.get("vin") != vin.upper():
        return False
    if not is_described(vehicles.get(deal.get("vin") or "", {}), asked.vehicle_words):
        return False
    if bounds.low is None and bounds.high is None:
        return True
    low, high = bounds.low or Decimal(0), bounds.high
    return amount is not None and low <= amount and (high is None or amount <= high)


def _shown(
    deal: Row, asked: Asked, staff: Mapping[str, str], vehicles: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    same = ("deal_number", "stage", "opened_on", "expected_close_on", "closed_on", "last_activity_at", "vin")
    customer = next(filter(None, (deal.get(f"customer_{way}") for way in ("name", "email", "phone"))), None)
    is_open = deal["stage"] in OPEN
    opened = _day(deal, "opened_on")
    return {
        "id": deal["deal_number"],
        **picked(deal, *same, "owner_staff_id", "master_person_id"),
        "customer_name": customer,
        "vehicle": vehicle_words(vehicles.get(deal.get("vin") or "")) or deal.get("vin"),
        "owner": staff.get(deal.get("owner_staff_id") or ""),
        "amount": money(deal.get("amount")),
        "days_open": (asked.today - opened).days if is_open and opened else None,
        "days_quiet": _quiet_days(deal, asked) if is_open else None,
        "days_overdue": _overdue_days(deal, asked) if is_open else 0,
        "attention": _attention(deal, asked) if is_open else "",
    }


def _attention(deal: Row, asked: Asked) -> str:
    quiet, overdue = _quiet_days(deal, asked), _overdue_days(deal, asked)
    reasons = [f"should have closed {overdue} day{'s' * (overdue > 1)} ago"] if overdue else []
    reasons += [f"nothing happened for {quiet} days"] if quiet >= STALLED_AFTER_DAYS else []
    return "; ".join(reasons)


def _quiet_days(deal: Row, asked: Asked) -> int:
    last = deal.get("last_activity_at")
    since = last.astimezone(asked.zone).date() if isinstance(last, datetime) else _day(deal, "opened_on")
    return max(0, (asked.today - since).days) if since else 0


def _overdue_days(deal: Row, asked: Asked) -> int:
    expected = _day(deal, "expected_close_on")
    return max(0, (asked.today - expected).days) if expected else 0


def _day(deal: Row, name: str) -> date | None:
    return date.fromisoformat(str(deal[name])) if deal.get(name) else None


def _urgency(stage: str) -> Callable[[Row], tuple[Any, ...]]:
    if _LISTED[stage].day == "closed_on":
        return lambda row: (-(_day(row, "closed_on") or date.min).toordinal(), row["id"])
    if stage == "closing":
        return lambda row: (row["expected_close_on"] or "~", row["id"])
    return lambda row: (not row["attention"], -max(row["days_quiet"], row["days_overdue"]), row["id"])


def _title(asked: Asked, stage: str) -> str:
    bounds = asked.range("money", "amount")
    amounts = in_words(bounds.low, bounds.high, "${:,}")
    parts = [
        f"Deals {'in stage ' if stage in OPEN else ''}{stage.replace('_', ' ')}",
        _person(asked),
        " ".join(asked.vehicle_words.values()) or (asked.text("vin") or "").upper(),
        amounts,
        _period_in_words(asked, stage),
    ]
    return ", ".join(filter(None, parts))


def _period_in_words(asked: Asked, stage: str) -> str:
    if asked.period is None:
        return ""
    of = _LISTED[stage].day_in_words
    return asked.period.in_words if of == stage else f"{of} {asked.period.in_words}"


def _filters(asked: Asked, stage: str) -> dict[str, Any]:
    bounds, period = asked.range("money", "amount"), asked.period
    span = {"from": period.start, "to": period.end} if period else {}
    said = {
        "stage": stage,
        "person": _person(asked) or None,
        "vin": (asked.text("vin") or "").upper() or None,
    }
    amounts = {"amount_from": bounds.low, "amount_to": bounds.high}
    found = {"subject": "deals", **said, **asked.vehicle_words, **amounts, **span}
    return {name: value for name, value in found.items() if value is not None}


def _note(title: str, rows: Sequence[Row], *, is_cut: bool) -> str:
    if not rows:
        return f"{title}: there are none."
    waiting = sum(1 for row in rows if row["attention"])
    won = sum(1 for row in rows if row["stage"] == "won")
    lost = sum(1 for row in rows if row["stage"] == "lost")
    notes = [f"{waiting} of {len(rows)} need attention."] if waiting else []
    notes += [f"{won} won, {lost} lost."] if won and lost else []
    return " ".join([*notes, f"Only {MOST_READ} deals were looked at."] if is_cut else notes)
