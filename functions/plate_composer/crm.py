"""CRM_CARD: a customer with everything the dealership has with them, or the people to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from functions.plate_composer import deals as deal_list
from functions.plate_composer import leads as lead_list
from functions.plate_composer.asked import Asked
from functions.plate_composer.people import MOST_PEOPLE, Wanted, find_people, newest_people, wanted_person
from functions.plate_composer.plate import MOST_ROWS, Column, Plate, picked
from functions.plate_composer.record_rows import (
    RECORD_COLUMNS,
    appointment_row,
    deal_row,
    order_row,
    vehicle_row,
)
from functions.plate_composer.records import read, read_by_keys, read_one
from functions.plate_composer.repair_orders import order_of_number
from shared.domain.person import Person
from shared.platform import Tenant

COLUMNS = (
    Column("name", "Name"),
    Column("emails", "E-mail"),
    Column("phones", "Phone"),
    Column("sources", "Came by"),
    Column("created_at", "Known since", "time"),
)
NEWEST = 25
SHOWN = 50
RECORD_KINDS = ("deals", "repair_orders", "appointments")
SOURCE = {"collections": ["persons", "deals", "repair_orders", "appointments", "vehicles"]}


def compose(asked: Asked, tenant: Tenant) -> Plate:
    """One person: the card. Several: a list to choose from. Nobody named: the newest customers and leads.

    When deals or leads are asked for: the list of them.
    """
    for name, record_of in RECORDS_OF_NUMBERS.items():
        if number := asked.text(name):
            return _of_record(asked, tenant, {name: number}, record_of(tenant, number))
    wanted = wanted_person(asked)
    if listed := _listed(asked, tenant, wanted):
        return listed
    if not wanted.said():
        return _newest(asked, tenant)
    people = find_people(tenant, wanted)
    if len(people) == 1:
        return _card(tenant, people[0], wanted.said())
    if people:
        several = (
            f"{len(people)} people fit [{wanted.in_words}]. Ask with the e-mail or phone of the one you mean."
        )
        return _list(people, f"Customers: {wanted.in_words}", wanted.said(), several)
    return _only_in_records(tenant, wanted) or _list(
        (), f"Customers: {wanted.in_words}", wanted.said(), _nobody(wanted.in_words)
    )


def _listed(asked: Asked, tenant: Tenant, wanted: Wanted) -> Plate | None:
    """Deals or leads, when they are what was asked for; a customer's own are on the card."""
    subject = asked.text("subject")
    if subject == "leads" and not wanted.said():
        return lead_list.compose(asked, tenant)
    is_one_person = wanted.person_id or wanted.email or wanted.phone
    return deal_list.compose(asked, tenant) if subject == "deals" and not is_one_person else None


def _only_in_records(tenant: Tenant, wanted: Wanted) -> Plate | None:
    """A customer the dealership's own records name who never came in as a lead."""
    ways = {"customer_email": wanted.email, "customer_phone": wanted.phone, "vin": wanted.vin}
    ways["customer_name"] = wanted.name
    way = next(((name, "==", value) for name, value in ways.items() if value), None)
    if way is None:
        return None
    deals, orders, appointments = (read(tenant, kind, way, limit=SHOWN) for kind in RECORD_KINDS)
    records = [*deals, *orders, *appointments]
    if not records:
        return None
    moments = [record["recorded_at"] for record in records if record.get("recorded_at")]
    return Plate(
        title=f"Customer: {records[0].get('customer_name') or wanted.in_words}",
        columns=COLUMNS,
        dataset=_customers(records),
        source={"collections": RECORD_KINDS},
        filters=wanted.said(),
        newest_at=max(moments, default=None),
        note="Known from the dealership's records only; there is no customer file yet.",
        details={
            "deals": [deal_row(deal) for deal in deals],
            "repair_orders": [order_row(order) for order in orders],
            "appointments": [appointment_row(one) for one in appointments],
        },
        detail_columns=RECORD_COLUMNS,
    )


