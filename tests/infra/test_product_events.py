from __future__ import annotations

import json
from typing import Any

import pytest

from shared.adapters.google.bus_operations import DEAD_LETTERS
from shared.events.catalogue import load_catalogue
from shared.manifest import Manifest, all_manifests
from tests.infra import offline
from tests.infra.made_up import PROJECT
from tests.infra.offline import Plan, Values
from tests.infra.seeded import installed
from tests.infra.test_product_functions import ACCOUNTS, url

CONSUMERS = {one.name: one for one in all_manifests() if one.kind == "event"}
SCHEDULED = {one.name: one for one in all_manifests() if one.schedule}


@pytest.fixture(scope="module")
def subscriptions(product_plan: Plan) -> dict[str, Values]:
    return {one.values["name"]: one.values for one in product_plan.of("google_pubsub_subscription")}


def test_every_consumer_has_one_push_subscription_named_like_it(subscriptions: dict[str, Values]) -> None:
    """By this name the runtime knows a replay is meant for it, and operators find why a message got stuck."""
    assert set(subscriptions) == set(CONSUMERS)


@pytest.mark.parametrize("name", CONSUMERS)
def test_a_message_is_pushed_with_a_token_for_the_function_it_is_pushed_to(
    subscriptions: dict[str, Values], name: str
) -> None:
    (push,) = subscriptions[name]["push_config"]
    (token,) = push["oidc_token"]
    assert push["push_endpoint"] == token["audience"] == url(name)
    assert token["service_account_email"] == f"pubsub-push@{PROJECT}.{ACCOUNTS}"


@pytest.mark.parametrize("name", CONSUMERS)
def test_delivery_follows_the_manifest(subscriptions: dict[str, Values], name: str) -> None:
    manifest, found = CONSUMERS[name], subscriptions[name]
    event = load_catalogue()[manifest.subscribes or ""]
    assert found["topic"] == event.topic
    assert found["enable_message_ordering"] is event.in_order
    (retry,) = found["retry_policy"]
    assert float(retry["minimum_backoff"].removesuffix("s")) == manifest.min_backoff_seconds
    assert float(retry["maximum_backoff"].removesuffix("s")) == manifest.max_backoff_seconds
    (letters,) = found["dead_letter_policy"]
    assert letters["dead_letter_topic"] == f"projects/{PROJECT}/topics/{name}{DEAD_LETTERS}"
    assert letters["max_delivery_attempts"] == manifest.max_attempts
    assert found["expiration_policy"] == [{"ttl": ""}]


@pytest.mark.parametrize("name", CONSUMERS)
def test_pubsub_waits_at_least_as_long_as_the_function_may_take(
    product_plan: Plan, subscriptions: dict[str, Values], name: str
) -> None:
    (config,) = [
        one.values["service_config"][0]
        for one in product_plan.of("google_cloudfunctions2_function")
        if one.values["name"] == CONSUMERS[name].deployed_name
    ]
    assert config["timeout_seconds"] <= subscriptions[name]["ack_deadline_seconds"] <= 600


def test_nothing_is_pushed_before_the_function_can_be_called(product_plan: Plan) -> None:
    """Else the first messages would use up attempts at a function that refuses them."""
    calls: dict[str, Any] = product_plan.raw["configuration"]["root_module"]["module_calls"]
    assert "module.function" in calls["consumer"]["depends_on"]
    assert {"module.function", "module.job"} <= set(calls["schedule"]["depends_on"])


def _scheduled(plan: Plan) -> dict[str, Values]:
    return {one.values["name"]: one.values for one in plan.of("google_cloud_scheduler_job")}


@pytest.mark.parametrize("manifest", SCHEDULED.values(), ids=list(SCHEDULED))
def test_a_schedule_calls_what_it_is_for_at_its_times(product_plan: Plan, manifest: Manifest) -> None:
    assert manifest.schedule
    found = _scheduled(product_plan)[manifest.deployed_name]
    assert (found["schedule"], found["time_zone"]) == (manifest.schedule.cron, manifest.schedule.time_zone)
    (target,) = found["http_target"]
    assert target["http_method"] == "POST"
    if manifest.kind == "job":
        assert target["uri"].endswith(
            f"/projects/{PROJECT}/locations/us-central1/jobs/{manifest.deployed_name}:run"
        )
        assert not target["oidc_token"]
        (token,) = target["oauth_token"]
    else:
        assert target["uri"] == url(manifest.name)
        assert not target["oauth_token"]
        (token,) = target["oidc_token"]
        assert token["audience"] == url(manifest.name)
        seconds = float(found["attempt_deadline"].removesuffix("s"))
        assert manifest.timeout_seconds <= seconds <= 1800
    assert token["service_account_email"] == f"scheduler@{PROJECT}.{ACCOUNTS}"


def test_every_schedule_can_be_paused_at_once(terraform: str) -> None:
    paused = _scheduled(offline.plan("product", installed(paused=True)))
    assert {one["paused"] for one in paused.values()} == {True}


def test_the_derived_consumers_are_those_of_the_manifests() -> None:
    """The tests above read the manifests; Terraform reads what is derived from them."""
    derived = json.loads((offline.TERRAFORM / "derived" / "events.json").read_text())
    assert {name for event in derived.values() for name in event["consumers"]} == set(CONSUMERS)
