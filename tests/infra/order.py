"""What Terraform makes before what, by its own graph: a missing order fails only in a fresh project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.infra.workspace import Workspace

KNOWN = "terraform_data.services_known"
BEFORE_IT = {"google_project_service.this", KNOWN}
AGENT = "terraform_data.agent"
APPLIED = "google_storage_bucket_object.applied"
_NEEDED = re.compile(
    r"\w+_iam_member|\w+_iam_custom_role|google_pubsub_\w+|google_service_account|google_bigquery_table"
    r"|google_firestore_(index|field)|google_secret_manager_secret"
)
"""Types a release finds in place, as `foundation_needs` of terraform/catalogue names them."""
_EDGE = re.compile(r'^\s*"([^"]+)" -> "([^"]+)";$', re.M)
_NODE = re.compile(r'^\s*"([^"]+)" \[label=', re.M)
_OF_AGENT = re.compile(r'^resource "(\w+)" "(\w+)" \{\n(?:(?!^\}).)*local\.\w+_agent', re.M | re.S)

Graph = Mapping[str, frozenset[str]]
"""Resource → everything that is made before it."""


def graph(terraform: Path, root: str) -> Graph:
    text = Workspace(terraform, root).graph()
    direct: dict[str, set[str]] = {name: set() for name in _NODE.findall(text)}
    for later, earlier in _EDGE.findall(text):
        direct[later].add(earlier)
    return {name: frozenset(_all_before(name, direct)) for name in direct}


def _all_before(name: str, direct: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = [name]
    while ahead:
        fresh = direct.get(ahead.pop(), set()) - found
        found |= fresh
        ahead += fresh
    return found


def too_early(made: Graph, terraform: Path) -> Iterator[str]:
    """Resources that could be made while an API is not known yet, or before an agent they give a right to is
    there; and what the note of what is in place does not wait for."""
    managed = {name: before for name, before in made.items() if not name.startswith("data.")}
    for name, before in sorted(managed.items()):
        if name not in BEFORE_IT and KNOWN not in before:
            yield f"terraform/foundation: {name} does not wait for [{KNOWN}]"
    for path in sorted((terraform / "foundation").glob("*.tf")):
        for kind, name in _OF_AGENT.findall(path.read_text(encoding="utf-8")):
            if AGENT not in managed[f"{kind}.{name}"]:
                yield f"terraform/foundation/{path.name}: {kind}.{name} does not wait for [{AGENT}]"
    for name in sorted(set(managed) - managed[APPLIED]):
        if _NEEDED.fullmatch(name.rpartition(".")[0].rpartition(".")[2]):
            yield f"terraform/foundation: {APPLIED} does not wait for [{name}]"
