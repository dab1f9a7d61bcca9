"""A dealership that is closed takes nothing in; of one that is being deleted nothing is worked on."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from shared.ports import Write
from shared.runtime import tenant_state
from shared.runtime.auth import key_hash
from shared.runtime.tenant_state import CLOSED, DELETED, DELETING, IMPORTING
from shared.runtime.tick import tenant_ids
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import BellHeard, BellRung, World, consumer, pushed
from tests.unit.runtime.shell import Shell, said


def put(world: World, state: str, tenant: str = "t1") -> None:
    world.store.commit([Write(f"tenants/{tenant}", {"name": tenant, "state": state})])


def hear(event: BellRung, work: UnitOfWork) -> None:
    work.put(f"bells/{event.name}", {"heard": True})
    work.emit(BellHeard(name=event.name))


@pytest.mark.parametrize("state", [CLOSED, IMPORTING, DELETING, DELETED])
def test_nobody_gets_into_a_dealership_that_is_not_open(shell: Shell, state: str) -> None:
    put(shell.world, state)
    for headers in ({"X-API-Key": "good"}, shell.token("ceo")):
        answer = shell.call(name="a", headers=headers)
        assert answer.status == 403 and said(answer)["detail"] == "the dealership [t1] is closed"
    assert shell.runs == 0


def test_its_neighbour_is_not_concerned(shell: Shell) -> None:
    put(shell.world, CLOSED, "t2")
    assert shell.call(name="a").status == 201


def test_a_process_sees_the_closing_within_the_time_it_is_said_to(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenant_state, "KNOWN_S", 0.5)
    assert shell.call(name="a").status == 201
    put(shell.world, CLOSED)
    assert shell.call(name="a").status == 201, "it goes by what it read a moment ago"
    time.sleep(0.51)
    assert shell.call(name="a").status == 403


def test_what_was_under_way_when_it_closed_is_finished(world: World) -> None:
    put(world, CLOSED)
    assert consumer(world, hear).handle(pushed("a")).reason == "done"
    assert world.data("bells/a") == {"heard": True}


@pytest.mark.parametrize("state", [DELETING, DELETED])
def test_a_late_delivery_brings_nothing_of_a_deleted_dealership_back(world: World, state: str) -> None:
    put(world, state)
    verdict = consumer(world, hear).handle(pushed("a"))
    assert (verdict.status, verdict.reason) == (200, "its dealership is deleted")
    assert world.data("bells/a") is None and world.root("tenants/t1/leases") == []
    assert world.bus.messages == []


def test_schedules_run_for_open_dealerships_alone(world: World) -> None:
    for number, state in enumerate((CLOSED, IMPORTING, DELETING, DELETED)):
        put(world, state, f"t{number}")
    put(world, "open", "t8")
    world.store.commit([Write("tenants/t9", {"name": "of before there were states"})])
    assert tenant_ids(world.platform) == ["t8", "t9"]


def test_a_key_opens_until_the_moment_its_time_is_over(shell: Shell) -> None:
    until = shell.world.clock.now() + timedelta(hours=1)
    key = {"name": "web", "tenant_id": "t1", "revoked": False, "valid_until": until}
    shell.world.store.commit([Write(f"api_keys/{key_hash('ending')}", key)])
    headers = {"X-API-Key": "ending"}
    shell.world.clock.pass_by(3599)
    assert shell.call(name="a", headers=headers).status == 201
    shell.world.clock.pass_by(1)
    assert shell.call(name="b", headers=headers).status == 401
    assert shell.call(name="b").status == 201, "the key without an end holds"
