"""Values only the cloud knows, made up: ids and addresses by the rules the provider documents.

They let an offline `apply` resolve every reference between resources, so that a check can ask which account
holds which role on which topic. A value without a rule has the right type and says what it stands for.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.infra.dynamic_value import UNKNOWN, each_block, example
from tests.infra.schema_source import Json

PROJECT, NUMBER = "offline-project", "123456789012"
_DEFAULTS = {"project": PROJECT, "region": "us-central1"}

RULES: dict[str, dict[str, str]] = {
    "google_pubsub_topic": {"id": "projects/{project}/topics/{name}"},
    "google_pubsub_subscription": {"id": "projects/{project}/subscriptions/{name}"},
    "google_service_account": {
        "id": "projects/{project}/serviceAccounts/{account_id}@{project}.iam.gserviceaccount.com",
        "name": "projects/{project}/serviceAccounts/{account_id}@{project}.iam.gserviceaccount.com",
        "email": "{account_id}@{project}.iam.gserviceaccount.com",
        "member": "serviceAccount:{account_id}@{project}.iam.gserviceaccount.com",
    },
    "google_secret_manager_secret": {
        "id": "projects/{project}/secrets/{secret_id}",
        "name": "projects/" + NUMBER + "/secrets/{secret_id}",
    },
    "google_storage_bucket": {"id": "{name}", "url": "gs://{name}"},
    "google_bigquery_dataset": {"id": "projects/{project}/datasets/{dataset_id}"},
    "google_bigquery_table": {"id": "projects/{project}/datasets/{dataset_id}/tables/{table_id}"},
    "google_artifact_registry_repository": {
        "id": "projects/{project}/locations/{location}/repositories/{repository_id}",
        "name": "{repository_id}",
        "registry_uri": "registry.test/{project}/{repository_id}",
    },
    "google_cloudfunctions2_function": {
        "id": "projects/{project}/locations/{location}/functions/{name}",
        "url": "https://{name}.functions.test",
    },
    "google_cloud_run_v2_service": {
        "id": "projects/{project}/locations/{location}/services/{name}",
        "uri": "https://{name}.run.test",
    },
    "google_cloud_run_v2_job": {"id": "projects/{project}/locations/{location}/jobs/{name}"},
    "google_cloud_scheduler_job": {"id": "projects/{project}/locations/{region}/jobs/{name}"},
    "google_compute_region_network_endpoint_group": {
        "id": "projects/{project}/regions/{region}/networkEndpointGroups/{name}"
    },
    "google_monitoring_notification_channel": {
        "id": "projects/{project}/notificationChannels/{display_name}",
        "name": "projects/{project}/notificationChannels/{display_name}",
    },
    "google_project_iam_custom_role": {
        "id": "projects/{project}/roles/{role_id}",
        "name": "projects/{project}/roles/{role_id}",
    },
    "google_monitoring_alert_policy": {"id": "projects/{project}/alertPolicies/{display_name}"},
}
_DATA: dict[str, dict[str, str]] = {
    "google_project": {
        "id": "projects/{project_id}",
        "name": "{project_id}",
        "project_id": PROJECT,
        "number": NUMBER,
    },
    "google_client_config": {"project": "{project}", "region": "us-central1"},
    "google_artifact_registry_docker_image": {
        "self_link": "registry.test/{project}/{repository_id}/{image_name}@sha256:digest",
    },
    "google_storage_project_service_account": {
        "email_address": "service-" + NUMBER + "@gs-project-accounts.iam.gserviceaccount.com",
        "member": "serviceAccount:service-" + NUMBER + "@gs-project-accounts.iam.gserviceaccount.com",
    },
}


def settled(kind: str, block: Json, value: Json) -> Json:
    """A planned value after apply: what was unknown follows its rule, or has its type."""
    found: Json = _settled(block, _filled(value, RULES.get(kind, {}), kind))
    return found


def data_source(kind: str, block: Json, config: Json) -> Json:
    """What a data source answers: never an unknown value, Terraform allows none."""
    filled = {
        name: UNKNOWN if config.get(name) is None and _answered(kind, name, attribute) else config.get(name)
        for name, attribute in block["attributes"].items()
    }
    found: Json = _settled(block, _filled(config | filled, _DATA.get(kind, {}), kind))
    return found


def _answered(kind: str, name: str, attribute: Json) -> bool:
    return bool(attribute.get("computed")) or name in _DATA.get(kind, {})


def _filled(value: Json, rules: dict[str, str], kind: str) -> Json:
    found = dict(value)
    for name, default in _DEFAULTS.items():
        if name in found and (found[name] is None or found[name] is UNKNOWN):
            found[name] = default
    for name, rule in sorted(rules.items(), key=lambda item: item[1].count("{")):
        if found.get(name) is UNKNOWN:
            found[name] = rule.format(**(_DEFAULTS | found))
    if found.get("id") is UNKNOWN:
        found["id"] = f"{kind.removeprefix('google_')}/{_identity(value)}"
    return found


def _identity(value: Json) -> str:
    known = {name: item for name, item in value.items() if item not in (None, [], {}) and item is not UNKNOWN}
    name = str(known.get("name", ""))
    return name or hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _settled(block: Json, value: Any) -> Any:
    if value is None:
        return value
    found = dict(value)
    for name, attribute in block["attributes"].items():
        if found.get(name) is UNKNOWN:
            found[name] = example(attribute["type"], name)
    for name, nested in block["block_types"].items():
        found[name] = each_block(nested, found.get(name), _settled)
    return found
