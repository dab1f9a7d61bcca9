"""What the cloud would refuse in the middle of an apply stops the plan, with a name and the way out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.infra import offline
from tests.infra.installation import release as whole
from tests.infra.seeded import installed, release, with_function
from tests.infra.workspace import OfflineError, Workspace

LIMITS = {
    "several requests at once below one processor": ("chat", {"cpu": 0.5}, ["[concurrency]", "[80]"]),
    "a fraction above one processor": ("chat", {"cpu": 1.5}, ["[cpu]", "[1.5]"]),
    "three processors": ("chat", {"cpu": 3}, ["[cpu]", "[3]"]),
    "too much memory for a processor": ("chat", {"memory_mib": 8192}, ["[memory_mib]", "4096"]),
    "too little memory for four processors": (
        "chat",
        {"cpu": 4, "memory_mib": 1024},
        ["[memory_mib]", "2048"],
    ),
    "too many requests at once": ("chat", {"concurrency": 1001}, ["[concurrency]", "1000"]),
    "an event that takes longer than Pub/Sub waits": (
        "membrane",
        {"timeout_seconds": 601},
        ["[timeout_seconds]", "[event]", "600"],
    ),
    "a schedule that takes longer than Scheduler waits": (
        "outbox_sweeper",
        {"timeout_seconds": 1800},
        ["[timeout_seconds]", "[schedule]", "1795"],
    ),
    "back-off the wrong way round": (
        "membrane",
        {"min_backoff_seconds": 20},
        ["back-off", "[20]", "[10]"],
    ),
    "a job on part of a processor": (
        "identity_training",
        {"cpu": 0.5, "memory_mib": 512},
        ["whole processor"],
    ),
    "a name with which Cloud Run gives no address": (
        "chat",
        {"deployed_name": "a" * 51},
        ["63 characters"],
    ),
}


@pytest.mark.parametrize(("name", "values", "words"), LIMITS.values(), ids=list(LIMITS))
def test_a_limit_of_cloud_run_or_pubsub_names_the_function_and_the_field(
    terraform: str, tmp_path: Path, name: str, values: dict[str, object], words: list[str]
) -> None:
    tree = with_function(tmp_path, name, **values)
    said = _refused(installed(), terraform=tree)
    for word in (f"functions/{name}/function.yaml", *words):
        assert word in said


VARIABLES = {
    "a project's name instead of its id": ({"project": "My Project"}, ["[My Project]"]),
    "an environment that is no label": ({"environment": "Staging!"}, ["[Staging!]"]),
    "a domain with a scheme": ({"domain": "https://cos.example.com"}, ["[https://cos.example.com]"]),
    "no domain": ({"domain": ""}, ["is no host name"]),
    "a setting that is computed": ({"settings": {"region": "x"}}, ["[region]", "gemini_model"]),
    "a setting nobody has": ({"settings": {"gemini": "x"}}, ["[gemini]", "gemini_model"]),
    "scaling of nobody": ({"scaling": {"functions": {"chatt": {}}}}, ["[chatt]", "chat_stream"]),
    "more kept than allowed": (
        {"scaling": {"functions": {"chat": {"min_instances": 30}}}},
        ["functions/chat/", "[30]", "[20]"],
    ),
    "a share above one": ({"request_log_share": 1.5}, ["[1.5]"]),
    "an interpreter that is none": ({"release": {**whole(), "runtime": "python3"}}, ["[python3]"]),
    "a bundle of nobody": ({"release": release(new=("ghost",))}, ["[ghost]", "tree it was built from"]),
    "a bundle whose name does not change with its content": (
        {"release": {**whole(), "bundles": {"chat": {"sha256": "a" * 64, "object": "bundles/chat.zip"}}}},
        ["no hash of its content"],
    ),
    "a hash that is none": (
        {"release": {**whole(), "bundles": {"chat": {"sha256": "abc", "object": "bundles/abc.zip"}}}},
        ["64 hex digits"],
    ),
    "a release that serves nothing": (
        {"release": release(without=tuple(name for name in whole()["bundles"] if name != "membrane"))},
        ["nothing to serve"],
    ),
}


@pytest.mark.parametrize(("values", "words"), VARIABLES.values(), ids=list(VARIABLES))
def test_a_variable_that_cannot_be_names_itself_and_the_way_out(
    terraform: str, values: dict[str, object], words: list[str]
) -> None:
    said = _refused({**installed(), **values})
    for word in words:
        assert word in said


def _refused(variables: dict[str, object], *, terraform: Path = offline.TERRAFORM) -> str:
    with pytest.raises(OfflineError) as refused:
        Workspace(terraform, "product", variables).plan_text()
    _, _, error = str(refused.value).partition("Error: ")
    return re.sub(r"\s+", " ", error)
