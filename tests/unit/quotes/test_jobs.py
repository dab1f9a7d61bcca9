"""Which work mends what was found."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.quotes.jobs import Job, jobs_for, place_words
from functions.quotes.line import Finding
from shared.domain.components import catalogue
from tests.unit.quotes.samples import any_findings, finding


def jobs(*findings: Finding) -> list[Job]:
    return jobs_for(findings, catalogue())


def test_both_sides_of_an_axle_are_one_job_and_two_axles_are_two() -> None:
    found = jobs(
        finding("f1", "brake_pad", "front_left"),
        finding("f2", "brake_pad", "front_right", "yellow"),
        finding("f3", "brake_pad", "rear_left", "yellow"),
    )
    assert [job.job_id for job in found] == ["brake_pads:front_axle", "brake_pads:rear_axle"]
    assert [one.flag_id for one in found[0].findings] == ["f1", "f2"] and found[0].severity == "red"


def test_pads_are_not_replaced_besides_pads_and_rotors() -> None:
    found = jobs(
        finding("f1", "brake_pad", "front_left", "yellow"), finding("f2", "brake_rotor", "front_right")
    )
    assert [job.job_id for job in found] == ["brake_pads_rotors:front_axle"]
    assert {one.flag_id for one in found[0].findings} == {"f1", "f2"}


def test_pads_behind_are_their_own_job_when_the_rotors_are_in_front() -> None:
    found = jobs(finding("f1", "brake_pad", "rear", "yellow"), finding("f2", "brake_rotor", "front"))
    assert [job.job_id for job in found] == ["brake_pads_rotors:front_axle", "brake_pads:rear_axle"]


@pytest.mark.parametrize(
    ("component", "zone", "job_id", "words"),
    [
        ("tire", "front_left", "tire_replace:front_left", "front left"),
        ("tire", "front", "tire_replace:front_left.front_right", "front left and front right"),
        ("tire", "left", "tire_replace:front_left.rear_left", "front left and rear left"),
        ("bumper", "front", "bumper_repair:front", "front"),
        ("battery", "engine_bay", "battery:vehicle", ""),
        ("brake_pad", "left", "brake_pads:front_axle.rear_axle", "front axle and rear axle"),
    ],
)
def test_a_zone_is_as_many_pieces_as_sit_there(component: str, zone: str, job_id: str, words: str) -> None:
    [job] = jobs(finding("f1", component, zone))
    assert (job.job_id, place_words(job, catalogue())) == (job_id, words)


def test_a_wheel_named_twice_is_paid_once() -> None:
    [job] = jobs(finding("f1", "tire", "front_left"), finding("f2", "tire", "front", "yellow"))
    assert job.pieces == {"front_left", "front_right"}


def test_a_component_nobody_knows_is_an_error_by_its_name() -> None:
    with pytest.raises(KeyError, match="flux_capacitor"):
        jobs(finding("f1", "flux_capacitor", "rear"))


@given(any_findings(), st.randoms(use_true_random=False))
def test_every_finding_is_in_one_job_no_piece_is_done_twice_and_order_says_nothing(
    findings: list[Finding], random: Random
) -> None:
    found = jobs(*findings)
    assert sorted(one.flag_id for job in found for one in job.findings) == sorted(f.flag_id for f in findings)
    pieces = [(job.operation, piece) for job in found for piece in job.pieces]
    assert len(pieces) == len(set(pieces))
    for job in found:
        assert all(job.operation in catalogue().component(one.component).operations for one in job.findings)
        assert job.severity == min((f.severity for f in job.findings), key=["red", "yellow"].index)
    assert jobs(*random.sample(findings, len(findings))) == found
