"""Mistakes put into an applied plan or into what the code says: each answers the world with it."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

from tests.infra.offline import Plan, Values
from tests.infra.two_way import World

Edit = Callable[[Values], object]
Seed = Callable[[World], World]

CHAT, MEMBRANE, SWEEPER = (
    'module.function["chat"].google_cloudfunctions2',
    'function["membrane"].google_cloudf',
    'function["outbox_sweeper"].google_cloudf',
)
CONSUMER = 'module.consumer["membrane"].google_pubsub_subscription'
SCHEDULE = 'module.schedule["outbox_sweeper"]'
JOB, SERVICE = "google_cloud_run_v2_job.this", "google_cloud_run_v2_service.this"
STRANGER = "somebody@offline-project.iam.gserviceaccount.com"


def _changed(plan: Plan, address: str, edit: Edit) -> Plan:
    """The plan with the first resource of that address edited."""
    resources = list(plan.resources)
    number = next(n for n, one in enumerate(resources) if address in one.address)
    values = copy.deepcopy(resources[number].values)
    edit(values)
    resources[number] = dataclasses.replace(resources[number], values=values)
    return dataclasses.replace(plan, resources=tuple(resources))


def _without(plan: Plan, address: str) -> Plan:
    kept = tuple(one for one in plan.resources if address not in one.address)
    assert len(kept) < len(plan.resources)
    return dataclasses.replace(plan, resources=kept)


def retyped(plan: Plan, address: str, kind: str) -> Plan:
    resources = [
        dataclasses.replace(one, type=kind) if address in one.address else one for one in plan.resources
    ]
    return dataclasses.replace(plan, resources=tuple(resources))


def product(address: str, edit: Edit) -> Seed:
    return lambda world: dataclasses.replace(world, product=_changed(world.product, address, edit))


def foundation(address: str, edit: Edit) -> Seed:
    return lambda world: dataclasses.replace(world, foundation=_changed(world.foundation, address, edit))


def not_in_product(address: str) -> Seed:
    return lambda world: dataclasses.replace(world, product=_without(world.product, address))


def not_in_foundation(address: str) -> Seed:
    return lambda world: dataclasses.replace(world, foundation=_without(world.foundation, address))


def manifest(function: str, **values: object) -> Seed:
    def edit(world: World) -> World:
        manifests = dict(world.code.manifests)
        manifests[function] = manifests[function].model_copy(update=values)
        return dataclasses.replace(world, code=dataclasses.replace(world.code, manifests=manifests))

    return edit


def fact(function: str, **values: object) -> Seed:
    def edit(world: World) -> World:
        functions = {**world.code.functions, function: {**world.code.functions[function], **values}}
        return dataclasses.replace(world, code=dataclasses.replace(world.code, functions=functions))

    return edit


def roles(edit: Callable[[Any], object]) -> Seed:
    def edited(world: World) -> World:
        roles = copy.deepcopy(world.code.roles)
        edit(roles)
        return dataclasses.replace(world, code=dataclasses.replace(world.code, roles=roles))

    return edited


def service(values: Values) -> Any:
    return values["service_config"][0]


def environment(name: str, value: str) -> Edit:
    return lambda values: service(values)["environment_variables"].update({name: value})
