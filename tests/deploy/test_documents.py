"""What the documents tell people to type exists: programs, options, folders, variables, headings."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from shared.admin.arguments import parser as admin_parser
from shared.deploy import release, smoke
from shared.manifest import ROOT
from tests.deploy.commands import Command, assigned, commands_of, used
from tests.deploy.test_bucket import no_cloud
from tests.deploy.world import World, new_world, opened
from tests.infra import offline

DEPLOY = ROOT / "docs" / "deploy.md"
DOCUMENTS = sorted(
    [DEPLOY, *(ROOT / "docs" / "operations").glob("*.md"), *(ROOT / "docs" / "runbooks").glob("*.md")]
)
PARSERS: dict[str, Callable[[list[str]], object]] = {
    "shared.admin": lambda words: admin_parser().parse_args(words),
    "shared.deploy.release": lambda words: release._parser().parse_args(words),
    "shared.deploy.smoke": lambda words: smoke._parser().parse_args(words),
}
GCLOUD = shutil.which("gcloud")
YOUNG = ("gcloud firestore databases clone ",)
"""Commands of 2025 that an older gcloud, such as 528, does not know yet."""
_GENERATION = re.compile(r"#\w+")
"""The linter takes it for a comment."""


def told(program: str) -> list[Command]:
    return [
        command
        for document in DOCUMENTS
        for command in commands_of(document)
        if Path(command.words[0]).name.startswith(program)
    ]


def refused(commands: list[str]) -> list[str]:
    """Those the real gcloud would not take, with its words: it checks without running them."""
    listed = Path("commands.json")
    listed.write_text(json.dumps([{"command_string": one} for one in commands]))
    done = subprocess.run(
        ["gcloud", "meta", "lint-gcloud-commands", f"--commands-file={listed}"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = json.loads(done.stdout)
    assert len(found) == len(set(commands))
    return [f"{one['command_string']}: {one['error_message']}" for one in found if not one["success"]]


@pytest.fixture
def linting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if GCLOUD is None:
        pytest.skip("gcloud is not on this machine")
    no_cloud(monkeypatch, tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("linting")
def test_gcloud_knows_every_command_and_option_of_the_documents() -> None:
    commands = [_linted(command.words) for command in told("gcloud")]
    commands = [one for one in commands if not one.startswith(YOUNG)]
    assert len(commands) >= 10
    assert refused(commands) == []


@pytest.mark.usefixtures("linting")
def test_an_option_gcloud_does_not_know_is_noticed() -> None:
    wrong = "gcloud storage buckets create gs://x --location=us-central1 --versionning"
    assert len(refused([wrong, "gcloud storage buckets list"])) == 1


@pytest.mark.usefixtures("linting")
def test_gcloud_knows_every_command_a_release_gives_it(tmp_path: Path) -> None:
    new_world(tmp_path / "world")
    with opened(tmp_path / "world") as made:
        commands = _of_two_builds(made)
    assert len(commands) > 10
    assert refused(commands) == []


def _of_two_builds(made: World) -> list[str]:
    assert made.build().code == 0
    made.change("crm_intake", "with a bug")
    made.write("broken.json", [made.sha("crm_intake")])
    assert made.build("build-2").code == 1
    return sorted({_linted(call.split()) for call in made.calls("gcloud ")})


@pytest.mark.parametrize("command", told("python"), ids=str)
def test_every_module_is_there_and_takes_the_options(command: Command) -> None:
    if command.words[1] == "-c":
        return
    assert command.words[1] == "-m"
    module, *words = command.words[2:]
    assert importlib.util.find_spec(module) is not None
    if module in PARSERS:
        PARSERS[module](words)


@pytest.mark.parametrize("command", told("terraform"), ids=str)
def test_every_root_variable_file_and_output_is_there(command: Command) -> None:
    root = _root(command.words[1].removeprefix("-chdir="))
    assert list(root.glob("*.tf")), root
    text = "\n".join(path.read_text() for path in root.glob("*.tf"))
    for word in command.words[2:]:
        name, _, value = word.partition("=")
        if name == "-var":
            assert f'variable "{value.partition("=")[0]}"' in text
        if name == "-var-file" and not value.startswith("../../release"):
            assert (root / value).is_file(), value
    if command.words[2] == "output":
        assert f'output "{command.words[-1]}"' in text


@pytest.mark.parametrize("command", told("make"), ids=str)
def test_every_make_target_is_there(command: Command) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert command.words[1] in targets


def test_every_variable_of_the_way_to_live_is_set_before() -> None:
    assert used(DEPLOY) - {"VALUE"} <= assigned(DEPLOY)


def test_what_messages_say_of_the_document_stands_there() -> None:
    headings = "\n".join(line for line in DEPLOY.read_text().splitlines() if line.startswith("## "))
    code = "\n".join(path.read_text() for path in (ROOT / "shared" / "deploy").glob("*.py"))
    named = re.findall(r"docs/deploy\.md, ([A-Z][a-z]+(?: [a-z]+)*)", code)
    assert len(named) >= 3
    assert [name for name in named if name.lower() not in headings.lower()] == []


def test_the_substitutions_the_document_names_are_those_of_the_build() -> None:
    from tests.deploy import build_config

    declared = set(build_config.read(ROOT / "cloudbuild.yaml")["substitutions"])
    assert set(re.findall(r"\b_[A-Z][A-Z_]+\b", DEPLOY.read_text())) <= declared


def test_the_steps_the_document_tells_are_those_of_the_build() -> None:
    from tests.deploy import build_config

    steps = [step["id"] for step in build_config.read(ROOT / "cloudbuild.yaml")["steps"]]
    table = DEPLOY.read_text().partition("| step |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`[a-z`, ]+) \|", table, re.MULTILINE)
    assert re.findall(r"[a-z]+", " ".join(rows)) == steps


def test_the_way_to_remove_everything_takes_every_protection_away(tmp_path: Path) -> None:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on this machine")
    copy = tmp_path / "build" / "teardown"
    shutil.copytree(ROOT / "terraform", copy, ignore=shutil.ignore_patterns(".terraform"))
    (command,) = [one for one in commands_of(DEPLOY) if one.words[0] == "find"]
    subprocess.run(command.words, cwd=tmp_path, check=True, timeout=30)
    text = "\n".join(path.read_text() for path in copy.rglob("*.tf"))
    guards = (
        r"(?:prevent_destroy|deletion_protection)\s*= true|PROTECTION_ENABLED|ABANDON|force_destroy\s*= false"
    )
    assert re.findall(guards, text) == []
    assert "Success" in offline.validate("foundation", terraform=copy)


def _root(folder: str) -> Path:
    """A copy of the tree and an unpacked release are like the tree itself."""
    return ROOT / re.sub(r"^build/(teardown|live/terraform)", "terraform", folder)


def _linted(words: Iterable[str]) -> str:
    """The linter takes what follows an option without a value for its value, so options come last."""
    ordered = sorted(words, key=lambda word: word.startswith("-"))
    return _GENERATION.sub("", shlex.join(ordered))


def test_every_secret_a_function_reads_is_told_with_its_value_before_the_first_deployment() -> None:
    functions = json.loads((ROOT / "terraform" / "derived" / "functions.json").read_text(encoding="utf-8"))
    read = {name for one in functions.values() for name in one["secrets"]}
    section = DEPLOY.read_text(encoding="utf-8").partition("## 4.")[2].partition("## 5.")[0]
    assert read - set(re.findall(r"`(\w+)`", section)) == set()
    assert "twilio_auth_token" in read
