"""What of a language model's answer holds, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from shared.brain.inspect_media.answer import InspectionAnswer
from shared.brain.inspect_media.models import InspectionInput, Part
from shared.brain.inspect_media.task import inspect_media
from shared.ports import Observation

SAID = "Metal on metal rotors, front left."
GIVEN = InspectionInput(
    media=Part(key="tenants/a/media/m/original", content_type="video/mp4"), note="wipers ok"
)


def nobody(part: Part, words: str) -> Observation:
    raise AssertionError("a language model answered")


TASK = inspect_media(nobody)


def answer(*findings: dict[str, Any], said: str = SAID, **fields: Any) -> InspectionAnswer:
    transcript = [{"at_seconds": 3.0, "text": said}] if said else []
    told = {"language": "en", "transcript": transcript, "writing": [], "findings": list(findings), **fields}
    return InspectionAnswer.model_validate(told)


def rotor(**changes: Any) -> dict[str, Any]:
    return {
        "component": "brake_rotor",
        "zone": "front_left",
        "severity": "red",
        "condition": "metal_on_metal",
        "quote": SAID,
        "at_seconds": 3.0,
        "is_seen": False,
        "is_certain": True,
        **changes,
    }


def test_the_file_goes_with_the_prompt_and_the_note_is_quoted_in_it() -> None:
    (part,) = TASK.media(GIVEN)
    assert (part.key, part.content_type) == ("tenants/a/media/m/original", "video/mp4")
    assert "'wipers ok'" in TASK.prompt(GIVEN) and "brake_rotor" in TASK.prompt(GIVEN)


def test_a_good_answer_is_a_finding_with_its_words_and_second() -> None:
    given_answer = answer(rotor())
    assert TASK.problems(GIVEN, given_answer) == []
    found = TASK.complete(GIVEN, given_answer)
    first = found.findings[0]
    assert (first.component, first.zone, first.severity, first.doubts) == (
        "brake_rotor",
        "front_left",
        "red",
        (),
    )
    assert first.evidence[0].at_seconds == 3.0 and found.model_version.startswith("gemini")


@pytest.mark.parametrize(
    "wrong",
    [
        {"component": "flux_capacitor"},
        {"condition": "haunted"},
        {"quote": "the transmission exploded"},
        {"quote": "", "is_seen": False},
        {"severity": "green", "quote": "", "is_seen": True},
    ],
)
def test_an_answer_that_rests_on_nothing_is_no_answer(wrong: dict[str, Any]) -> None:
    assert TASK.problems(GIVEN, answer(rotor(**wrong))) != []


def test_where_the_model_and_the_lexicon_differ_a_person_decides_and_bad_stays() -> None:
    found = TASK.complete(GIVEN, answer(rotor(severity="green", condition="good")))
    [finding] = [one for one in found.findings if one.component == "brake_rotor"]
    assert finding.severity == "red" and "readers_differ" in finding.doubts


def test_a_defect_the_model_left_out_is_a_persons() -> None:
    [finding] = [one for one in TASK.complete(GIVEN, answer()).findings if one.component == "brake_rotor"]
    assert finding.severity == "red" and finding.doubts == ("readers_differ",)


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"is_certain": False}, "model_unsure"),
        ({"zone": None}, "no_zone"),
        ({"zone": "roof"}, "no_zone"),
        ({"quote": "", "is_seen": True}, "seen_not_said"),
    ],
)
def test_what_is_uncertain_is_doubted(changes: dict[str, Any], doubt: str) -> None:
    found = TASK.complete(GIVEN, answer(rotor(**changes), said="Look at this."))
    assert doubt in found.findings[0].doubts and found.findings[0].severity == "red"


def test_a_dent_that_is_plainly_seen_needs_no_word() -> None:
    dent = rotor(
        component="bumper", zone="rear", severity="yellow", condition="dented", quote="", is_seen=True
    )
    assert TASK.complete(GIVEN, answer(dent, said="")).findings[0].doubts == ()


@pytest.mark.parametrize(
    ("fields", "said", "reason"),
    [
        ({"language": "es"}, "El freno está mal", "other_language"),
        ({"language": ""}, "", "nothing_said"),
        ({}, "We are walking around it.", "nothing_recognised"),
    ],
)
def test_an_answer_without_findings_says_why(fields: dict[str, Any], said: str, reason: str) -> None:
    silent = InspectionInput(media=GIVEN.media)
    assert TASK.complete(silent, answer(said=said, **fields)).unread == (reason,)


def test_a_model_that_answers_beyond_its_schema_answers_nothing() -> None:
    with pytest.raises(ValueError, match="severity"):
        answer(rotor(severity="purple"))


@pytest.mark.parametrize("turned", [False, True])
def test_two_findings_of_one_part_are_one_and_bad_stays(turned: bool) -> None:
    findings = [rotor(), rotor(severity="green", condition="good")]
    found = TASK.complete(GIVEN, answer(*(reversed(findings) if turned else findings)))
    [finding] = [one for one in found.findings if one.component == "brake_rotor"]
    assert finding.severity == "red" and finding.doubts
