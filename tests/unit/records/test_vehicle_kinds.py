"""Inventory exports write bodies and fuels in many ways; searches need one word."""

from __future__ import annotations

import pytest

from shared.domain.vehicle import Vehicle

CAR = {"vin": "1HGCM82633A004352", "year": 2003, "make": "Honda", "model": "Accord"}


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ("SUV", "suv"),
        ("4dr Sport Utility Vehicle", "suv"),
        ("Crew Cab Pickup", "truck"),
        ("Mini-van", "van"),
        ("Minivan", "van"),
        ("5-Door Hatchback", "hatchback"),
        ("4D Sedan", "sedan"),
        ("Coupé", "coupe"),
        ("  Roadster ", "convertible"),
        ("Box on wheels", "box on wheels"),
    ],
)
def test_a_body_is_one_word_however_it_is_written(written: str, body: str) -> None:
    assert Vehicle.model_validate({**CAR, "body": written}).body == body


@pytest.mark.parametrize(
    ("written", "fuel"),
    [
        ("Gasoline/Electric Hybrid", "hybrid"),
        ("Plug-In Hybrid", "hybrid"),
        ("BEV", "electric"),
        ("Unleaded", "gasoline"),
        ("Turbo Diesel", "diesel"),
        ("hydrogen", "hydrogen"),
    ],
)
def test_a_fuel_is_one_word_however_it_is_written(written: str, fuel: str) -> None:
    assert Vehicle.model_validate({**CAR, "fuel": written}).fuel == fuel
