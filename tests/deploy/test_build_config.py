"""cloudbuild.yaml is what Cloud Build takes, and what is uploaded is what it needs."""

from __future__ import annotations

import json
import shutil
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from shared.manifest import ROOT
from shared.testing.http_stub import Reply, Request, json_reply, serve
from tests.architecture.words import tracked_files
from tests.deploy import build_config
from tests.deploy.test_bucket import no_cloud
from tests.deploy.world import HAS
from tests.said import nothing

PATH = ROOT / "cloudbuild.yaml"
GCLOUD = shutil.which("gcloud")
needs_gcloud = pytest.mark.skipif(GCLOUD is None, reason="gcloud is not on this machine")


@pytest.fixture
def config() -> dict[str, Any]:
    return build_config.read(PATH)


def test_cloud_build_would_take_it(config: dict[str, Any]) -> None:
    nothing(build_config.problems(config))


def wrong_field(config: dict[str, Any]) -> None:
    config["steps"][0]["waitfor"] = ["-"]


def wrong_option(config: dict[str, Any]) -> None:
    config["options"]["machinetype"] = "E2_HIGHCPU_8"


def undeclared(config: dict[str, Any]) -> None:
    del config["substitutions"]["_LOCK_MINUTES"]


def unused(config: dict[str, Any]) -> None:
    config["substitutions"]["_DOMAIN"] = "example.com"


def number(config: dict[str, Any]) -> None:
    config["substitutions"]["_LOCK_MINUTES"] = 30


def lower_case(config: dict[str, Any]) -> None:
    config["substitutions"]["_region"] = config["substitutions"].pop("_REGION")


def script_with_arguments(config: dict[str, Any]) -> None:
    next(step for step in config["steps"] if "script" in step)["args"] = ["-x"]


def waits_for_nobody(config: dict[str, Any]) -> None:
    config["steps"][-1]["waitFor"] = ["plann"]


def no_logging(config: dict[str, Any]) -> None:
    del config["options"]["logging"]


def not_dynamic(config: dict[str, Any]) -> None:
    del config["options"]["dynamicSubstitutions"]


def unescaped(config: dict[str, Any]) -> None:
    config["steps"][0]["args"][1] = 'cp "$(command -v terraform)" "$TOOLS"'


def lonely_volume(config: dict[str, Any]) -> None:
    config["steps"][0]["volumes"].append({"name": "toolbox", "path": "/toolbox"})


def volume_elsewhere(config: dict[str, Any]) -> None:
    config["steps"][2]["volumes"][0]["path"] = "/tool"


def unmounted(config: dict[str, Any]) -> None:
    next(step for step in config["steps"] if step["id"] == "plan")["volumes"] = []


def another_machine(config: dict[str, Any]) -> None:
    config["options"]["machineType"] = "E2_HIGHCPU_9"


def minutes(config: dict[str, Any]) -> None:
    config["steps"][2]["timeout"] = "45m"


def no_account(config: dict[str, Any]) -> None:
    del config["serviceAccount"]


MISTAKES = {
    another_machine: "options.machineType [E2_HIGHCPU_9] is none of "
    "['E2_HIGHCPU_32', 'E2_HIGHCPU_8', 'E2_MEDIUM', 'N1_HIGHCPU_32', 'N1_HIGHCPU_8']",
    minutes: "timeout [45m] is no number of seconds such as [600s]",
    no_account: "there is no serviceAccount, so it would run as the project's own, which may do much more",
    volume_elsewhere: "step [checks] names [/tools] and mounts no volume there",
    unmounted: "step [plan] names [/tools] and mounts no volume there",
    wrong_field: "step [source]: unknown field [waitfor]",
    wrong_option: "unknown field [options.machinetype]",
    undeclared: "[$_LOCK_MINUTES] is used and not declared",
    unused: "[_DOMAIN] is declared and not used",
    number: "substitution [_LOCK_MINUTES] is no text",
    lower_case: "substitution [_region] is no name",
    script_with_arguments: "step [checks]: a script takes no args and no entrypoint",
    waits_for_nobody: "step [deploy] waits for [plann], which is not before it",
    no_logging: "a serviceAccount of one's own needs options.logging CLOUD_LOGGING_ONLY",
    not_dynamic: "[_STATE_BUCKET] is made of others, which needs options.dynamicSubstitutions",
    unescaped: "[$TOOLS] is used and not declared",
    lonely_volume: "volume [toolbox] is used by one step",
}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_a_mistake_is_named(config: dict[str, Any], mistake: Any) -> None:
    wrong = deepcopy(config)
    mistake(wrong)
    assert MISTAKES[mistake] in build_config.problems(wrong)


