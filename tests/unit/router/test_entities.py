from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.brain.route_message.entities.extract import find_entities
from shared.brain.route_message.entities.person_names import find_bare_name
from shared.brain.route_message.intents import INTENTS, Intent

TODAY = date(2026, 11, 20)


def entities(text: str, intent: Intent = Intent.FINANCE) -> dict[str, Any]:
    return find_entities(text, intent=intent, today=TODAY)


def usd(op: str, value: int, **more: int) -> dict[str, Any]:
    return {"op": op, "value": value, **more, "currency": "USD"}


def test_the_contract_sentence_has_exactly_one_entity() -> None:
    assert entities("Show me the financials for Lane A") == {"lane": "A"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("show me lane b numbers", {"lane": "B"}),
        ("profit on the rental side", {"lane": "D"}),
        ("margin of the service department", {"lane": "B"}),
        ("how profitable is the workshop", {"lane": "B"}),
        ("are we making money on transport", {"lane": "C"}),
        ("what did we spend on transport", {"category": "transport", "direction": "expense"}),
        ("what did we spend on parts", {"category": "parts_purchase", "direction": "expense"}),
        ("labor revenue", {"category": "labour", "direction": "income"}),
        ("income vs cost", {}),
        ("the income statement", {}),
    ],
)
def test_lanes_categories_and_directions_are_read_as_they_are_booked(
    text: str, expected: dict[str, str]
) -> None:
    assert entities(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("expenses over $20k", usd(">", 20_000)),
        ("above 2,500 dollars", usd(">", 2_500)),
        ("at least 10 grand", usd(">", 10_000)),
        ("under 15000", usd("<", 15_000)),
        ("less than ten thousand", usd("<", 10_000)),
        ("between 5k and 10k", usd("between", 5_000, upper=10_000)),
        ("a fee of $499.50", {"op": "=", "value": 499.5, "currency": "USD"}),
    ],
)
def test_amounts_are_compared_as_said(text: str, expected: dict[str, Any]) -> None:
    assert entities(text, Intent.INVENTORY)["amount"] == expected


@pytest.mark.parametrize("text", ["over 90 days", "under 40k miles", "more than 3 errors", "2022", "lane 5"])
def test_other_figures_are_no_money(text: str) -> None:
    assert "amount" not in entities(text, Intent.INVENTORY)


def test_age_and_mileage_have_their_own_names() -> None:
    found = entities("suvs over 90 days with less than 40k miles", Intent.INVENTORY)
    assert found["days_in_stock"] == {"op": ">", "value": 90}
    assert found["mileage"] == {"op": "<", "value": 40_000}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the blue 2022 rav4", {"year": 2022, "make": "Toyota", "model": "RAV4", "colour": "blue"}),
        ("any f150s", {"make": "Ford", "model": "F-150"}),
        ("used chevys", {"make": "Chevrolet", "condition": "used"}),
        ("2019 or newer subaru outback", {"year_from": 2019, "make": "Subaru", "model": "Outback"}),
        ("sedans newer than 2020", {"year_from": 2021, "body": "sedan"}),
        ("the black explorer", {"make": "Ford", "model": "Explorer", "colour": "black"}),
        ("price over 1500", None),
        ("can we fit in one more", None),
        ("cars with red flags", None),
    ],
)
def test_vehicles_are_named_by_year_make_model_and_looks(text: str, expected: dict[str, Any] | None) -> None:
    assert entities(text, Intent.INVENTORY).get("vehicle") == expected


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("who is maria lopez", "Maria Lopez"),
        ("what did mrs hernandez buy", "Hernandez"),
        ("bring up shanice coleman's file", "Shanice Coleman"),
        ("look up ivan", "Ivan"),
        ("the lopez family", "Lopez"),
        ("home address of victor hugo ramirez", "Victor Hugo Ramirez"),
        ("is priya sharma already in our system", "Priya Sharma"),
        ("find Siobhan O'Neill", "Siobhan O'Neill"),
        ("new internet leads", None),
        ("whos handling the deal", None),
        ("which leads will we call", None),
    ],
)
def test_people_are_found_in_hurried_text(text: str, person: str | None) -> None:
    assert entities(text, Intent.CRM).get("person") == person


