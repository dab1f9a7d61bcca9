"""VINs and odometers in the writing of pictures."""

from __future__ import annotations

import pytest

from shared.brain.inspect_media.writing import find_odometer, find_vins, holds, mended

ACCORD = "1HGCM82633A004352"


@pytest.mark.parametrize(
    "line",
    [
        ACCORD,
        f"VIN: {ACCORD}",
        "1HGC M826 33A0 04352",
        "*1HGCM82633A004352*",
        "1hgcm82633a004352",
        "1HGCM82633AO04352",  # a letter O is never in a VIN
        "IHGCM82633A004352",
        "1HGCMB2633A004352",  # B for 8: the check digit says which
    ],
)
def test_a_vin_is_read_as_the_check_digit_has_it(line: str) -> None:
    assert [one.text for one in find_vins([(line, 1.5)])] == [ACCORD]


@pytest.mark.parametrize(
    "line",
    ["MFD BY HONDA OF AMERICA MFG INC", "GVWR 4123LB", "", "PART NO 45022-S84-A02", "1111111111111111"],
)
def test_other_writing_is_no_vin(line: str) -> None:
    assert find_vins([(line, None)]) == ()


def test_a_vin_with_two_wrong_characters_is_kept_as_it_was_read() -> None:
    assert mended("1HGCN82B33A004352") == ""
    assert [one.text for one in find_vins([("1HGCN82B33A004352", None)])] == ["1HGCN82B33A004352"]
    assert not holds("1HGCN82B33A004352")


def test_the_vin_read_most_often_comes_first() -> None:
    lines = [("5GZCZ43D13S812715", 0.0), (ACCORD, 1.0), (ACCORD, 2.0)]
    assert [(one.text, one.at_seconds) for one in find_vins(lines)] == [
        (ACCORD, 1.0),
        ("5GZCZ43D13S812715", 0.0),
    ]


@pytest.mark.parametrize(
    ("lines", "miles"),
    [
        ([("84213 mi", 4.0)], 84213),
        ([("ODO", 4.0), ("84,213", 4.0)], 84213),
        ([("Mileage is 84213.", 4.0)], 84213),
        ([("135529 km", 4.0)], 84214),
        ([("84213", 4.0)], None),
        ([("ODO", 4.0), ("84213", 9.0)], None),
        ([("TRIP 312.4", 4.0)], None),
        ([("35 PSI 2300 rpm", 4.0)], None),
    ],
)
def test_an_odometer_is_a_number_that_says_so(
    lines: list[tuple[str, float | None]], miles: int | None
) -> None:
    read = find_odometer(lines)
    assert (read.miles if read else None) == miles
