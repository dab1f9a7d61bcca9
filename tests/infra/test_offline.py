from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.offline import applied, plan, validate
from tests.infra.provider_schema import ROOT, load
from tests.infra.workspace import OfflineError

GIVEN = {"project_id": "offline-project"}
TOPIC = "projects/offline-project/topics/order-placed"

MISTAKES = {
    "an attribute the provider does not have": (
        "name     = each.key",
        "nmae = each.key",
        "main.tf line",
        "nmae",
    ),
    "a required argument left out": (
        "account_id = ",
        "display_name = ",
        "main.tf line",
        '"account_id" is required',
    ),
    "a value that is none of the possible ones": (
        "ALLOW_INTERNAL_ONLY",
        "INTERNAL_ONLY",
        "main.tf line",
        "INTERNAL_ONLY",
    ),
    "a value of another type": (
        '{ COS_PROFILE = "google" }',
        '["google"]',
        "main.tf line",
        "environment_variables",
    ),
    "a resource nobody declared": (
        "google_pubsub_topic.this[",
        "google_pubsub_topic.that[",
        "main.tf line",
        "that",
    ),
    "a resource type the provider does not have": (
        '"google_pubsub_topic" "this"',
        '"google_pubsub_tpc" "this"',
        "main.tf line",
        "google_pubsub_tpc",
    ),
    "a block that may stand once standing twice": (
        "service_config {",
        "service_config {}\n  service_config {",
        "main.tf line",
        "service_config",
    ),
    "a module's variable that is not there": ("endpoint =", "endpiont =", "main.tf line", "endpiont"),
    "an id of an account that is too short": ('"fn-${each.key}"', '"fn"', "main.tf line", "account_id"),
}


def _changed(folder: Path, before: str, after: str) -> Path:
    path = folder / "small" / "main.tf"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
    return folder


def test_a_plan_has_what_is_known_and_says_what_is_not(small: Path) -> None:
    found = plan("small", GIVEN, terraform=small)
    billing = next(one for one in found.of("google_pubsub_subscription") if one.values["name"] == "billing")
    assert billing.values["push_config"][0]["push_endpoint"] == "https://billing-123456789012.test"
    assert billing.values["project"] == "offline-project"
    assert billing.unknown["topic"] is True
    assert billing.address == 'module.subscription["billing"].google_pubsub_subscription.this'
    assert [one.type for one in found.resources if one.mode == "data"] == ["google_project"]


def test_an_apply_to_the_made_up_cloud_resolves_every_reference(small: Path) -> None:
    found = applied("small", GIVEN, terraform=small)
    assert {one.values["topic"] for one in found.of("google_pubsub_subscription")} == {TOPIC}
    assert {
        one.values["push_config"][0]["oidc_token"][0]["service_account_email"]
        for one in found.of("google_pubsub_subscription")
    } == {
        "fn-billing@offline-project.iam.gserviceaccount.com",
        "fn-mailing@offline-project.iam.gserviceaccount.com",
    }
    assert found.outputs["topics"] == [TOPIC]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_seen_with_its_file_and_word(small: Path, mistake: str) -> None:
    before, after, *words = MISTAKES[mistake]
    with pytest.raises(OfflineError) as seen:
        plan("small", GIVEN, terraform=_changed(small, before, after))
    assert all(word in " ".join(str(seen.value).split()) for word in words), str(seen.value)


def test_keys_known_only_after_an_apply_are_seen(small: Path) -> None:
    wrong = _changed(
        small,
        "toset(values(var.consumers))",
        "toset([for one in google_service_account.consumer : one.email])",
    )
    with pytest.raises(OfflineError, match=r"Invalid for_each argument"):
        plan("small", GIVEN, terraform=wrong)


def test_validating_needs_no_variables(small: Path) -> None:
    assert "The configuration is valid" in validate("small", terraform=small)


def test_nothing_is_written_beside_the_configuration(small: Path) -> None:
    before = sorted(small.rglob("*"))
    plan("small", GIVEN, terraform=small)
    assert sorted(small.rglob("*")) == before


def test_a_folder_that_is_not_there_is_named(small: Path) -> None:
    with pytest.raises(OfflineError, match=r"No folder \[smal\]"):
        validate("smal", terraform=small)


@pytest.mark.parametrize(("root", "status"), [("small", 0), ("part/nowhere", 1)])
def test_the_command_says_how_it_ended(small: Path, root: str, status: int) -> None:
    command = [sys.executable, "-m", "tests.infra.offline", "plan", str(small / root), "-var", "project_id=p"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == status
    assert ("Plan: 6 to add" in ended.stdout) == (status == 0)


def test_the_schema_tells_what_the_provider_wants(terraform: str) -> None:
    schema = load()
    topic = schema["resource_schemas"]["google_pubsub_topic"]["block"]
    members = schema["resource_schemas"]["google_pubsub_topic_iam_binding"]["block"]["attributes"]["members"]
    assert topic["attributes"]["name"] == {"required": True, "type": "string"}
    assert topic["block_types"]["message_storage_policy"]["max_items"] == 1
    assert members["type"] == ["set", "string"]
    assert len(schema["resource_schemas"]) > 1000
    assert schema["data_source_schemas"]["google_project"]["block"]["attributes"]["number"]["computed"]
