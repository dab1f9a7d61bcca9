"""API keys as the owner handles them and as the door takes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.admin.acts import Operator
from shared.admin.keys import issue_key, keys_of, revoke_key, rotate_key
from shared.admin.tenants import create_tenant
from shared.errors import AlreadyExists, InvalidInput, NotFound, Unauthenticated
from shared.manifest import Route
from shared.ports import Query
from shared.runtime.auth import Presented, authenticate
from shared.testing.harness import settings_for
from tests.unit.admin.owner import Owner
from tests.unit.runtime.rig import World

ME = Operator("test")
ROUTE = Route(method="POST", path="/x", handler="x", summary="x", auth=("api_key",))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    create_tenant(made.platform, ME, "harbor", name="Harbor", time_zone="America/Chicago")
    yield made
    made.store.inner.close()


def opens(world: World, key: str) -> bool:
    try:
        return authenticate(world.platform, Presented(ROUTE, {"X-API-Key": key})).tenant_id == "harbor"
    except Unauthenticated:
        return False


def test_a_new_key_opens_its_dealership_and_is_stored_nowhere(world: World) -> None:
    new = issue_key(world.platform, ME, "harbor", "web-form")
    caller = authenticate(world.platform, Presented(ROUTE, {"X-API-Key": new.key}))
    assert (caller.tenant_id, caller.id) == ("harbor", "api_keys/web-form")
    everything = [str(one.data) for name in ("api_keys", "outbox", "tenants") for one in world.root(name)]
    assert everything and new.key not in "".join(everything) and len(new.key) > 40


def test_rotation_has_no_gap_and_ends_when_it_said(world: World) -> None:
    old = issue_key(world.platform, ME, "harbor", "web-form")
    new = rotate_key(world.platform, ME, "harbor", "web-form", overlap=timedelta(hours=24))
    assert opens(world, old.key) and opens(world, new.key)
    world.clock.pass_by(24 * 3600 - 1)
    assert opens(world, old.key) and opens(world, new.key)
    world.clock.pass_by(1)
    assert not opens(world, old.key) and opens(world, new.key)


def test_rotating_twice_prolongs_no_key(world: World) -> None:
    first = issue_key(world.platform, ME, "harbor", "web-form")
    rotate_key(world.platform, ME, "harbor", "web-form", overlap=timedelta(minutes=1))
    third = rotate_key(world.platform, ME, "harbor", "web-form", overlap=timedelta(days=7))
    world.clock.pass_by(60)
    assert not opens(world, first.key) and opens(world, third.key)
    assert len(keys_of(world.platform, "harbor")) == 3


def test_without_an_overlap_the_old_key_ends_at_once(world: World) -> None:
    old = issue_key(world.platform, ME, "harbor", "web-form")
    rotate_key(world.platform, ME, "harbor", "web-form", overlap=timedelta(0))
    assert not opens(world, old.key)


def test_a_revoked_key_opens_nothing_and_its_name_may_be_given_again(world: World) -> None:
    old = issue_key(world.platform, ME, "harbor", "web-form")
    other = issue_key(world.platform, ME, "harbor", "appsheet")
    assert revoke_key(world.platform, ME, "harbor", old.key_id) == [old.key_id]
    assert not opens(world, old.key) and opens(world, other.key)
    assert revoke_key(world.platform, ME, "harbor", "web-form") == []
    assert opens(world, issue_key(world.platform, ME, "harbor", "web-form").key)


def test_a_key_that_leaked_in_a_rotation_is_revoked_by_its_id_alone(world: World) -> None:
    old = issue_key(world.platform, ME, "harbor", "web-form")
    new = rotate_key(world.platform, ME, "harbor", "web-form", overlap=timedelta(hours=1))
    revoke_key(world.platform, ME, "harbor", old.key_id)
    assert not opens(world, old.key) and opens(world, new.key)


def test_what_cannot_be_is_refused_by_name(world: World) -> None:
    issue_key(world.platform, ME, "harbor", "web-form")
    with pytest.raises(AlreadyExists, match=r"--name \[web-form\].*key rotate"):
        issue_key(world.platform, ME, "harbor", "web-form")
    with pytest.raises(InvalidInput, match=r"--name is \[Web Form\]"):
        issue_key(world.platform, ME, "harbor", "Web Form")
    with pytest.raises(NotFound, match=r"no key \[other\] that holds"):
        rotate_key(world.platform, ME, "harbor", "other", overlap=timedelta(0))
    with pytest.raises(NotFound, match=r"no key \[other\]"):
        revoke_key(world.platform, ME, "harbor", "other")
    with pytest.raises(NotFound, match=r"no tenant \[nobody\]; there is harbor"):
        issue_key(world.platform, ME, "nobody", "web-form")


def test_every_act_waits_for_the_ledger_with_who_did_it(world: World) -> None:
    issue_key(world.platform, ME, "harbor", "web-form")
    rotate_key(world.platform, ME, "harbor", "web-form", overlap=timedelta(hours=2))
    revoke_key(world.platform, ME, "harbor", "web-form")
    rows = [
        json.loads(message["data"])
        for document in world.platform.documents.query(Query("outbox"))
        for message in document.data["messages"]
    ]
    assert {row["type"] for row in rows} == {"tenant.created", "key.issued", "key.rotated", "key.revoked"}
    assert {(row["actor"], row["tenant_id"]) for row in rows} == {("operators/test", "harbor")}


def test_the_command_line_shows_a_key_once_and_lists_it_without(tmp_path: Path) -> None:
    data = tmp_path / "data"
    owner = Owner(settings_for(data), tmp_path, ("--data-dir", str(data), "--as", "test"))
    owner.done("tenant", "create", "harbor", "--name", "Harbor", "--time-zone", "America/Chicago")
    issued = owner("key", "issue", "harbor", "--name", "web-form")
    key = issued.out.strip()
    assert key.startswith("cos_") and key not in issued.err
    rotated = owner("key", "rotate", "harbor", "--name", "web-form", "--overlap", "2h")
    until = datetime.now(UTC) + timedelta(hours=2)
    assert f"{until:%Y-%m-%d %H:}" in rotated.err
    listed = owner.done("key", "list", "harbor")
    assert key not in listed and rotated.out.strip() not in listed
    assert listed.count("web-form") == 2 and "valid until" in listed
    assert owner("key", "revoke", "harbor", "web-form", typed="web-form\n").code == 0
    assert owner.done("key", "list", "harbor").count("revoked") == 2
