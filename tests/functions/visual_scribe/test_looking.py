"""What is said becomes flags; what is doubtful a question to a person; nothing becomes green by itself."""

from __future__ import annotations

import pytest

from shared.errors import Malformed, Unavailable
from tests.functions.visual_scribe.rig import ACCORD, OTHER, Bay, Senses


def test_metal_on_metal_is_a_red_flag_of_that_vehicle_with_its_evidence(bay: Bay) -> None:
    assert bay.film("m1", "Now the brakes.", "Metal on metal rotors, front left.").status == 200
    flag = bay.flags()["brake_rotor", "front_left"]
    assert (flag["severity"], flag["state"], flag["summary"]) == ("red", "open", "metal on metal")
    words, frame = flag["evidence"]
    assert (words["text"], words["at_seconds"]) == ("Metal on metal rotors, front left.", 4.0)
    assert (frame["kind"], frame["at_seconds"], frame["blob_key"]) == ("frame", 4.0, "media/m1/f00004000.jpg")
    picture = bay.product.call("GET", "/api/media/m1/frames/f00004000", persona="advisor")
    assert (picture.status, picture.body) == (200, b"jpeg1")
    assert flag["model_version"].endswith("test-ears") and 0 < flag["confidence"] <= 1
    assert bay.media()["state"] == "read"


def test_the_vehicle_and_its_twin_carry_the_flag(bay: Bay) -> None:
    bay.film("m1", "Metal on metal rotors, front left. Wipers are good.")
    summary = [(one["area"], one["severity"]) for one in bay.vehicle()["digital_twin_flags"]]
    assert summary == [("Brake rotor, front left", "red"), ("Wiper blades, front", "green")]
    row = bay.told("vehicle-recorded")[-1]
    assert "Brake rotor, front left" in row["digital_twin_flags"]
    [told] = bay.told("twin-flagged")
    assert (told["vin"], told["reds"], told["needs_review"], len(told["flag_ids"])) == (ACCORD, 1, 0, 2)


def test_danger_is_told_at_once_with_safety(bay: Bay) -> None:
    bay.film("m1", "Metal on metal rotors, front left.")
    [asked] = bay.told("attention-requested")
    assert (asked["kind"], asked["safety"], asked["urgency"]) == ("safety_flag", True, "high")
    assert "Brake rotor, front left" in asked["summary"] and ACCORD not in asked["summary"]


def test_a_second_delivery_changes_nothing(bay: Bay) -> None:
    bay.film("m1", "Metal on metal rotors, front left.")
    before, told = bay.flags(), len(bay.told("twin-flagged"))
    assert bay.look("m1").status == 200
    assert (bay.flags(), len(bay.told("twin-flagged")), bay.senses.looked) == (before, told, 1)


@pytest.mark.parametrize(
    "said",
    [
        "I think the front left rotor might be scored.",
        "Rotors are metal on metal.",  # which?
        "The front left rotor is peculiar.",
    ],
)
def test_what_is_doubtful_waits_for_a_person_and_is_not_green(bay: Bay, said: str) -> None:
    bay.film("m1", said)
    [flag] = bay.flags().values()
    assert flag["state"] == "needs_review" and flag["severity"] != "green"
    assert "scribe_review" in [kind for kind, _ in bay.asked()]
    assert bay.media()["state"] == "needs_review"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ((), "nothing_said"),
        (("Okay, going to walk around it now.",), "nothing_recognised"),
        (("Something is leaking under there.",), "part_not_named"),
        (("El freno delantero izquierdo está muy gastado y hay que cambiarlo",), "other_language"),
    ],
)
def test_media_that_say_nothing_understood_are_given_to_a_person(
    bay: Bay, said: tuple[str, ...], reason: str
) -> None:
    bay.film("m1", *said)
    assert reason in bay.media()["unread"] and bay.media()["state"] == "needs_review"
    assert bay.flags() == {} and bay.asked() == [("scribe_review", False)]


def test_what_was_typed_is_read_like_speech(bay: Bay) -> None:
    bay.film("m1", note="LF tire 2/32 - replace")
    assert bay.flags()["tire", "front_left"]["severity"] == "red"