def test_every_image_is_one_whose_programs_are_known(config: dict[str, Any]) -> None:
    assert {step["name"] for step in config["steps"]} == set(HAS)


def test_bundles_are_made_and_images_built_by_the_same_python(config: dict[str, Any]) -> None:
    bundles = next(step for step in config["steps"] if step["id"] == "bundles")
    containerfile = (ROOT / "shared" / "deploy" / "Containerfile").read_text()
    version = bundles["name"].removeprefix("python:").removesuffix("-slim")
    assert f"ARG PYTHON={version}\n" in containerfile


def test_a_release_is_checked_whole_and_no_skipped_check_passes(config: dict[str, Any]) -> None:
    """Unless somebody asks for less; a check that is skipped because a program is missing fails on CI."""
    assert config["substitutions"]["_CHECK"] == "check"
    script = next(step for step in config["steps"] if step["id"] == "checks")["script"]
    assert "export CI=true " in script
    assert script.rstrip().endswith('\nmake "$CHECK"')


@needs_gcloud
@pytest.mark.parametrize("has_a_typing_mistake", [False, True])
def test_gcloud_itself_reads_and_submits_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_a_typing_mistake: bool
) -> None:
    """The real program, with its own definition of what a build is, sends it to a server of ours."""
    sent: list[dict[str, Any]] = []
    no_cloud(monkeypatch, tmp_path)
    path = tmp_path / "cloudbuild.yaml"
    text = PATH.read_text()
    path.write_text(text.replace("waitFor:", "waitedFor:", 1) if has_a_typing_mistake else text)
    with serve(lambda request: _builds(request, sent)) as url:
        monkeypatch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDBUILD", f"{url}/")
        command = ["gcloud", "builds", "submit", "--no-source", "--async", "--region=us-central1"]
        done = subprocess.run(
            [*command, f"--config={path}", "--substitutions=_ENVIRONMENT=staging"],
            capture_output=True,
            text=True,
            timeout=60,
        )
    if has_a_typing_mistake:
        assert done.returncode != 0 and "waitedFor" in done.stderr
        return
    assert done.returncode == 0, done.stderr
    (build,) = sent
    config = build_config.read(PATH)
    assert [step["id"] for step in build["steps"]] == [step["id"] for step in config["steps"]]
    assert build["substitutions"] == {**config["substitutions"], "_ENVIRONMENT": "staging"}
    assert build["timeout"] == "18000s" and build["options"]["logging"] == "CLOUD_LOGGING_ONLY"


def _builds(request: Request, sent: list[dict[str, Any]]) -> Reply:
    build = json.loads(request.body)
    sent.append(build)
    about = {"@type": "type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata"}
    answered = {**build, "id": "b-1", "projectId": "autohaus-prod", "status": "QUEUED", "logUrl": "x"}
    answered["createTime"] = "2026-11-20T09:00:00Z"
    return json_reply(
        {"name": "operations/build/autohaus-prod/b-1", "metadata": {**about, "build": answered}}
    )


@needs_gcloud
def test_the_upload_holds_every_file_of_the_project_and_nothing_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`gcloud` itself says what it would upload; more than git has are only files nobody has added yet."""
    listed = subprocess.run(
        ["gcloud", "meta", "list-files-for-upload"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    uploaded = set(listed.stdout.split("\n")) - {""}
    ours = {path.relative_to(ROOT).as_posix() for path in tracked_files(ROOT)} - {".gcloudignore"}
    assert ours - uploaded == set()
    assert {name for name in uploaded if name.startswith((".git/", ".venv", ".cos", "build/"))} == set()
    size = sum((ROOT / name).stat().st_size for name in uploaded if (ROOT / name).exists())
    assert size < 20_000_000


def test_a_container_runs_as_nobody_on_what_is_pinned() -> None:
    lines = (ROOT / "shared" / "deploy" / "Containerfile").read_text().splitlines()
    steps = [line for line in lines if line and not line.startswith("#")]
    order = [
        next(index for index, line in enumerate(steps) if line.startswith(start))
        for start in ("COPY requirements.txt", "RUN pip install", "COPY . .", "USER 10001", "CMD")
    ]
    assert order == sorted(order), "packages before code, and root ends before the program begins"
    assert "--require-hashes" in steps[order[1]] and "--only-binary=:all:" in steps[order[1]]
    assert steps[-1] == 'CMD ["python", "main.py"]'
