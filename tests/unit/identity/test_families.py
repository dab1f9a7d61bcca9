"""The sample dealership, where it is known who is who: families stay apart, duplicates come together."""

from __future__ import annotations

import pytest

from shared.domain.phone import parse_phone
from tests.benchmarks.identity_sample import Outcome, sample_outcome


@pytest.fixture(scope="module", params=[("autohaus", 7), ("autohaus", 8), ("northside", 7)])
def outcome(request: pytest.FixtureRequest) -> Outcome:
    tenant_id, seed = request.param
    return sample_outcome(tenant_id, seed=seed)


def test_nobody_holds_records_of_a_relative_of_another_name_or_phone(outcome: Outcome) -> None:
    for group in outcome.mixed:
        assert len({lead.body["first_name"] for lead in group}) == 1
        assert len({parse_phone(lead.body["phone"]) for lead in group}) == 1


def test_one_who_shares_name_and_phone_with_a_parent_is_rare(outcome: Outcome) -> None:
    assert len(outcome.mixed) <= 2


def test_every_duplicate_is_found_and_few_need_a_human(outcome: Outcome) -> None:
    assert outcome.missed == 0
    assert outcome.reviewed <= max(1, 0.03 * outcome.merged)


def test_what_is_left_to_a_human_is_a_work_list(outcome: Outcome) -> None:
    assert outcome.first_reviewed <= 0.05 * outcome.first
