"""Dictation without punctuation, corrections, and words a machine misheard or a mechanic shortened."""

from __future__ import annotations

import pytest

from shared.brain.inspect_media.clauses import Phrase
from shared.brain.inspect_media.findings import read_report


def found(text: str) -> list[str]:
    """`component zone severity`, with `?` behind what is doubted."""
    read = read_report([Phrase(text)]).findings
    return sorted(f"{one.component} {one.zone or '-'} {one.severity}{'?' * bool(one.doubts)}" for one in read)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "left front tire bald right front tire good wipers torn horn works",
            ["horn front green", "tire front_left red", "tire front_right green", "wiper front yellow"],
        ),
        (
            "torn cv boot left front leaking strut right rear",
            ["cv_axle front_left yellow", "strut rear_right yellow"],
        ),
        (
            "driver side front strut leaking passenger side dry sway bar links good",
            ["strut front_left yellow", "strut front_right green", "sway_bar_link - green"],
        ),
        ("lf tire 5 mm tread rf tire 1 mm", ["tire front_left green", "tire front_right red"]),
    ],
)
def test_a_condition_is_of_its_neighbour_by_the_order_of_the_report(said: str, expected: list[str]) -> None:
    assert found(said) == expected


def test_a_condition_between_two_parts_is_a_persons() -> None:
    doubted = found("rear door dented rocker panel")
    assert len(doubted) == 2 and all(one.endswith("yellow?") for one in doubted)


def test_a_part_that_only_says_beside_what_is_doubted() -> None:
    assert found("something is blistered by the right front caliper") == ["brake_caliper front_right yellow?"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "LF 5 mm LR 3 mm on the pads",
            ["brake_pad front_left green", "brake_pad rear_left yellow"],
        ),
        ("pads front six rear four", ["brake_pad front green", "brake_pad rear yellow"]),
        ("LF 8 RR 2 tires", ["tire front_left green", "tire rear_right red"]),
        ("brakes 5 mm front 2 mm rear", ["brakes front green", "brakes rear red"]),
        (
            "LR 7/32 RR 7/32 rec 2 front tires",
            ["tire front yellow", "tire rear_left green", "tire rear_right green"],
        ),
        ("tires 6/32 all around, brakes are good", ["brakes - green", "tire whole green"]),
        (
            "pads and rotors are good up front, rears are thin",
            [
                "brake_pad front green",
                "brake_pad rear yellow?",
                "brake_rotor front green",
                "brake_rotor rear yellow?",
            ],
        ),
        ("pads F 3mm R 6mm", ["brake_pad front yellow", "brake_pad rear green"]),
        ("L mirror cracked, R mirror good", ["mirror left yellow", "mirror right green"]),
        (
            "LF LR and RF tires look great",
            ["tire front_left green", "tire front_right green", "tire rear_left green"],
        ),
        ("battery 340 cca of a 650", ["battery engine_bay yellow"]),
        ("pads at 1 all the way around", ["brake_pad whole red"]),
    ],
)
def test_each_measurement_is_of_its_own_place(said: str, expected: list[str]) -> None:
    assert found(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("pads eight mm front make that three", ["brake_pad front yellow"]),
        ("RF pad 8 mm, no 2 mm", ["brake_pad front_right red"]),
        ("RF tire 8/32, strike that, 3/32", ["tire front_right yellow"]),
        ("Left rear tire has a bulge, scratch that, right rear.", ["tire rear_right red"]),
        (
            "Front struts are leaking... my bad, front's dry, it's the rears that are leaking.",
            ["strut front green", "strut rear yellow"],
        ),
        (
            "Left lower ball joint is bad. Sorry, control arm bushing, left front, it's torn.",
            ["ball_joint front_left yellow?", "control_arm front_left yellow"],
        ),
        ("It ain't the rear main, it's the oil pan gasket seeping.", ["oil_pan underbody yellow"]),
    ],
)
def test_what_is_corrected_counts_as_corrected(said: str, expected: list[str]) -> None:
    assert found(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("left front break pads are at too millimeters", ["brake_pad front_left red"]),
        ("the roaders on the right front are grooved", ["brake_rotor front_right yellow"]),
        ("the write rear calper is ceased up", ["brake_caliper rear_right red"]),
        ("the bald joint left front is fine", ["ball_joint front_left green"]),
        ("cool ant is low", ["coolant engine_bay yellow"]),
        ("CEL is on, P0420 stored.", ["warning_light interior yellow"]),
        ("Serp belt's glazed.", ["drive_belt engine_bay yellow"]),
        ("batt test 712 cca rated 700, good", ["battery engine_bay green"]),
        ("D/S outer tie rod end has slop in it", ["tie_rod front_left red"]),
        ("P/S headlight out", ["headlight front_right red"]),
        ("L/F pad 2mm", ["brake_pad front_left red"]),
        ("exh leak at flex pipe", ["exhaust underbody yellow"]),
        ("rf tire 3 32nds", ["tire front_right yellow"]),
        ("AC blowing 38 degrees, compressor kicks on like it should.", ["air_conditioning engine_bay green"]),
    ],
)
def test_misheard_words_and_shorthand_are_what_was_meant(said: str, expected: list[str]) -> None:
    assert found(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Water pump is pissing coolant. Tow only.", ["water_pump engine_bay red"]),
        (
            "left tail light is out, so is the right tail light",
            ["tail_light rear_left red", "tail_light rear_right red"],
        ),
        ("Brake lights aren't working, neither one.", ["brake_light rear red"]),
        ("No horn.", ["horn front red"]),
        ("Driver window won't go up.", ["side_glass left yellow"]),
        ("Left front axle boot torn, grease slung on the wheel", ["cv_axle front_left red"]),
        ("Third brake light out.", ["brake_light rear red"]),
        ("Grease is everywhere from the left front cv boot", ["cv_axle front_left red"]),
    ],
)
def test_what_is_said_once_or_beside_it_reaches_its_part(said: str, expected: list[str]) -> None:
    assert found(said) == expected
