"""What the cloud would refuse in the middle of an apply stops the plan, with a name and the way out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared.deploy.platform_limits import MOST_SECONDS, WHOLE_CPU_BY_MEMORY_MIB
from tests.infra import offline
from tests.infra.installation import release as whole
from tests.infra.seeded import installed, release, with_functions
from tests.infra.workspace import OfflineError, Workspace

LIMITS: dict[str, tuple[dict[str, object], list[str]]] = {
    "chat": ({"cpu": 0.5}, ["[concurrency]", "[80]", "below one processor"]),
    "crm_intake": ({"cpu": 1.5}, ["[cpu]", "[1.5]"]),
    "operations": ({"cpu": 3}, ["[cpu]", "[3]"]),
    "records_intake": ({"memory_mib": 8192}, ["[memory_mib]", "[8192]", "4096"]),
    "plate_composer": ({"cpu": 4, "memory_mib": 1024}, ["[memory_mib]", "[1024]", "2048"]),
    "system": ({"concurrency": 1001}, ["[concurrency]", "[1001]", "1000 requests"]),
    "membrane": ({"timeout_seconds": 601}, ["[timeout_seconds]", "[event]", "600"]),
    "outbox_sweeper": ({"timeout_seconds": 1801}, ["[timeout_seconds]", "[schedule]", "1800"]),
    "question_expiry": ({"min_backoff_seconds": 70}, ["back-off", "[70]", "[60]"]),
    "identity_training": ({"cpu": 0.5, "memory_mib": 512}, ["whole processor"]),
    "chat_stream": ({"deployed_name": "a" * 51}, ["63 characters"]),
}


@pytest.fixture(scope="module")
def said_of_limits(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is said, sentence by sentence, when every function breaks a limit of its own."""
    tree = with_functions(
        tmp_path_factory.mktemp("broken"), {name: values for name, (values, _) in LIMITS.items()}
    )
    return _refused(installed(), terraform=tree).split("functions/")


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_of_cloud_run_or_pubsub_names_the_function_and_the_field(
    said_of_limits: list[str], name: str
) -> None:
    words = LIMITS[name][1]
    said = [one for one in said_of_limits if one.startswith(f"{name}/function.yaml: ")]
    assert any(all(word in one for word in words) for one in said), said


def test_the_plan_and_the_check_of_manifests_know_the_same_limits(terraform: str) -> None:
    shown = "{ seconds = local.longest_timeout, memory = local.memory_limits }"
    found = Workspace(offline.TERRAFORM, "product", installed()).console(shown)
    assert found["seconds"] == {kind: seconds for kind, (seconds, _) in MOST_SECONDS.items()}
    assert {int(cpu): one["most"] for cpu, one in found["memory"].items()} == {
        cpu: most for most, cpu in WHOLE_CPU_BY_MEMORY_MIB
    }


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
