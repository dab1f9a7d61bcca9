"""VIN rules on the vectors of the regulation and of NHTSA."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.vin import Vin, check_digit, parse_vin

PUBLISHED = ["1G4AH59H45G118341", "1M8GDM9AXKP042788", "1J9RP1A36A1644345", "1HGCM82633A004352"]
ALPHABET = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"


@pytest.mark.parametrize("vin", PUBLISHED)
def test_published_examples_are_accepted_without_warnings(vin: str) -> None:
    assert parse_vin(vin) == Vin(vin)


@pytest.mark.parametrize("vin", PUBLISHED)
def test_a_wrong_check_digit_is_refused_in_north_america(vin: str) -> None:
    wrong = "5" if vin[8] != "5" else "6"
    with pytest.raises(ValueError, match="check digit"):
        parse_vin(vin[:8] + wrong + vin[9:])


def test_the_check_digit_tells_a_misread_s_from_a_5() -> None:
    assert parse_vin("5GZCZ43D13S812715") == Vin("5GZCZ43D13S812715")
    misread = parse_vin("SGZCZ43D13S812715")
    assert "check digit" in misread.warnings[0]


def test_a_foreign_vin_with_another_check_character_is_only_warned_about() -> None:
    foreign = parse_vin("WVWZZZ1JZXW000001")
    assert foreign.value == "WVWZZZ1JZXW000001"
    assert len(foreign.warnings) == 1


def test_a_vin_of_one_character_is_refused_although_its_check_digit_holds() -> None:
    assert check_digit("1" * 17) == "1"
    with pytest.raises(ValueError, match="no vehicle"):
        parse_vin("1" * 17)


@pytest.mark.parametrize("text", ["", "1G4AH59H45G11834", "1G4AH59H45G1183411", "x" * 5000])
def test_any_other_length_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="17 characters"):
        parse_vin(text)


@pytest.mark.parametrize("letter", ["I", "O", "Q", "Ä", "²", "_"])
def test_characters_no_vin_has_are_refused(letter: str) -> None:
    with pytest.raises(ValueError, match="a VIN has no"):
        parse_vin("1G4AH59H45G11834" + letter)


def test_case_spaces_and_hyphens_do_not_matter() -> None:
    assert parse_vin(" 1hgcm-82633 a004352 ").value == "1HGCM82633A004352"


@given(st.text(alphabet=ALPHABET, min_size=17, max_size=17))
def test_a_vin_with_its_own_check_digit_is_accepted_wherever_it_comes_from(text: str) -> None:
    if len(set(text)) >= 6:
        vin = text[:8] + check_digit(text) + text[9:]
        assert parse_vin(vin) == Vin(vin)


@given(st.text())
def test_any_text_gives_a_vin_or_a_value_error(text: str) -> None:
    try:
        parsed = parse_vin(text)
    except ValueError:
        return
    assert len(parsed.value) == 17
