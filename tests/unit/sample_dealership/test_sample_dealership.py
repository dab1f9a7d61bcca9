"""The sample is believable, valid by the product's own rules, and the same every time."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import mean, stdev
from typing import Any

import pytest

from functions.records_intake.kinds import KINDS
from shared.domain.components import catalogue
from shared.domain.deal import Deal
from shared.domain.money_entry import MoneyEntry
from shared.domain.phone import parse_phone
from shared.domain.record import Record
from shared.domain.vehicle import Vehicle
from shared.domain.vin import parse_vin
from shared.local.sample_dealership.dealership import SampleDealership, sample_dealership
from shared.local.sample_dealership.leads import TWISTS
from shared.local.sample_dealership.ledger import MONTHS
from shared.local.sample_dealership.vehicle_lines import LINES
from shared.local.sample_dealership.vins import make_vin

AS_OF = datetime(2026, 11, 20, 16, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def sample() -> SampleDealership:
    return sample_dealership("autohaus", seed=7, as_of=AS_OF)


@pytest.fixture(scope="module")
def books(sample: SampleDealership) -> list[MoneyEntry]:
    return [MoneyEntry.model_validate(row) for row in sample.records["ledger_entries"]]


def records(sample: SampleDealership, kind: str) -> Iterator[Record]:
    return (KINDS[kind].model_validate(row) for row in sample.records[kind])


def as_bytes(sample: SampleDealership) -> bytes:
    return json.dumps([[lead.body for lead in sample.leads], sample.records]).encode()


def test_the_same_seed_and_moment_give_the_same_bytes() -> None:
    assert as_bytes(sample_dealership("autohaus", seed=7, as_of=AS_OF)) == as_bytes(
        sample_dealership("autohaus", seed=7, as_of=AS_OF)
    )


@pytest.mark.parametrize(
    ("tenant", "seed", "as_of"),
    [("northside", 7, AS_OF), ("autohaus", 8, AS_OF), ("autohaus", 7, AS_OF + timedelta(days=1))],
)
def test_another_tenant_seed_or_day_gives_another_dealership(tenant: str, seed: int, as_of: datetime) -> None:
    other = sample_dealership(tenant, seed=seed, as_of=as_of)
    assert as_bytes(other) != as_bytes(sample_dealership("autohaus", seed=7, as_of=AS_OF))


@pytest.mark.parametrize("tenant", ["autohaus", "northside"])
@pytest.mark.parametrize(
    "as_of", [AS_OF, datetime(2028, 2, 29, 3, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)]
)
@pytest.mark.parametrize("seed", [1, 20260101])
def test_every_row_keeps_the_contract_of_its_kind_on_any_day(tenant: str, as_of: datetime, seed: int) -> None:
    sample = sample_dealership(tenant, seed=seed, as_of=as_of)
    for kind in sample.records:
        keys = [record.natural_key for record in records(sample, kind)]
        assert len(keys) == len(set(keys)) > 0
        assert all(set(row) <= set(KINDS[kind].model_fields) for row in sample.records[kind])


def test_the_dealership_has_the_size_it_should(sample: SampleDealership) -> None:
    assert len(sample.records["vehicles"]) == 240
    assert len(sample.people) == 1500
    assert len(sample.leads) == 1500 + 180
    assert len(sample.records["staff"]) == 25
    assert {row["staff_id"] for row in sample.records["staff"]} >= {
        *("ceo", "advisor", "sales", "mechanic", "driver", "operator")
    }


@pytest.mark.parametrize(
    ("pattern", "year", "plant", "serial", "vin"),
    [("1HGCM826", 2033, "A", 4352, "1HGCM82633A004352"), ("1M8GDM9A", 2019, "P", 42788, "1M8GDM9AXKP042788")],
)
def test_a_vin_is_put_together_as_the_standard_says(
    pattern: str, year: int, plant: str, serial: int, vin: str
) -> None:
    assert make_vin(pattern=pattern, year=year, plant=plant, serial=serial) == vin


def test_vins_are_valid_unlike_each_other_and_say_the_make_and_year(sample: SampleDealership) -> None:
    patterns = {line.pattern: line for line in LINES}
    for row in sample.records["vehicles"]:
        vin = parse_vin(row["vin"])
        line = patterns[vin.value[:8]]
        assert vin.warnings == ()
        assert (line.make, line.model) == (row["make"], row["model"])
        assert vin.value[9] == "ABCDEFGHJKLMNPRSTVWXY123456789"[row["year"] - 2010]
        assert line.first <= row["year"] <= (line.last or TODAY.year + 1)


def test_older_and_driven_vehicles_cost_less_and_new_ones_are_hardly_driven(sample: SampleDealership) -> None:
    vehicles = [v for v in records(sample, "vehicles") if isinstance(v, Vehicle) and v.list_price and v.cost]
    by_age = defaultdict(list)
    for vehicle in vehicles:
        assert vehicle.list_price and vehicle.cost and vehicle.odometer is not None
        assert Decimal("0.8") < vehicle.cost / vehicle.list_price < Decimal("0.96")
        assert (vehicle.odometer < 100) == (vehicle.condition == "new")
        assert 3_000 < vehicle.list_price < 90_000
        by_age[TODAY.year - vehicle.year].append(float(vehicle.list_price))
    assert mean(by_age[0]) > 1.2 * mean(by_age[2]) > 1.3 * mean(by_age[5])


def test_phones_are_valid_and_kept_for_fiction_and_addresses_lead_nowhere(sample: SampleDealership) -> None:
    contacts = [lead.body for lead in sample.leads] + sample.records["staff"]
    for body in contacts:
        if "phone" in body:
            assert parse_phone(body["phone"])[5:10] == "55501"
        if "email" in body:
            assert body["email"].rsplit(".", 1)[-1] == "example" or "example." in body["email"].split("@")[1]


def test_people_share_homes_phones_and_names_without_being_one(sample: SampleDealership) -> None:
    homes = Counter(tuple(sorted(person.address.items())) for person in sample.people)
    phones = Counter(person.phone for person in sample.people if person.phone)
    names = Counter(person.name for person in sample.people)
    assert 250 < sum(1 for count in homes.values() if count > 1) < 600
    assert 60 < sum(1 for count in phones.values() if count > 1) < 250
    assert sum(1 for count in names.values() if count > 1) > 30
    namesakes_at_home = Counter(
        (person.name, tuple(sorted(person.address.items()))) for person in sample.people
    )
    assert sum(1 for count in namesakes_at_home.values() if count > 1) > 0


def test_duplicates_differ_from_the_first_lead_and_still_share_a_way_to_reach_them(
    sample: SampleDealership,
) -> None:
    first = {lead.truth_id: lead.body for lead in sample.leads if not lead.twist}
    again = [lead for lead in sample.leads if lead.twist]
    assert set(Counter(lead.twist for lead in again)) == set(TWISTS)
    for lead in again:
        before, after = first[lead.truth_id], lead.body
        same_phone = parse_phone(before["phone"]) == parse_phone(after["phone"])
        assert same_phone or before["email"] == after.get("email")
        if lead.twist in ("misspelt_last", "misspelt_first", "nickname", "swapped"):
            assert (before["first_name"], before["last_name"]) != (after["first_name"], after["last_name"])


def test_leads_came_over_the_years_by_day_and_one_of_a_person_after_the_other(
    sample: SampleDealership,
) -> None:
    moments = [lead.came_at for lead in sample.leads]
    assert moments == sorted(moments) and (moments[-1] - moments[0]).days > 500
    lately = sum(1 for moment in moments if (moments[-1] - moment).days < 7)
    assert 5 <= lately <= 200
    first = {lead.truth_id: lead.twist for lead in reversed(sample.leads)}
    assert not any(first.values()), "what is mistyped came second"


def test_the_truth_never_leaves_the_generator(sample: SampleDealership) -> None:
    assert b'"T0' not in as_bytes(sample)


def test_deals_fit_the_stock_and_some_have_gone_quiet(sample: SampleDealership) -> None:
    status = {row["vin"]: row["status"] for row in sample.records["vehicles"]}
    active = {row["staff_id"] for row in sample.records["staff"] if row["active"] and row["role"] == "sales"}
    deals = [deal for deal in records(sample, "deals") if isinstance(deal, Deal)]
    assert {status[deal.vin] for deal in deals if deal.stage == "won" and deal.vin} == {"sold"}
    reserved = {vin for vin, state in status.items() if state == "reserved"}
    assert reserved <= {deal.vin for deal in deals if deal.stage in ("negotiation", "financing")}
    assert {deal.owner_staff_id for deal in deals} <= active
    ages = [(AS_OF - deal.last_activity_at).days for deal in deals if deal.is_open and deal.last_activity_at]
    assert all(age >= 0 for age in ages)
    assert 5 < sum(age > 8 for age in ages) < len(ages) / 3


def test_every_vehicle_in_the_shop_that_has_an_order_is_a_customers(sample: SampleDealership) -> None:
    in_shop = {row["vin"] for row in sample.records["vehicles"] if row["status"] == "in_service"}
    orders = sample.records["repair_orders"]
    assert {row["vin"] for row in orders if row["status"] != "closed"} == in_shop
    assert all(row["opened_at"] <= AS_OF.isoformat() for row in orders)
    late = [row for row in orders if row["status"] != "closed" and row["promised_at"] < AS_OF.isoformat()]
    assert 0 < len(late) < len(in_shop) / 2


def test_appointments_are_in_opening_hours_around_today(sample: SampleDealership) -> None:
    starts = [datetime.fromisoformat(row["starts_at"]) for row in sample.records["appointments"]]
    assert min(starts) < AS_OF < max(starts)
    assert all(start.weekday() != 6 and 13 <= start.hour <= 23 for start in starts)
    booked = [
        row["starts_at"] for row in sample.records["appointments"] if row["status"] in ("booked", "confirmed")
    ]
    assert booked and min(booked) > AS_OF.isoformat()


def test_the_books_reach_back_eighteen_months_and_not_into_the_future(books: list[MoneyEntry]) -> None:
    months = {entry.occurred_on.strftime("%Y-%m") for entry in books}
    assert len(months) == MONTHS + 1
    assert max(entry.occurred_on for entry in books) <= TODAY
    assert {entry.lane for entry in books} == {"A", "B", "C", "D"}


def test_saturdays_and_month_ends_sell_more_and_sundays_nothing(books: list[MoneyEntry]) -> None:
    sold = Counter(entry.occurred_on for entry in books if entry.category == "sales")
    every = [TODAY - timedelta(days=back) for back in range(500)]

    def a_day(days: list[date]) -> float:
        return mean(sold[day] for day in days)

    by_weekday = [a_day([day for day in every if day.weekday() == weekday]) for weekday in range(7)]
    assert by_weekday[5] > 1.5 * by_weekday[0] and by_weekday[6] < 0.3
    ends = [day for day in every if (day + timedelta(days=2)).day <= 2 and day.weekday() < 6]
    middles = [day for day in every if 8 <= day.day <= 22 and day.weekday() < 6]
    assert a_day(ends) > 1.25 * a_day(middles)


def test_corrections_point_to_entries_before_them_and_never_turn_them_round(books: list[MoneyEntry]) -> None:
    seen: dict[str, MoneyEntry] = {}
    corrected: Counter[str] = Counter()
    for entry in books:
        if entry.corrects:
            before = seen[entry.corrects]
            assert (entry.lane, entry.category, entry.direction) == (
                before.lane,
                before.category,
                before.direction,
            )
            assert before.occurred_on <= entry.occurred_on
            assert before.amount + entry.amount >= 0
            corrected[entry.corrects] += 1
        seen[entry.entry_id] = entry
    assert len(corrected) >= 10 and set(corrected.values()) == {1}


def test_the_dealership_earns_money_in_most_months(books: list[MoneyEntry]) -> None:
    result: dict[str, Decimal] = defaultdict(Decimal)
    for entry in books:
        result[entry.occurred_on.strftime("%Y-%m")] += entry.signed_amount
    assert sum(result.values()) > 0
    assert sum(1 for amount in result.values() if amount > 0) > len(result) / 2


def test_a_transport_fee_of_thousands_stands_out_from_thirty_days(books: list[MoneyEntry]) -> None:
    daily: dict[date, float] = defaultdict(float)
    for entry in books:
        if entry.category == "transport" and entry.occurred_on > TODAY - timedelta(days=30):
            daily[entry.occurred_on] += float(entry.amount)
    values: list[Any] = list(daily.values())
    assert len(values) > 20
    assert mean(values) + 4 * stdev(values) < 5_000
    assert max(values) < mean(values) + 4 * stdev(values)


def test_every_operation_there_is_has_a_price(sample: SampleDealership) -> None:
    priced = {row["operation"] for row in sample.records["price_items"]}
    assert priced == set(catalogue().operations)
