"""What no report is allowed to call fine, and what sounds like danger is never dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.brain.inspect_media.answer import InspectionAnswer, complete
from shared.brain.inspect_media.clauses import Phrase
from shared.brain.inspect_media.findings import Reading, overlap, read_report
from shared.brain.inspect_media.models import InspectionInput


def read(text: str) -> Reading:
    return read_report([Phrase(text)])


def greens(text: str) -> list[str]:
    return [f"{one.component} {one.zone}" for one in read(text).findings if one.severity == "green"]


@pytest.mark.parametrize(
    "said",
    [
        "Everything would be fine if the parking brake actually held, but it doesn't.",
        "Brakes are good, as long as you never need to stop.",
        "Seat belt works if you hold it.",
        "Customer states the front rotors are good.",
        "The wife said the battery is fine.",
        "Tech says the ball joints are fine.",
        "The last shop told him the rear pads are good.",
        "I wouldn't swear the front rotors are good.",
        "Sure, the rear pads are fine. If you think half a millimeter is fine.",
        "Wonderful, another perfect set of wipers. I could see better with a mop.",
        "Love how the headlights light up absolutely nothing.",
        "Front pads good at two millimeters.",
        "Battery is good, 11.2 volts.",
        "Pads were fine in March.",
        "Rotors are fine, just kidding, they're junk.",
        "Brakes passed, but I wouldn't let my kid drive it.",
        "Both front tires look good but they're from 2009.",
        "Headlights work, left one's dim.",
        "All lights work except left low beam.",
        "Tires good except the right rear.",
        "All tires good but RR.",
        "Parking brake works on the third try.",
        "Horn works sometimes.",
        "Doesn't need front brakes yet.",
        "Oil is full of metal.",
        "Tires are good for nothing.",
        "RR tire good enough to get home.",
        "LR tire looked good till I saw the inside.",
        "Only one brake light works.",
        "None of the brake lights work.",
        "Nobody would call those tires good.",
        "Was told the brakes are brand new.",
        "Previous inspection had the pads at 8 mm.",
        "Tie rod is tight. Moved it and it popped.",
        "The alternator is good. Who knows.",
    ],
)
def test_praise_beside_a_doubt_is_never_green(said: str) -> None:
    assert greens(said) == []


@pytest.mark.parametrize(
    "said",
    [
        "Headlights both work, but the left tail light doesn't.",
        "Pulled the right rear wheel, pads are good.",
        "Tires 7/32 x4 OK.",
        "LF tire has a nail, RR might have a slow leak. Spare looks good.",
        "Can't find anything wrong with the horn, honks fine.",
    ],
)
def test_a_plain_statement_about_one_part_is_green(said: str) -> None:
    assert len(greens(said)) == 1


def test_one_bad_tire_keeps_the_others_from_being_fine_as_a_whole() -> None:
    found = {one.zone: one for one in read("Tires are fine. Right rear tire is bald.").findings}
    assert found[None].severity == "yellow" and "contradiction" in found[None].doubts
    assert found["rear_right"].severity == "red" and not found["rear_right"].doubts


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("rear", "rear_right", True),
        ("left", "front", True),
        ("whole", "front_left", True),
        (None, "rear", True),
        ("front_left", "front_right", False),
        ("rear", "front_left", False),
    ],
)
def test_places_that_share_a_corner_overlap(one: str | None, other: str, shared: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is shared


@pytest.mark.parametrize(
    "said",
    [
        "Something is smoking under there.",
        "It is about to let go, park it.",
        "Pedal's mush, almost hit the wall with it.",
        "Steel cord everywhere on that one.",
        "Front end feels like it's going to come apart.",
        "Fronts are 2 mm.",
        "Oil is good. It pops and almost wrecked me.",
    ],
)
def test_what_sounds_like_danger_and_has_no_part_is_handed_to_a_person(said: str) -> None:
    assert read(said).unattached


@pytest.mark.parametrize(
    ("said", "component", "zone"),
    [
        ("Gas dripping by the filler neck.", "fuel_line", "underbody"),
        ("Right rear is metal to metal.", "brake_pad", "rear_right"),
        ("Left front is showing steel.", "tire", "front_left"),
        ("RR belt's separating.", "tire", "rear_right"),
        ("Caliper hung up right front.", "brake_caliper", "front_right"),
        ("LF hose is swollen.", "brake_hose", "front_left"),
        ("Lug nuts finger tight on the right rear.", "lug_nut", "rear_right"),
    ],
)
def test_words_that_mean_one_part_alone_are_red_there(said: str, component: str, zone: str) -> None:
    (finding,) = read(said).findings
    assert (finding.component, finding.zone, finding.severity) == (component, zone, "red")


@pytest.mark.parametrize("said", ["Somebody welded the tie rod.", "Two odd lugs on the right front."])
def test_unknown_words_about_a_safety_part_are_a_persons(said: str) -> None:
    (finding,) = read(said).findings
    assert finding.doubts and finding.severity != "green"


def test_of_several_numbers_with_one_unit_the_worst_counts() -> None:
    (finding,) = read("tires 6 5 2 5 thirty seconds").findings
    assert finding.severity == "red"


DANGERS = ("it is smoking", "showing steel", "gas dripping", "hung up", "about to let go", "metal to metal")


@given(
    st.sampled_from(DANGERS), st.sampled_from(["", "so ", "oil is good, ", "left front ", "wipers fine. "])
)
def test_danger_is_a_finding_or_a_persons_whatever_stands_before_it(danger: str, before: str) -> None:
    found = read(before + danger)
    assert found.unattached or any(one.severity != "green" for one in found.findings)


def test_danger_a_model_did_not_place_either_is_a_persons() -> None:
    said = "Something is smoking under there."
    told = {"language": "en", "transcript": [{"at_seconds": 1.0, "text": said}], "writing": []}
    without = InspectionAnswer.model_validate({**told, "findings": []})
    placed = {"component": "exhaust", "zone": None, "severity": "red", "condition": "broken", "quote": said}
    seen = {**placed, "at_seconds": 1.0, "is_seen": True, "is_certain": True}
    assert complete(InspectionInput(), without).unread == ("part_not_named",)
    assert (
        complete(InspectionInput(), InspectionAnswer.model_validate({**told, "findings": [seen]})).unread
        == ()
    )