def test_karen_white_is_no_white_car() -> None:
    assert entities("does karen white have a trade in", Intent.CRM) == {"person": "Karen White"}


@pytest.mark.parametrize("text", ["hmm", "show me", "never mind", "the leads", "312", "a b c d e"])
def test_an_answer_that_is_no_name_is_not_taken_for_one(text: str) -> None:
    assert find_bare_name(text) is None


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("pull up vin 1hgcm82633a004352", "vin", "1HGCM82633A004352"),
        ("call 312-555-0144", "phone", "+13125550144"),
        ("(312) 555 0144", "phone", "+13125550144"),
        ("write to Dave.Miller@Example.com", "email", "dave.miller@example.com"),
        ("status of RO 10233", "ro_number", "10233"),
        ("repair order #RO-1182", "ro_number", "RO-1182"),
        ("find stock number P1042", "stock_number", "P1042"),
        ("deal D-77", "deal_number", "D-77"),
        ("status of delivery 5531", "trip_number", "5531"),
    ],
)
def test_numbers_that_name_a_record_are_found(text: str, name: str, value: str) -> None:
    assert entities(text, Intent.CRM)[name] == value


def test_a_vin_with_a_wrong_check_digit_is_none() -> None:
    assert entities("vin SGZCZ43D13S812715", Intent.INVENTORY).get("vin") in (None, "SGZCZ43D13S812715")
    assert "vin" not in entities("vin 1HGCM82633A004353", Intent.INVENTORY)


def test_the_digits_of_a_record_are_not_read_twice() -> None:
    assert entities("status of ro 2022 for today", Intent.SERVICE).keys() == {"ro_number", "period"}
    assert entities("call 312-555-2022", Intent.CRM).keys() == {"phone"}


@given(text=st.text(max_size=200), intent=st.sampled_from(INTENTS))
def test_no_text_breaks_the_extraction_and_nothing_empty_comes_out(text: str, intent: Intent) -> None:
    assert all(value not in (None, "", {}, []) for value in entities(text, intent).values())


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("net income this year", None),
        ("net profit we made", None),
        ("gross profit earned", None),
        ("profit made on rentals", None),
        ("margin and income", None),
        ("the bottom line of our earnings", None),
        ("P&L with revenue", None),
        ("p and l, income", None),
        ("gross income", "income"),
        ("income", "income"),
        ("spending", "expense"),
    ],
)
def test_money_in_less_money_out_is_not_narrowed_to_one_of_them(text: str, direction: str | None) -> None:
    assert entities(text).get("direction") == direction


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("RO-58003", "ro_number", "RO-58003"),
        ("status of ro-58003 please", "ro_number", "RO-58003"),
        ("RO-24-10233", "ro_number", "RO-24-10233"),
        ("is ro58003 done", "ro_number", "58003"),
        ("deal D-7003", "deal_number", "D-7003"),
        ("D-7003", "deal_number", "D-7003"),
        ("N20003", "stock_number", "N20003"),
        ("where is u20011?", "stock_number", "U20011"),
    ],
)
def test_a_number_as_the_records_write_it_needs_no_word_before_it(text: str, name: str, value: str) -> None:
    assert entities(text, Intent.INVENTORY)[name] == value


@pytest.mark.parametrize(
    "text", ["fy2026", "a c1500", "n20003@example.com", "q42026", "lane D - 15", "1.N20003"]
)
def test_other_letters_with_figures_are_no_record(text: str) -> None:
    assert not entities(text, Intent.INVENTORY).keys() & {"stock_number", "deal_number", "ro_number"}


def test_of_several_numbers_the_first_counts_and_the_others_are_named() -> None:
    found = entities("RO-58003 and RO-58004", Intent.SERVICE)
    assert found == {"ro_number": "RO-58003", "also_said": "RO-58004"}


