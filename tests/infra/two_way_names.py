"""What terraform/product only names terraform/foundation makes; what holds data is kept from deletion."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.infra.made_up import PROJECT
from tests.infra.offline import Plan, Resource

_NAMED = {
    "account": re.compile(rf"([a-z0-9-]+@{PROJECT}\.iam\.gserviceaccount\.com)"),
    "topic": re.compile(rf"projects/{PROJECT}/topics/([\w.~+%-]+)"),
    "secret": re.compile(rf"projects/{PROJECT}/secrets/([\w-]+)"),
    "repository": re.compile(rf"projects/{PROJECT}/locations/[\w-]+/repositories/([\w-]+)"),
    "certificate map": re.compile(r"/certificateMaps/([\w-]+)"),
    "bucket": re.compile(rf"\"({PROJECT}-[a-z0-9_-]+)\""),
}
_MADE = {
    "account": ("google_service_account", "email"),
    "topic": ("google_pubsub_topic", "name"),
    "secret": ("google_secret_manager_secret", "secret_id"),
    "repository": ("google_artifact_registry_repository", "repository_id"),
    "certificate map": ("google_certificate_manager_certificate_map", "name"),
    "bucket": ("google_storage_bucket", "name"),
}

STATEFUL = {
    "google_firestore_database",
    "google_bigquery_dataset",
    "google_bigquery_table",
    "google_storage_bucket",
    "google_secret_manager_secret",
    "google_compute_global_address",
}
"""Deleting one of these loses data, a credential or the address the domain points to."""

_GUARDS = {
    "google_firestore_database": ("delete_protection_state", "DELETE_PROTECTION_ENABLED"),
    "google_bigquery_table": ("deletion_protection", True),
    "google_bigquery_dataset": ("delete_contents_on_destroy", False),
    "google_storage_bucket": ("force_destroy", False),
}
_RESOURCE = re.compile(r'^resource "(\w+)" "(\w+)" \{\n(.*?)^\}', re.M | re.S)
_KEPT = re.compile(r"lifecycle \{[^}]*prevent_destroy\s*=\s*true", re.S)


def names_nobody_made(product: Plan, foundation: Plan) -> Iterator[str]:
    """References between the roots go by name; each must be the name of something."""
    made = {kind: {one.values[key] for one in foundation.of(of)} for kind, (of, key) in _MADE.items()}
    made["address"] = {one.values["name"] for one in foundation.of("google_compute_global_address")}
    for one in product.resources:
        for kind, name in _names(one):
            if name not in made[kind]:
                yield f"{one.address} names the {kind} [{name}], which terraform/foundation does not make"


def _names(resource: Resource) -> Iterator[tuple[str, str]]:
    words = json.dumps(resource.values)
    for kind, pattern in _NAMED.items():
        yield from ((kind, name) for name in sorted(set(pattern.findall(words))))
    if resource.type == "google_pubsub_subscription":
        yield "topic", str(resource.values["topic"]).rpartition("/")[2]
    if resource.type == "google_artifact_registry_docker_image":
        yield "repository", resource.values["repository_id"]
    if resource.mode == "data" and resource.type == "google_compute_global_address":
        yield "address", resource.values["name"]


def unprotected(terraform: Path) -> Iterator[str]:
    """Resources of the owner's root that hold state and that a plan could destroy."""
    for path in sorted(terraform.rglob("*.tf")):
        for kind, name, body in _RESOURCE.findall(path.read_text()):
            if kind in STATEFUL and not _KEPT.search(body):
                yield f"{path.relative_to(terraform.parent)}: {kind}.{name} has no prevent_destroy"


def unguarded(*plans: Plan) -> Iterator[str]:
    """The cloud's own guards against deletion, where it has some."""
    for plan in plans:
        for one in plan.of(*_GUARDS):
            argument, wanted = _GUARDS[one.type]
            if one.values[argument] != wanted:
                yield f"{one.address}: [{argument}] is [{one.values[argument]}], not [{wanted}]"


def stateful_in_the_product(product: Plan) -> Iterator[str]:
    """The pipeline applies terraform/product and must not be able to delete what matters."""
    for one in product.of(*STATEFUL):
        yield f"{one.address} holds state: it belongs to terraform/foundation"
