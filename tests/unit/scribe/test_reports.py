"""What a report says, sentence by sentence."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.brain.inspect_media.clauses import Phrase
from shared.brain.inspect_media.findings import read_report
from shared.brain.inspect_media.models import Finding
from shared.brain.inspect_media.writing import find_odometer
from shared.domain.components import SEVERITIES, catalogue


def found(*texts: str) -> list[str]:
    """`component zone severity`, with `?` behind what is doubted."""
    read = read_report([Phrase(text, float(n)) for n, text in enumerate(texts)]).findings
    return sorted(f"{one.component} {one.zone or '-'} {one.severity}{'?' * bool(one.doubts)}" for one in read)


def only(text: str) -> Finding:
    (finding,) = read_report([Phrase(text)]).findings
    return finding


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Metal on metal rotors, front left.", ["brake_rotor front_left red"]),
        ("Wiper blades are good.", ["wiper front green"]),
        ("Passenger mirror is cracked, driver mirror is fine.", ["mirror left green", "mirror right yellow"]),
        ("Oil leak from the oil pan.", ["oil_pan underbody yellow"]),
        ("Front left tire has a screw in it.", ["tire front_left red"]),
        ("The rear bumper has a big dent.", ["bumper rear yellow"]),
        ("Trunk and tailgate are dented.", ["trunk rear yellow"]),
        ("LR shock is wet. RR shock is fine.", ["strut rear_left yellow", "strut rear_right green"]),
        ("Left and right front tires are bald.", ["tire front_left red", "tire front_right red"]),
        ("Windshield has a crack in the driver's line of sight.", ["windshield front red"]),
        ("Tires are bald all the way around.", ["tire whole red"]),
    ],
)
def test_a_sentence_is_component_place_and_severity(said: str, expected: list[str]) -> None:
    assert found(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Front left pads two millimeters.", "red"),
        ("Front left pads at 3mm.", "yellow"),
        ("Front left pads have seven millimeters left.", "green"),
        ("Left rear tire at two thirty-seconds.", "red"),
        ("Left rear tire 4/32.", "yellow"),
        ("Left rear tire is at six 32nds.", "green"),
        ("Left rear tire is at twenty psi.", "yellow"),
        ("Battery tested two hundred ninety out of six hundred fifty.", "red"),
        ("Alternator puts out fourteen point two volts.", "green"),
        ("Brake fluid has four percent moisture.", "yellow"),
    ],
)
def test_a_number_says_how_bad_it_is(said: str, expected: str) -> None:
    assert only(said).severity == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("metal on metal rotors, no wait, front right", ["brake_rotor front_right red"]),
        ("Metal on metal rotors, front left. No wait, front right.", ["brake_rotor front_right red"]),
        ("The right headlight, no weight, the left headlight is cracked.", ["headlight front_left yellow"]),
        ("Rear left tire, correction, rear right tire is bald.", ["tire rear_right red"]),
        ("Front left pads at 2 mm, I mean 8 mm.", ["brake_pad front_left green"]),
        (
            "I hear metal on metal rotors, no wait, front right is good, front left is metal on metal",
            ["brake_rotor front_left red", "brake_rotor front_right green"],
        ),
    ],
)
def test_what_is_taken_back_is_not_found(said: str, expected: list[str]) -> None:
    assert found(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("No play in the ball joints.", ["ball_joint - green"]),
        ("I do not see any leaks.", []),
        ("Front left rotor is not scored.", ["brake_rotor front_left green"]),
        ("The horn doesn't work.", ["horn front red"]),
        ("Front left caliper is not good.", ["brake_caliper front_left yellow"]),
        ("There is no pad left on the front left.", ["brake_pad front_left red"]),
    ],
)
def test_a_denied_defect_is_fine_and_a_denied_good_is_a_defect(said: str, expected: list[str]) -> None:
    assert found(said) == expected


@pytest.mark.parametrize(
    "said",
    [
        "I think the left rear strut might be leaking.",
        "The front left brake pads should be fine.",
        "Customer says the front left tire is losing air.",
        "Front left rotor could be scored, hard to see.",
        "The front left rotor looks peculiar.",
        "Rotors are scored.",
    ],
)
def test_what_is_doubted_is_never_green_and_always_a_persons(said: str) -> None:
    finding = only(said)
    assert finding.doubts and finding.severity != "green" and finding.confidence < 0.5


def test_words_that_only_say_what_is_being_done_say_nothing() -> None:
    assert (
        found("Moving on to the front brakes.", "Going to put it on the lift.", "Hand me the brake cleaner.")
        == []
    )
    assert found("Now the brakes, I have got metal on metal rotors, front left, wipers are good") == [
        "brake_rotor front_left red",
        "wiper front green",
    ]


def test_a_defect_of_nothing_named_is_told() -> None:
    assert len(read_report([Phrase("Something is leaking under there.")]).unattached) == 1
    assert read_report([Phrase("That looks fine.")]).unattached == ()


def test_good_and_bad_of_one_part_is_for_a_person_and_bad() -> None:
    assert found("Front left rotor is good.", "Front left rotor is metal on metal.") == [
        "brake_rotor front_left red?"
    ]


def test_evidence_is_what_was_said_and_when() -> None:
    read = read_report(
        [Phrase("Okay.", 0.0), Phrase("Metal on metal rotors,", 4.2, 0.81), Phrase("front left.", 6.0, 0.81)]
    )
    [finding] = read.findings
    assert [(one.text, one.at_seconds) for one in finding.evidence] == [("Metal on metal rotors,", 4.2)]
    assert finding.confidence == pytest.approx(0.855, abs=0.001)


def test_words_that_were_hardly_heard_are_doubted() -> None:
    [finding] = read_report([Phrase("Metal on metal rotors, front left.", 0.0, 0.3)]).findings
    assert finding.doubts == ("unclear_speech",)


@given(st.text(max_size=200))
def test_any_text_reads_without_an_error_and_nothing_is_invented(text: str) -> None:
    known = catalogue()
    for finding in read_report([Phrase(text)]).findings:
        component = known.component(finding.component)
        assert finding.zone in (None, "whole", *component.zones) and finding.severity in SEVERITIES


WORDS = "rotor|left|front|tire|good|not|no wait|metal on|bald|maybe|2 mm|,|.|rear|is|the|and|pads|but|leak"


@given(st.lists(st.sampled_from(WORDS.split("|")), max_size=30))
def test_any_words_of_the_trade_in_any_order_read_without_an_error(words: list[str]) -> None:
    for finding in read_report([Phrase(" ".join(words))]).findings:
        assert finding.severity != "green" or not finding.doubts


@pytest.mark.parametrize(
    "text",
    ["one hundred and " * 3000, "9" * 6000 + " miles", "crack " * 2000, "no wait " * 2000, "left " * 4000],
)
def test_no_words_take_long_or_end_in_an_error(text: str) -> None:
    started = time.perf_counter()
    read_report([Phrase(text[start : start + 800]) for start in range(0, len(text), 800)])
    find_odometer([(text, None)])
    assert time.perf_counter() - started < 5