def test_a_mistyped_vin_is_told_apart_from_a_vin_and_from_a_long_word() -> None:
    assert entities("vin 1hgcm82633a004353", Intent.INVENTORY) == {"vin_text": "1HGCM82633A004353"}
    assert "vin_text" not in entities("vin 1HGCM82633A004352", Intent.INVENTORY)
    assert entities("departmentalEEEEE", Intent.INVENTORY) == {}


def test_each_figure_keeps_its_own_comparison() -> None:
    found = entities("less than 50,000 miles under $40k", Intent.INVENTORY)
    assert found == {"mileage": {"op": "<", "value": 50_000}, "amount": usd("<", 40_000)}


@pytest.mark.parametrize(
    "text", ["between 8 and 9 am", "between 8 and 9:30", "between 8 and 9 o'clock", "between 2019 and 2022"]
)
def test_hours_and_years_are_no_dollars(text: str) -> None:
    assert "amount" not in entities(text, Intent.INVENTORY)


def test_years_with_a_currency_are_dollars() -> None:
    assert entities("between $2000 and 2020", Intent.INVENTORY)["amount"] == usd("between", 2000, upper=2020)


@pytest.mark.parametrize(
    ("text", "vehicle"),
    [
        ("certified pre-owned hondas", {"make": "Honda", "condition": "certified"}),
        ("CPO sedans", {"body": "sedan", "condition": "certified"}),
        ("pre-owned sedans", {"body": "sedan", "condition": "used"}),
        ("any pickups", {"body": "truck"}),
        ("2019-2022 civics", {"year_from": 2019, "year_to": 2022, "make": "Honda", "model": "Civic"}),
        (
            "civics between 2022 and 2019",
            {"year_from": 2019, "year_to": 2022, "make": "Honda", "model": "Civic"},
        ),
    ],
)
def test_conditions_bodies_and_spans_of_years_are_read(text: str, vehicle: dict[str, Any]) -> None:
    assert entities(text, Intent.INVENTORY) == {"vehicle": vehicle}


def test_a_pickup_in_the_shop_is_no_truck() -> None:
    assert entities("pickup of the red camry", Intent.LOGISTICS)["vehicle"].keys() == {
        "make",
        "model",
        "colour",
    }
    assert "vehicle" not in entities("ready for pickup", Intent.INVENTORY)


@pytest.mark.parametrize(
    ("text", "intent", "first", "others"),
    [
        ("white or black suvs", Intent.INVENTORY, {"vehicle": {"body": "suv", "colour": "white"}}, "black"),
        (
            "civics and accords",
            Intent.INVENTORY,
            {"vehicle": {"make": "Honda", "model": "Civic"}},
            "Honda Accord",
        ),
        ("hondas, toyota camrys", Intent.INVENTORY, {"vehicle": {"make": "Honda"}}, "Toyota Camry"),
        ("suvs or vans", Intent.INVENTORY, {"vehicle": {"body": "suv"}}, "van"),
        ("compare lane A and B", Intent.FINANCE, {}, "lane A, lane B"),
        ("lane c vs lane a last", Intent.FINANCE, {}, "lane A, lane C"),
        ("service versus rental", Intent.FINANCE, {}, "lane B, lane D"),
        ("the service lane and the rental lane", Intent.FINANCE, {}, "lane B, lane D"),
        ("lane b and a summary", Intent.FINANCE, {"lane": "B"}, None),
        ("a white honda civic", Intent.INVENTORY, None, None),
    ],
)
def test_what_stands_beside_the_first_of_its_kind_is_not_lost(
    text: str, intent: Intent, first: dict[str, Any] | None, others: str | None
) -> None:
    found = entities(text, intent)
    assert found.pop("also_said", None) == others
    assert first is None or found == first


@pytest.mark.parametrize(
    ("text", "person"),
    [("BRIAN DAVIS", "Brian Davis"), ("find SIOBHAN O'NEILL", "Siobhan O'Neill"), ("jd miller", None)],
)
def test_a_shouted_name_is_a_name(text: str, person: str | None) -> None:
    assert entities(text, Intent.CRM).get("person") == person
