"""Several processes of one function share a load and a subscription."""

from __future__ import annotations

import random
from functools import partial

from tests.journeys.lead_journeys import somebody
from tests.stress.dealership import Dealership, side_by_side
from tests.stress.reckoning import reckon


def test_one_load_on_several_processes_of_each_function_is_done_once(dealership: Dealership) -> None:
    leads = [somebody() for _ in range(24)]
    talks = [partial(dealership.converse, 4, random.Random(seed)) for seed in range(12)]
    side_by_side([*(partial(dealership.take_lead, lead) for lead in leads), *talks])
    assert len({answer["master_person_id"] for answer in dealership.leads}) == len(leads)
    reckon(dealership)


def test_the_same_lead_at_several_processes_at_once_is_one_lead(dealership: Dealership) -> None:
    leads = [somebody() for _ in range(6)]
    side_by_side([partial(dealership.take_lead, lead) for lead in leads for _ in range(5)], threads=15)
    assert len({answer["lead_id"] for answer in dealership.leads}) == len(leads)
    assert sum(1 for answer in dealership.leads if not answer["duplicate"]) == len(leads)
    reckon(dealership)