def test_another_vin_in_the_picture_writes_no_flag_anywhere(bay: Bay) -> None:
    bay.record_vehicle(OTHER)
    bay.film("m1", "Metal on metal rotors, front left.", writing=["VIN", OTHER])
    assert bay.flags(ACCORD) == bay.flags(OTHER) == {}
    assert (bay.media()["state"], bay.media()["vin_check"]) == ("vin_mismatch", "mismatch")
    assert bay.asked() == [("vin_mismatch", False)] and bay.told("twin-flagged") == []
    assert bay.media()["findings"][0]["component"] == "brake_rotor"


@pytest.mark.parametrize(
    ("writing", "check"),
    [
        (ACCORD, "verified"),
        ("1HGCM82633AO04352", "verified"),
        ("1HGCN82B33X0O4352", "unclear"),
        ("", "not_seen"),
    ],
)
def test_a_vin_read_badly_is_not_another_one(bay: Bay, writing: str, check: str) -> None:
    bay.film("m1", "Metal on metal rotors, front left.", writing=[writing])
    assert (bay.media()["vin_check"], len(bay.flags())) == (check, 1)


def test_a_media_sent_for_no_vehicle_finds_it_by_its_plate(bay: Bay) -> None:
    bay.film("m1", "Metal on metal rotors, front left.", writing=[ACCORD], vin=None)
    assert (bay.media()["vin"], bay.media()["vin_check"]) == (ACCORD, "read_in_picture")
    assert len(bay.flags()) == 1


def test_a_media_without_any_vehicle_waits_for_a_person(bay: Bay) -> None:
    bay.film("m1", "Metal on metal rotors, front left.", vin=None)
    assert (bay.media()["state"], bay.media()["vin_check"]) == ("needs_review", "no_vehicle")
    assert bay.asked() == [("scribe_review", False)] and bay.flags() == {}


def test_the_odometer_is_read_with_its_unit(bay: Bay) -> None:
    bay.film("m1", "Wipers are good.", writing=["ODO", "84,213 mi"])
    assert bay.media()["odometer"]["miles"] == 84213


def test_a_vehicle_nobody_recorded_has_flags_of_its_own(bay: Bay) -> None:
    bay.film("m1", "Metal on metal rotors, front left.", vin=OTHER)
    assert len(bay.flags(OTHER)) == 1
    assert bay.product.tenant().documents.get(f"vehicles/{OTHER}") is None


def test_a_model_that_is_away_is_asked_again(bay: Bay, senses: Senses) -> None:
    senses.fails = [Unavailable("overloaded")]
    assert bay.film("m1", "Metal on metal rotors, front left.").status == 503
    assert bay.flags() == {} and bay.media()["state"] == "received"
    assert bay.look("m1", attempt=2).status == 200
    assert len(bay.flags()) == 1


def test_when_nobody_can_look_the_note_is_read_and_a_person_is_asked(bay: Bay, senses: Senses) -> None:
    senses.fails = [Unavailable("away")]
    bay.store("m1", note="Front left brake hose is cracked")
    assert bay.look("m1", attempt=6).status == 503
    assert (bay.media()["state"], bay.media()["unread"]) == ("unreadable", ["nobody_could_look"])
    assert ("brake_hose", "front_left") in bay.flags()
    assert ("scribe_review", False) in bay.asked() and ("safety_flag", True) in bay.asked()


def test_a_file_that_cannot_be_decoded_is_given_to_a_person_at_once(bay: Bay, senses: Senses) -> None:
    senses.fails = [Malformed("no frames")]
    assert bay.film("m1").status == 200
    assert (bay.media()["state"], bay.media()["unread"]) == ("unreadable", ["cannot_be_decoded"])
    assert bay.asked() == [("scribe_review", False)]


def test_an_event_of_a_media_that_is_not_there_is_rejected(bay: Bay) -> None:
    answer = bay.look("nothing")
    assert answer.status == 200 and "rejected" in answer.text


def test_an_event_that_cannot_be_read_is_rejected_and_kept(bay: Bay) -> None:
    answer = bay.product.product.deliver("visual_scribe", b'{"message": {"data": "bm8="}}')
    assert answer.status == 200 and "rejected" in answer.text
