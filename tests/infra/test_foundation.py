"""The owner's root makes what the adapters look for, keeps what matters, and opens no way to more rights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.google.bus_operations import DEAD_LETTERS, HISTORY
from shared.events.catalogue import load_catalogue
from shared.manifest import ROOT, Manifest, all_manifests
from shared.runtime.given_up import KEPT
from shared.runtime.lease import DONE_KEPT
from tests.infra import offline
from tests.infra.offline import Plan, Resource
from tests.infra.seeded import installed, with_manifests
from tests.infra.workspace import OfflineError
from tests.said import nothing

TOPICS = set(load_catalogue())
FOUNDATION = ROOT / "terraform" / "foundation"
STATEFUL = (
    *("google_firestore_database", "google_bigquery_dataset", "google_bigquery_table"),
    *("google_storage_bucket", "google_secret_manager_secret"),
)
REPOSITORIES = ("google_artifact_registry_repository",)
SELF_HELP = re.compile(r"setIamPolicy|^iam\.|^resourcemanager\.projects\.(set|update)")
WHOLE_PROJECT = {"roles/owner", "roles/editor", "roles/viewer"}
GRANTING = {
    *("roles/resourcemanager.projectIamAdmin", "roles/iam.securityAdmin", "roles/iam.roleAdmin"),
    *(
        "roles/iam.serviceAccountAdmin",
        "roles/iam.serviceAccountUser",
        "roles/iam.serviceAccountTokenCreator",
    ),
    *("roles/pubsub.admin", "roles/storage.admin", "roles/secretmanager.admin", "roles/bigquery.admin"),
}


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def pull_mistakes(subscriptions: Iterable[Mapping[str, Any]]) -> list[str]:
    """What operators could not find or would lose."""
    found = {
        one["name"]: one for one in subscriptions if not one["push_config"] and not one["bigquery_config"]
    }
    wanted = {topic + HISTORY for topic in TOPICS}
    consumers = [one.name for one in all_manifests() if one.subscribes]
    rows = [f"{topic}--warehouse" for topic, event in load_catalogue().items() if event.table]
    wanted |= {name + DEAD_LETTERS for name in (*consumers, *rows)}
    said = [f"[{name}] is missing" for name in sorted(wanted - set(found))]
    for name, one in found.items():
        kept = seconds(one["message_retention_duration"])
        if one["expiration_policy"][0]["ttl"] != "":
            said.append(f"[{name}] is deleted when nobody reads it")
        if name.endswith(HISTORY) and not one["retain_acked_messages"]:
            said.append(f"[{name}] forgets what was read")
        if name.endswith(HISTORY) and kept >= DONE_KEPT.total_seconds():
            said.append(f"[{name}] outlives the marks of what is done")
        if name.endswith(DEAD_LETTERS) and kept != KEPT.total_seconds():
            said.append(f"[{name}] is not kept as long as its reason")
    return said


def values(plan: Plan, *types: str) -> list[Mapping[str, Any]]:
    return [one.values for one in plan.of(*types)]


def test_operators_find_the_history_of_each_topic_and_the_dead_letters_of_each_subscription(
    foundation: Plan,
) -> None:
    nothing(pull_mistakes(values(foundation, "google_pubsub_subscription")))


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("chat", None, r"\[membrane--dead-letters\] is missing"),
        ("history", {"retain_acked_messages": False}, "forgets what was read"),
        ("history", {"message_retention_duration": "1209600s"}, "outlives the marks"),
        ("history", {"expiration_policy": [{"ttl": "2678400s"}]}, "deleted when nobody reads"),
        ("dead_letters", {"message_retention_duration": "604800s"}, "not kept as long as its reason"),
    ],
)
def test_a_subscription_operators_would_miss_is_noticed(
    foundation: Plan, name: str, changes: dict[str, Any] | None, words: str
) -> None:
    found = foundation.of("google_pubsub_subscription")
    kept = [one for one in found if changes or one.values["name"] != "membrane--dead-letters"]
    seeded = [one.values | (changes or {}) if one.name == name else one.values for one in kept]
    assert re.search(words, "\n".join(pull_mistakes(seeded)))


def test_every_row_topic_is_written_by_the_schema_of_its_table(foundation: Plan) -> None:
    written = {
        one["topic"].rpartition("/")[2]: one["bigquery_config"][0]
        for one in values(foundation, "google_pubsub_subscription")
        if one["bigquery_config"]
    }
    tables = {topic: event.table for topic, event in load_catalogue().items() if event.table}
    assert {topic: one["table"].partition(".")[2] for topic, one in written.items()} == tables
    assert all(one["use_table_schema"] and one["drop_unknown_fields"] for one in written.values())


def unprotected(folder: Path) -> list[str]:
    """Blocks of stateful resources without prevent_destroy."""
    blocks = [
        block
        for path in sorted(folder.glob("*.tf"))
        for block in re.findall(r'^resource "\w+" "\w+" \{\n.*?^\}', path.read_text(), re.M | re.S)
    ]
    kinds = {
        kind: [block for block in blocks if f'"{kind}"' in block.partition("\n")[0]] for kind in STATEFUL
    }
    missing = [f"{kind} is not there" for kind, found in kinds.items() if not found]
    return missing + [
        block.partition("\n")[0]
        for found in kinds.values()
        for block in found
        if not re.search(r"^\s+prevent_destroy = true$", block, re.M)
    ]


def test_what_matters_cannot_be_destroyed_by_an_apply(foundation: Plan) -> None:
    nothing(unprotected(FOUNDATION))
    (database,) = values(foundation, "google_firestore_database")
    assert database["delete_protection_state"] == "DELETE_PROTECTION_ENABLED"
    assert database["point_in_time_recovery_enablement"] == "POINT_IN_TIME_RECOVERY_ENABLED"
    assert all(one["deletion_protection"] for one in values(foundation, "google_bigquery_table"))
    assert not [one for one in values(foundation, "google_storage_bucket") if one["force_destroy"]]


def test_a_store_that_an_apply_could_destroy_is_noticed(tmp_path: Path) -> None:
    for path in FOUNDATION.glob("*.tf"):
        text = path.read_text()
        weaker = text.replace("prevent_destroy = true", "") if path.name == "warehouse.tf" else text
        (tmp_path / path.name).write_text(weaker)
    assert [line.split('"')[1] for line in unprotected(tmp_path)] == [
        "google_bigquery_dataset",
        "google_bigquery_table",
    ]


def rights_to_more_rights(plan: Plan) -> list[str]:
    """How an account of ours could give itself what it has not."""
    held = [one for one in plan.of("google_project_iam_member") if "gcp-sa-" not in one.values["member"]]
    said = [
        f"{one.values['member']} {one.values['role']}"
        for one in held
        if one.values["role"] in WHOLE_PROJECT | GRANTING
    ]
    custom = [
        f"{one.values['role_id']} {permission}"
        for one in plan.of("google_project_iam_custom_role")
        for permission in one.values["permissions"]
        if SELF_HELP.search(permission)
    ]
    acting = [
        one.values["service_account_id"]
        for one in plan.of("google_service_account_iam_member")
        if "deployer@" in one.values["member"] and "deployer@" in one.values["service_account_id"]
    ]
    return said + custom + acting


def test_no_account_of_ours_can_give_itself_more_rights(foundation: Plan) -> None:
    nothing(rights_to_more_rights(foundation))


def _with(plan: Plan, kind: str, **changes: Any) -> Plan:
    (first, *_) = [one for one in plan.of(kind) if "gcp-sa-" not in str(one.values)]
    seeded: Resource = replace(first, values=first.values | changes)
    return replace(plan, resources=(*plan.resources, seeded))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("google_project_iam_member", {"role": "roles/editor"}),
        ("google_project_iam_member", {"role": "roles/iam.serviceAccountUser"}),
        ("google_project_iam_custom_role", {"permissions": ["pubsub.topics.setIamPolicy"]}),
        ("google_service_account_iam_member", {"service_account_id": "deployer@", "member": "x:deployer@"}),
    ],
)
def test_a_way_to_more_rights_is_noticed(foundation: Plan, kind: str, changes: dict[str, Any]) -> None:
    assert rights_to_more_rights(_with(foundation, kind, **changes)) != []


def test_a_function_that_texts_gets_its_secrets_and_the_right_to_read_them(
    terraform: str, tmp_path: Path
) -> None:
    texting = Manifest.model_validate(
        {
            "name": "texting",
            "meaning": "A capability that sends a text message to a customer.",
            "primitive": "texting",
            "kind": "event",
            "subscribes": "attention-requested",
            "handler": "send",
            "publishes": ["audit-recorded"],
            "ports": ["documents", "bus", "messenger", "tokens"],
        }
    )
    made = offline.applied("foundation", installed(), terraform=with_manifests(tmp_path, texting))
    wanted = {"twilio_account_sid", "twilio_auth_token"}
    assert wanted <= {one["secret_id"] for one in values(made, "google_secret_manager_secret")}
    readers = values(made, "google_secret_manager_secret_iam_member")
    own = [one for one in readers if one["member"].startswith("serviceAccount:fn-texting@")]
    assert {str(one["secret_id"]).rpartition("/")[2] for one in own} == wanted
    assert "texting--dead-letters" in {one["name"] for one in values(made, "google_pubsub_topic")}


def test_vertex_index_and_budget_are_made_on_request(foundation: Plan, terraform: str) -> None:
    costly = (
        "google_vertex_ai_index",
        "google_vertex_ai_index_endpoint_deployed_index",
        "google_billing_budget",
    )
    assert foundation.of(*costly) == []
    asked = {"vectors": "vertex", "billing_account": "ABCDEF-012345-6789AB"}
    made = offline.applied("foundation", installed(**asked))
    assert {one.type for one in made.of(*costly)} == set(costly)
    (budget,) = values(made, "google_billing_budget")
    # Shares of it: 50 would be fifty times the budget.
    assert {rule["threshold_percent"] for rule in budget["threshold_rules"]} == {0.5, 0.9, 1.0}


def test_an_address_named_twice_makes_one_channel_and_a_budget_that_tells_it(terraform: str) -> None:
    told = ["a@example.com", "a@example.com", "b@example.com"]
    asked = {"alert_emails": told, "billing_account": "ABCDEF-012345-6789AB"}
    made = offline.applied("foundation", {**installed(), **asked})
    (budget,) = values(made, "google_billing_budget")
    (rule,) = budget["all_updates_rule"]
    assert len(rule["monitoring_notification_channels"]) == 2


def test_a_repository_says_only_what_the_registry_answers(foundation_plan: Plan) -> None:
    """An empty block would be a change in every plan."""
    said = {one["repository_id"]: one["docker_config"] for one in values(foundation_plan, *REPOSITORIES)}
    assert said == {"images": [{"immutable_tags": True}], "functions": []}


def test_an_agent_that_is_given_a_right_is_made_before_google_makes_it_at_its_first_use() -> None:
    """The first video would otherwise be refused: `Service agents are being provisioned`."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in FOUNDATION.glob("*.tf"))
    (made,) = re.findall(r'resource "terraform_data" "agent" \{\n  for_each = toset\(\[(.*)\]\)', text)
    (pubsub, vertex) = (f"{name}.googleapis.com" for name in ("pubsub", "aiplatform"))
    assert {pubsub, vertex} <= set(re.findall(r'"([\w.]+)"', made))


WRONG: dict[str, Any] = {
    "project": "Auto Haus",
    "region": "nam5",
    "domain": "https://x.example",
    "vectors": "pinecone",
    "billing_account": "1234",
    "monthly_budget": 0.5,
}


def test_wrong_variables_are_refused_by_their_names(terraform: str) -> None:
    with pytest.raises(OfflineError) as refused:
        offline.plan("foundation", installed(**WRONG))
    assert [name for name in WRONG if f"[{name}] must" not in str(refused.value)] == []
