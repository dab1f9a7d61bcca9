"""Each role of terraform/roles.yaml is there for a permission that is asked; each permission has its role.

The permissions of roles: cloud.google.com/iam/docs/roles-permissions; those of calls: each service's page on
access control. A role is listed with what it is taken for and the narrowest place it works at, not with all
it holds; a role that is not listed is one nobody has looked up yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.infra.code_facts import Code

_ROLES: Mapping[str, tuple[str, frozenset[str]]] = {
    role: (at, frozenset(permissions.split()))
    for role, at, permissions in (
        ("roles/datastore.user", "project", "datastore.entities.* datastore.databases.get"),
        ("roles/pubsub.publisher", "topic", "pubsub.topics.publish"),
        ("roles/pubsub.viewer", "project", "pubsub.subscriptions.list pubsub.subscriptions.get"),
        ("roles/pubsub.subscriber", "subscription", "pubsub.subscriptions.consume"),
        ("roles/bigquery.jobUser", "project", "bigquery.jobs.create"),
        ("roles/bigquery.dataViewer", "dataset", "bigquery.tables.getData"),
        ("roles/storage.objectUser", "bucket", "storage.objects.*"),
        ("roles/aiplatform.user", "project", "aiplatform.endpoints.predict"),
        ("roles/cloudtrace.user", "project", "cloudtrace.traces.get cloudtrace.traces.list"),
        ("roles/secretmanager.secretAccessor", "secret", "secretmanager.versions.access"),
        ("roles/telemetry.tracesWriter", "project", "telemetry.traces.write"),
        ("roles/serviceusage.serviceUsageConsumer", "project", "serviceusage.services.use"),
    )
}
_EVERY_FUNCTION = "telemetry.traces.write serviceusage.services.use"
_PORTS: Mapping[str, str] = {
    "documents": "datastore.entities.* datastore.databases.get",
    "bus": "pubsub.topics.publish",
    "bus_operations": "pubsub.subscriptions.list pubsub.subscriptions.get pubsub.subscriptions.consume",
    "warehouse": "bigquery.jobs.create bigquery.tables.getData",
    "blobs": "storage.objects.*",
    "models": "aiplatform.endpoints.predict",
    "spans": "cloudtrace.traces.get cloudtrace.traces.list",
    "secrets": "secretmanager.versions.access",
}
"""What the adapters of a port call; the others call nothing that asks Google's IAM."""

_ACCOUNTS: Mapping[str, frozenset[tuple[str, str]]] = {
    "pubsub-push": frozenset(),
    "scheduler": frozenset(),
    # cloud.google.com/functions/docs/securing/build-custom-sa
    "functions-build": frozenset(
        {
            ("roles/logging.logWriter", "project"),
            ("roles/artifactregistry.writer", "repository functions"),
            ("roles/storage.objectViewer", "sources"),
        }
    ),
    # What it makes asks the rest: two_way_services.what_the_pipeline_may_not.
    "deployer": frozenset(
        {
            ("roles/logging.logWriter", "project"),
            ("roles/artifactregistry.writer", "repository images"),
            ("roles/artifactregistry.reader", "repository functions"),
            ("roles/storage.objectUser", "bucket bundles"),
            ("roles/storage.objectUser", "state"),
            ("roles/storage.legacyBucketReader", "state_names"),
        }
    ),
}
"""What an account that is no function's needs besides what it makes, as `(role, where)`."""
_MAKING = frozenset(
    {
        *("roles/cloudfunctions.developer", "roles/run.admin", "roles/cloudscheduler.admin"),
        *("roles/compute.loadBalancerAdmin", "productDeployer", "roles/iam.serviceAccountUser"),
    }
)


def unlike_permissions(code: Code) -> Iterator[str]:
    """Sentences for roles without use, uses without a role, and roles at a wider place than they work at."""
    yield from _unlike("[every_function]", code.roles["every_function"], _EVERY_FUNCTION)
    for port, roles in code.roles["ports"].items():
        yield from _unlike(f"port [{port}]", roles, _PORTS.get(port, ""))
    for account, one in code.roles["accounts"].items():
        yield from _unlike_account(account, one["roles"])


def _unlike(place: str, roles: list[Mapping[str, Any]], asked: str) -> Iterator[str]:
    lacking = set(asked.split())
    for one in roles:
        at, given = _ROLES.get(one["role"], ("", frozenset[str]()))
        if not at:
            yield f"terraform/roles.yaml: {place} has [{one['role']}], which no check knows; look it up"
        elif not given & lacking:
            yield f"terraform/roles.yaml: {place} has [{one['role']}], and nothing it calls asks for it"
        elif one["at"] != at:
            yield f"terraform/roles.yaml: {place} has [{one['role']}] at [{one['at']}]; it works at [{at}]"
        lacking -= given
    yield from (f"terraform/roles.yaml: {place} has no role with [{one}]" for one in sorted(lacking))


def _unlike_account(account: str, roles: list[Mapping[str, Any]]) -> Iterator[str]:
    needed = _ACCOUNTS.get(account, frozenset())
    held = {
        (one["role"], " ".join([one["at"], *([one["place"]] if "place" in one else [])])) for one in roles
    }
    for role, where in sorted(needed - held):
        yield f"terraform/roles.yaml: account [{account}] lacks [{role}] at [{where}]"
    making = _MAKING if account == "deployer" else frozenset[str]()
    for role, where in sorted(held - needed):
        if role not in making:
            yield f"terraform/roles.yaml: account [{account}] has [{role}] at [{where}], needed by nothing"
