"""Everybody wants the same document: all get their turn, and nobody is told to come back."""

from __future__ import annotations

import uuid
from functools import partial

from tests.journeys.lead_journeys import somebody
from tests.stress.contender import COUNTER, contend_side_by_side
from tests.stress.dealership import QUESTIONS, Dealership, side_by_side
from tests.stress.fleet import Fleet
from tests.stress.reckoning import reckon

COME_BACK = {409, 503, 504}


def test_a_counter_raised_by_threads_of_several_processes_misses_none(fleet: Fleet) -> None:
    project = f"demo-{uuid.uuid4().hex[:12]}"
    ended = contend_side_by_side(project, fleet.store.host, processes=3, threads=8, times=5)
    assert [one["errors"] for one in ended] == [[], [], []]
    assert sum(one["raised"] for one in ended) == 3 * 8 * 5
    other = fleet.bare.beside(project)
    assert other.one(f"tenants/t1/{COUNTER}") == {"n": 3 * 8 * 5}
    other.close()


def test_leads_of_one_person_at_several_processes_at_once_are_one_person(dealership: Dealership) -> None:
    person = somebody()
    leads = [{**person, "comments": f"call {number}"} for number in range(24)]
    side_by_side([partial(dealership.take_lead, lead) for lead in leads], threads=24)
    assert not COME_BACK & set(dealership.statuses), dealership.statuses
    assert len({answer["lead_id"] for answer in dealership.leads}) == 24
    assert len({answer["master_person_id"] for answer in dealership.leads}) == 1
    reckon(dealership)


def test_messages_said_in_one_session_at_once_are_numbered_and_answered_in_order(
    dealership: Dealership,
) -> None:
    session = dealership.say(QUESTIONS[0]).session_id
    side_by_side([partial(dealership.say, QUESTIONS[1], session)] * 15, threads=15)
    assert not COME_BACK & set(dealership.statuses), dealership.statuses
    reckon(dealership)