def _customers(records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each customer once: one name may be several people."""
    names = ("customer_name", "customer_email", "customer_phone")
    return [_written(record) for record in {tuple(picked(r, *names).values()): r for r in records}.values()]


def _written(record: Mapping[str, Any]) -> dict[str, Any]:
    """The customer as a record writes them, in the shape of a person's row."""
    ways = {"emails": record.get("customer_email"), "phones": record.get("customer_phone")}
    listed = {name: [value] if value else [] for name, value in ways.items()}
    return {"id": _number(record), "name": record.get("customer_name"), **listed, "sources": ["records"]}


def _nobody(who: str) -> str:
    return (
        f"Nobody fits [{who}]. Try another spelling, the phone number or the e-mail; "
        "a new customer is added when their lead comes in."
    )


def _of_record(
    asked: Asked, tenant: Tenant, said: Mapping[str, str], record: Mapping[str, Any] | None
) -> Plate:
    """The customer of a deal, a repair order or a vehicle that was named by its number."""
    [(name, number)] = said.items()
    what = f"{WORDS[name]} {number}"
    if record is None:
        return _list((), what, said, f"There is no {WORDS[name].lower()} {number}.")
    about = {"person_id": record.get("master_person_id") or record.get("owner_person_id")}
    about |= {way: record.get(f"customer_{way}") for way in ("email", "phone", "name")}
    wanted = Wanted(**{way: value for way, value in about.items() if value})
    if not wanted.said():
        wanted = Wanted(vin=record.get("vin") or "")
    people = find_people(tenant, wanted)
    if len(people) == 1:
        return _card(tenant, people[0], said)
    title = ", ".join(filter(None, [what, record.get("customer_name")]))
    plate = _list(people, title, said, "" if people else "The customer's own record is not known.")
    shown = DETAILS.get(name)
    details = {shown[0]: [shown[1](record)]} if shown else {}
    return replace(plate, details=details, detail_columns=RECORD_COLUMNS)


def _newest(asked: Asked, tenant: Tenant) -> Plate:
    period = asked.period
    people = newest_people(tenant, MOST_PEOPLE)
    if period is None:
        return _list(
            people[:NEWEST],
            f"Newest customers and leads (the last {NEWEST})",
            {},
            "" if people else "There are none yet.",
        )
    start, end = asked.moments(period)
    span = (("created_at", ">=", start), ("created_at", "<", end))
    records = read(tenant, "persons", *span, order_by=("-created_at",), limit=MOST_ROWS + 1)
    new = [Person.from_data(record) for record in records if record["status"] == "active"]
    latest = f" The latest came in on {people[0].created_at.astimezone(asked.zone).date()}." if people else ""
    note = "" if new else f"Nobody new, {period.in_words}.{latest}"
    if len(records) > MOST_ROWS:
        note = f"More than {MOST_ROWS} came in; these are the newest."
    filters = {"from": period.start, "to": period.end}
    return _list(new, f"New customers and leads, {period.in_words}", filters, note)


def _list(people: Sequence[Person], title: str, filters: Mapping[str, Any], note: str) -> Plate:
    return Plate(
        title=title,
        columns=COLUMNS,
        dataset=[_person(person) for person in people],
        source={"collections": ["persons"]},
        filters=filters,
        newest_at=max((person.updated_at for person in people), default=None),
        note=note,
    )


def _card(tenant: Tenant, person: Person, filters: Mapping[str, Any]) -> Plate:
    deals = _theirs(tenant, person, "deals")
    orders = _theirs(tenant, person, "repair_orders")
    appointments = _theirs(tenant, person, "appointments")
    records = [*deals, *orders, *appointments]
    moments = [record["recorded_at"] for record in records if record.get("recorded_at")]
    return Plate(
        title=f"Customer: {person.name or 'name unknown'}",
        columns=COLUMNS,
        dataset=[_person(person)],
        source=SOURCE,
        filters=filters,
        newest_at=max([person.updated_at, *moments]),
        details={
            "deals": [deal_row(deal) for deal in deals],
            "repair_orders": [order_row(order) for order in orders],
            "appointments": [appointment_row(one) for one in appointments],
            "vehicles": _vehicles(tenant, person, [record.get("vin") for record in records]),
        },
        detail_columns=RECORD_COLUMNS,
    )


def _theirs(tenant: Tenant, person: Person, collection: str) -> list[dict[str, Any]]:
    """Records that name the person, or write their e-mail or phone as the customer's. Newest first."""
    ways: list[tuple[str, str, Any]] = [("master_person_id", "==", person.person_id)]
    if person.identity.emails:
        ways.append(("customer_email", "in", list(person.identity.emails)))
    if person.identity.phones:
        ways.append(("customer_phone", "in", list(person.identity.phones)))
    found: dict[str, dict[str, Any]] = {}
    for way in ways:
        for record in read(tenant, collection, way, limit=SHOWN):
            if _may_be(person, record):
                found[_number(record)] = record
    return sorted(found.values(), key=_number, reverse=True)[:SHOWN]


def _may_be(person: Person, record: Mapping[str, Any]) -> bool:
    """A family shares a phone: a record resolved to another person is that person's."""
    return record.get("master_person_id") in (None, person.person_id)


def _number(record: Mapping[str, Any]) -> str:
    return str(record.get("deal_number") or record.get("ro_number") or record.get("appointment_number"))


def _vehicles(tenant: Tenant, person: Person, vins: Sequence[str | None]) -> list[dict[str, Any]]:
    owned = read(tenant, "vehicles", ("owner_person_id", "==", person.person_id), limit=SHOWN)
    known = read_by_keys(tenant, "vehicles", [*vins, *person.identity.vins, *(v["vin"] for v in owned)])
    return [vehicle_row(vehicle) for vehicle in known.values()]


def _person(person: Person) -> dict[str, Any]:
    return {
        "id": person.person_id,
        "name": person.name,
        "emails": list(person.identity.emails),
        "phones": list(person.identity.phones),
        "sources": list(person.sources),
        "consent": dict(person.consent),
        "created_at": person.created_at,
    }


def _in_stock(tenant: Tenant, number: str) -> dict[str, Any] | None:
    return next(iter(read(tenant, "vehicles", ("stock_number", "==", number), limit=1)), None)


RECORDS_OF_NUMBERS: Mapping[str, Callable[[Tenant, str], dict[str, Any] | None]] = {
    "deal_number": lambda tenant, number: read_one(tenant, "deals", number),
    "ro_number": order_of_number,
    "stock_number": _in_stock,
}
WORDS = {"deal_number": "Deal", "ro_number": "Repair order", "stock_number": "Stock number"}
DETAILS = {"deal_number": ("deals", deal_row), "ro_number": ("repair_orders", order_row)}
