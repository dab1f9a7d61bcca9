"""Deals and leads are lists of their own: by stage, salesperson, time, amount and vehicle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.testing.harness import Harness, running
from tests.functions.plate_composer.conftest import Asking, take_in

VIN = "1HGCM82633A004352"
NOW = datetime.now(UTC)


def days(number: int) -> str:
    return str((NOW - timedelta(days=number)).date())


def moment(number: int) -> str:
    return (NOW - timedelta(days=number)).isoformat()


LAST_WEEK = {"start": days(7), "end": days(0), "label": "this week"}
DEALS: tuple[dict[str, Any], ...] = (
    {
        "deal_number": "D-1",
        "stage": "negotiation",
        "last_activity_at": moment(1),
        "owner_staff_id": "S-1",
        "vin": VIN,
    }
    | {"amount": "31000"},
    {"deal_number": "D-2", "stage": "financing", "last_activity_at": moment(12), "owner_staff_id": "S-2"}
    | {"amount": "18000"},
    {"deal_number": "D-3", "stage": "new", "last_activity_at": moment(2), "expected_close_on": days(20)},
    {"deal_number": "D-4", "stage": "won", "closed_on": days(3), "owner_staff_id": "S-1", "amount": "25000"},
    {"deal_number": "D-5", "stage": "lost", "closed_on": days(2), "owner_staff_id": "S-1"},
    {"deal_number": "D-6", "stage": "won", "closed_on": days(60)},
    {
        "deal_number": "D-7",
        "stage": "contacted",
        "last_activity_at": moment(0),
        "expected_close_on": days(-3),
    },
)


@pytest.fixture(scope="module")
def sales(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(tmp_path_factory.mktemp("sales")) as harness:
        take_in(harness, "vehicles", {"vin": VIN, "year": 2021, "make": "Honda", "model": "Civic"})
        staff = [("S-1", "Marcus Reed"), ("S-2", "Ana Sol"), ("S-3", "Lee Idle")]
        for staff_id, name in staff:
            take_in(harness, "staff", {"staff_id": staff_id, "name": name, "role": "sales"})
        names = ("Ann Lee", "Bob Ray", "Cy Poe", "Di Fox", "Ed Orr", "Flo May", "Gus Eck")
        rows = [
            {**deal, "opened_on": days(30), "customer_name": name}
            for deal, name in zip(DEALS, names, strict=True)
        ]
        take_in(harness, "deals", *rows)
        lead = {"source": "WEB_LEAD", "email": "maria@example.com", "name": "Maria Lopez"}
        car = {"vehicle": {"make": "Honda", "model": "Civic"}}
        for sent in (lead, lead | {"source": "PHONE"} | car):
            assert harness.call("POST", "/api/crm/intake", json=sent, api_key=True).status < 300
        yield harness


@pytest.fixture
def asking(sales: Harness, request: pytest.FixtureRequest) -> Asking:
    return Asking(sales, request.node.name[:70].replace("[", "-").replace("]", ""))


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ({}, ["D-3", "D-2", "D-1", "D-7"]),
        ({"stage": "open"}, ["D-3", "D-2", "D-1", "D-7"]),
        ({"stage": "stalled"}, ["D-2"]),
        ({"stage": "negotiation"}, ["D-1"]),
        ({"stage": "closed"}, ["D-5", "D-4", "D-6"]),
        ({"stage": "closed", "period": LAST_WEEK}, ["D-5", "D-4"]),
        ({"stage": "won", "period": LAST_WEEK}, ["D-4"]),
        ({"stage": "open", "period": LAST_WEEK}, []),
        ({"stage": "closing"}, ["D-3", "D-7"]),
        ({"stage": "closing", "period": {"start": days(0), "end": days(-7)}}, ["D-7"]),
        ({"person": "Marcus Reed"}, ["D-1"]),
        ({"person": "marcus", "stage": "closed"}, ["D-5", "D-4"]),
        ({"person": "Lee Idle"}, []),
        ({"person": "Bob Ray"}, ["D-2"]),
        ({"amount": {"op": ">", "value": 20000}}, ["D-1"]),
        ({"amount": {"op": "<", "value": 20000}}, ["D-2"]),
        ({"vehicle": {"make": "honda"}}, ["D-1"]),
        ({"vin": VIN.lower()}, ["D-1"]),
    ],
)
def test_deals_are_narrowed_and_what_needs_attention_comes_first(
    asking: Asking, said: dict[str, Any], ids: list[str]
) -> None:
    frame = asking.ask("CRM", subject="deals", **said)
    assert frame["plate_id"] == "CRM_CARD" and frame["title"].startswith("Deals")
    assert [row["id"] for row in frame["dataset"]] == ids and frame["total"] == len(ids)
    assert "Not narrowed" not in frame["note"]
    assert ids or "there are none" in frame["note"]


def test_a_deal_shows_how_far_and_how_old_it_is_and_whose(asking: Asking) -> None:
    rows = {row["id"]: row for row in asking.ask("CRM", subject="deals")["dataset"]}
    deal = rows["D-1"]
    assert (deal["vehicle"], deal["customer_name"], deal["owner"]) == (
        "2021 Honda Civic",
        "Ann Lee",
        "Marcus Reed",
    )
    assert (deal["stage"], deal["amount"], deal["attention"]) == ("negotiation", 31000.0, "")
    assert deal["days_quiet"] in (0, 1, 2) and deal["days_open"] in (29, 30, 31)
    assert rows["D-2"]["attention"].startswith("nothing happened for 1")
    assert rows["D-3"]["attention"].startswith("should have closed ")


def test_the_note_counts_what_needs_attention_and_what_was_won(asking: Asking) -> None:
    assert asking.ask("CRM", subject="deals")["note"] == "2 of 4 need attention."
    closed = asking.ask("CRM", subject="deals", stage="closed", period=LAST_WEEK)
    assert closed["note"] == "1 won, 1 lost."
    assert closed["title"].startswith("Deals closed, this week (")


def test_a_customers_card_is_shown_when_no_listed_deal_is_theirs(asking: Asking) -> None:
    frame = asking.ask("CRM", subject="deals", stage="open", person="Maria Lopez")
    assert frame["title"] == "Customer: Maria Lopez"
    assert "Not narrowed by: stage open." in frame["note"]


def test_whose_deals_are_mine_is_not_known_and_said(asking: Asking) -> None:
    assert "Not narrowed by: owner me." in asking.ask("CRM", subject="deals", owner="me")["note"]


def test_leads_are_listed_by_the_time_they_came_in_those_of_a_known_customer_too(asking: Asking) -> None:
    today = {"start": days(1), "end": days(-1), "label": "today"}
    frame = asking.ask("CRM", subject="leads", period=today)
    assert [row["source"] for row in frame["dataset"]] == ["PHONE", "WEB_LEAD"]
    assert [(row["is_known"], row["vehicle"]) for row in frame["dataset"]] == [
        (True, "Honda Civic"),
        (False, None),
    ]
    assert asking.ask("CRM", subject="leads")["title"] == "Newest leads (the last 25)"
    none = asking.ask("CRM", subject="leads", period={"start": "2020-01-01", "end": "2020-01-31"})
    assert none["dataset"] == [] and "The latest came in on" in none["note"]


def test_another_dealerships_deals_and_leads_are_not_listed(sales: Harness) -> None:
    neighbour = Asking(sales, "neighbour", tenant="northside")
    for subject in ("deals", "leads"):
        assert neighbour.ask("CRM", subject=subject)["dataset"] == []
