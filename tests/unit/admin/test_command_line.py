"""The words of the command line: help that helps, errors that name what is wrong, exit codes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from shared.admin.arguments import parser, read_minute, read_span
from shared.admin.commands import COMMANDS
from shared.errors import InvalidInput
from shared.local.data_folder import only_user
from shared.manifest import ROOT
from shared.testing.harness import settings_for
from tests.architecture.source import sources
from tests.unit.admin.owner import Owner

OPERATIONS = ROOT / "docs" / "operations"


@pytest.fixture
def owner(tmp_path: Path) -> Owner:
    data = tmp_path / "data"
    return Owner(settings_for(data), tmp_path, ("--data-dir", str(data), "--as", "test"))


def verbs() -> set[str]:
    """Every command the parser knows."""
    found = set()
    for subject in ("tenant", "key", "user"):
        with pytest.raises(SystemExit):
            parser().parse_args([subject, "no-such-verb"])
        found |= {f"{subject} {verb}" for verb in _choices(subject)}
    return found


def _choices(subject: str) -> list[str]:
    actions = parser()._subparsers._group_actions[0].choices[subject]  # type: ignore[union-attr,index]  # argparse
    return list(actions._subparsers._group_actions[0].choices)


def test_every_command_is_known_to_the_parser_and_the_reverse() -> None:
    assert verbs() == set(COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([*command.split(), "--help"])
    assert ended.value.code == 0 and "--project" in capsys.readouterr().out


def test_it_runs_as_a_module_and_says_what_there_is() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "shared.admin", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0 and "docs/operations/README.md" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("tenant", "create", "Harbor", "--name", "x", "--time-zone", "UTC"), "ID is [Harbor]"),
        (("tenant", "create", "harbor", "--name", " ", "--time-zone", "UTC"), "--name is []"),
        (("tenant", "create", "harbor", "--name", "x", "--time-zone", "Mars/Crater"), "--time-zone is [Mars"),
        (("tenant", "create", "harbor", "--name", "x", "--time-zone", "../etc"), "--time-zone is [../etc]"),
        (("tenant", "export", "harbor", "--to", "gs://", "--at", "2026-11-20T07:15Z"), "[gs://]"),
        (("tenant", "verify-export", "gs://B/x"), "[gs://B/x] is no bucket's address"),
    ],
)
def test_a_wrong_argument_is_named(owner: Owner, words: tuple[str, ...], message: str) -> None:
    said = owner(*words)
    assert said.code == 2 and message in said.err and said.out == ""


@pytest.mark.parametrize("text", ["", "24", "h", "1.5h", "-1h", "1w"])
def test_a_span_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="--overlap"):
        read_span(text)


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-11-20T07:15", "2026-11-20T07:15:30Z", "2026-11-20T07:15:00.5Z"]
)
def test_a_moment_that_is_no_whole_minute_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="--at"):
        read_minute(text)


def test_a_minute_is_read_in_its_zone() -> None:
    read = read_minute("2026-11-20T07:15-06:00")
    assert read is not None and read.isoformat() == "2026-11-20T13:15:00+00:00"


def test_a_running_product_is_not_exported_from_under_itself(owner: Owner, tmp_path: Path) -> None:
    owner.done("tenant", "create", "harbor", "--name", "x", "--time-zone", "UTC")
    with only_user(tmp_path / "data"):
        said = owner("tenant", "export", "harbor", "--to", str(tmp_path / "x"))
        assert said.code == 2 and "in use by another process" in said.err
        owner.done("key", "issue", "harbor", "--name", "web-form")


def test_google_needs_a_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COS_PROFILE", "google")
    said = Owner(settings_for(tmp_path), tmp_path, ())("tenant", "list")
    assert said.code == 2 and "--project is []" in said.err


def test_a_closed_dealership_is_listed_so_and_opens_again(owner: Owner) -> None:
    owner.done("tenant", "create", "harbor", "--name", "x", "--time-zone", "UTC")
    for verb, state in (("close", "closed"), ("close", "closed"), ("reopen", "open")):
        owner.done("tenant", verb, "harbor")
        assert re.search(rf"^harbor +{state} ", owner.done("tenant", "list"), re.MULTILINE)


def test_what_serves_knows_nothing_of_the_owners_tools() -> None:
    """A function's bundle holds what it imports: so none of them can delete a dealership."""
    tools = ("shared.admin", "shared.adapters.google.admin", "shared.adapters.embedded.admin")
    theirs = ("shared/admin", "shared/testing")
    named = [
        f"{source.path}:{found.line}"
        for source in sources(ROOT, "functions", "shared")
        if not source.is_below(*theirs) and "/admin_" not in source.path.as_posix()
        for found in source.imports
        if f"{found.module}.{found.name}".startswith(tools)
    ]
    assert named == []
    wiring = (ROOT / "shared" / "wiring.py").read_text(encoding="utf-8")
    assert "admin" not in wiring


@pytest.mark.parametrize("page", sorted(OPERATIONS.glob("*.md")), ids=lambda page: page.name)
def test_every_command_in_the_documents_is_one(page: Path) -> None:
    commands = re.findall(r"python -m shared\.admin ([a-z]+ [a-z-]+)", page.read_text(encoding="utf-8"))
    assert set(commands) <= set(COMMANDS)


def test_every_command_is_in_the_documents() -> None:
    written = "".join(page.read_text(encoding="utf-8") for page in OPERATIONS.glob("*.md"))
    assert [one for one in COMMANDS if f"python -m shared.admin {one}" not in written] == []
