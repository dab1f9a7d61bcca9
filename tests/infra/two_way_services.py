"""The APIs that are turned on are those our resources and ports call; the pipeline may do what it does."""

from __future__ import annotations

from collections.abc import Iterator

from tests.infra.code_facts import Code, differences
from tests.infra.deployed import runs
from tests.infra.made_up import PROJECT
from tests.infra.offline import Plan
from tests.infra.two_way_rights import Grant, grants

_API_OF_TYPE = {
    "google_artifact_registry": "artifactregistry",
    "google_bigquery": "bigquery",
    "google_billing_budget": "billingbudgets",
    "google_certificate_manager": "certificatemanager",
    "google_cloud_run": "run",
    "google_cloud_scheduler": "cloudscheduler",
    "google_cloudfunctions2": "cloudfunctions",
    "google_compute": "compute",
    "google_firebaserules": "firebaserules",
    "google_firestore": "firestore",
    "google_identity_platform": "identitytoolkit",
    "google_logging": "logging",
    "google_monitoring": "monitoring",
    "google_project": "cloudresourcemanager",
    "google_project_iam_custom_role": "iam",
    "google_project_service": "serviceusage",
    "google_pubsub": "pubsub",
    "google_secret_manager": "secretmanager",
    "google_service_account": "iam",
    "google_storage": "storage",
    "google_vertex_ai": "aiplatform",
}
"""The longest beginning of a type's name decides."""
_APIS_OF_PORT = {
    "documents": {"firestore"},
    "bus": {"pubsub"},
    "bus_operations": {"pubsub"},
    "warehouse": {"bigquery"},
    "blobs": {"storage"},
    "models": {"aiplatform"},
    "maps": {"routes"},
    "spans": {"cloudtrace", "telemetry"},
    "tokens": {"identitytoolkit", "securetoken"},
    "secrets": {"secretmanager"},
}
_BESIDES = {
    "cloudbuild": "Runs the pipeline, and builds the image of each function.",
    "iamcredentials": "Pub/Sub and Cloud Scheduler sign the tokens of their calls with it.",
    "secretmanager": "Credentials, as soon as a function reads one.",
}
"""APIs no resource or port of this moment asks for, with the reason."""

_ACTING = "roles/iam.serviceAccountUser"
_SUBSCRIPTIONS = {f"pubsub.subscriptions.{act}" for act in ("create", "get", "update", "delete")}
_NEEDS: dict[str, set[str]] = {
    "google_cloudfunctions2_function": {"roles/cloudfunctions.developer"},
    "google_cloud_run_v2": {"roles/run.admin"},
    "google_cloud_scheduler_job": {"roles/cloudscheduler.admin"},
    "google_pubsub_subscription": {*_SUBSCRIPTIONS, "pubsub.topics.attachSubscription"},
    "google_compute": {"roles/compute.loadBalancerAdmin"},
    "google_compute_security_policy": {
        f"compute.securityPolicies.{act}" for act in ("create", "get", "update", "delete", "use")
    },
    "google_compute_region_network_endpoint_group": {
        f"compute.regionNetworkEndpointGroups.{act}" for act in ("create", "get", "delete", "use")
    },
    "google_compute_ssl_policy": {
        f"compute.sslPolicies.{act}" for act in ("create", "get", "update", "delete", "use")
    },
    "google_artifact_registry_docker_image": {"roles/artifactregistry.writer"},
    "google_project": {"roles/run.admin"},
}
"""What the account that applies terraform/product must hold for each type in it: a role, or permissions."""


def unlike_services(foundation: Plan, product: Plan, code: Code) -> Iterator[str]:
    asked = {_longest(_API_OF_TYPE, one.type) for one in (*foundation.resources, *product.resources)}
    ports = {
        api for name in code.manifests for port in code.ports_of(name) for api in _APIS_OF_PORT.get(port, ())
    }
    enabled = {
        one.values["service"].removesuffix(".googleapis.com")
        for one in foundation.of("google_project_service")
    }
    yield from differences(
        "terraform/foundation: APIs",
        found=enabled - set(_BESIDES),
        wanted=((asked | ports) - {""} - set(_BESIDES)),
        lacking="a resource or a port calls it",
        needless="nothing calls it",
    )
    yield from (
        f"terraform/foundation: APIs lack [{one}]: {why}"
        for one, why in _BESIDES.items()
        if one not in enabled
    )


def what_the_pipeline_may_not(foundation: Plan, product: Plan) -> Iterator[str]:
    """Sentences for resources of the product its account could not make, and accounts it could not act as."""
    member = f"serviceAccount:deployer@{PROJECT}.iam.gserviceaccount.com"
    held = [one for one in grants(foundation) if one.member == member]
    may = {one.role for one in held} | _permissions(foundation, held)
    for kind in sorted({one.type for one in product.resources}):
        lacking = _needs(kind) - may
        if lacking or not _needs(kind):
            words = sorted(lacking) or "a line in this check"
            yield f"the account [deployer] makes [{kind}] and lacks {words}"
    acting = {one.place for one in held if one.role == _ACTING}
    for account in sorted(_acted_as(product) - acting):
        yield f"the account [deployer] makes something run as [{account}] and lacks [{_ACTING}] on it"


def _needs(kind: str) -> set[str]:
    fitting = [one for one in _NEEDS if kind.startswith(one)]
    return _NEEDS[max(fitting, key=len)] if fitting else set()


def _permissions(foundation: Plan, held: list[Grant]) -> set[str]:
    """Of the roles of our own it holds; their names are the last part of a grant's role."""
    own = {
        one.values["role_id"]: one.values["permissions"]
        for one in foundation.of("google_project_iam_custom_role")
    }
    names = {one.role.rpartition("/")[2] for one in held}
    return {permission for name in names & set(own) for permission in own[name]}


def _acted_as(product: Plan) -> set[str]:
    accounts = [run.account for run in runs(product).values()]
    for one in product.of("google_pubsub_subscription"):
        accounts += [token["service_account_email"] for token in one.values["push_config"][0]["oidc_token"]]
    for one in product.of("google_cloud_scheduler_job"):
        (target,) = one.values["http_target"]
        accounts += [
            token["service_account_email"] for token in (*target["oidc_token"], *target["oauth_token"])
        ]
    for one in product.of("google_cloudfunctions2_function"):
        accounts.append(one.values["build_config"][0]["service_account"].rpartition("/")[2])
    return {account.partition("@")[0] for account in accounts}


def _longest(table: dict[str, str], kind: str) -> str:
    fitting = [one for one in table if kind.startswith(one)]
    return table[max(fitting, key=len)] if fitting else ""
