"""A schedule has its turn for every dealership."""

from __future__ import annotations

from typing import Any

from shared.errors import Unavailable
from shared.ports import Write
from shared.runtime.inject import read_signature
from shared.runtime.reply import Answer
from shared.runtime.tick import handle_tick
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import World, manifest

MANIFEST = manifest(
    "ringer", kind="schedule", subscribes=None, schedule={"cron": "* * * * *"}, handler="ring"
)


def ring(work: UnitOfWork) -> dict[str, Any]:
    if work.tenant.tenant_id == "broken":
        raise Unavailable("down")
    work.put("bells/rung", {})
    return {"rung": 1}


def ticked(world: World, *tenants: str) -> Answer:
    world.store.commit([Write(f"tenants/{name}", {"name": name}) for name in tenants])
    return handle_tick(world.platform, MANIFEST, read_signature(ring))


def test_a_dealership_has_its_turn_whatever_stands_in_its_document(world: World) -> None:
    answer = ticked(world, "t1", "t2")
    assert (answer.status, answer.body) == (200, {"result": {"t1": {"rung": 1}, "t2": {"rung": 1}}})
    assert world.data("bells/rung", "t1") == world.data("bells/rung", "t2") == {}


def test_one_that_fails_stops_no_other_and_the_schedule_is_asked_again(world: World) -> None:
    answer = ticked(world, "broken", "t2")
    assert answer.status == 500
    assert world.data("bells/rung", "t2") == {}
