"""A mistake in a manifest stops the check with the file, the field and the word; all mistakes at once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from shared.deploy.manifests.__main__ import main
from shared.deploy.manifests.check import problems
from shared.manifest import ROOT
from tests.unit.deploy.manifest_mistakes import MISTAKES, Edit, another, publish, put, route

TEXTS = (".py", ".yaml")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the check reads of the project, once for all mistakes."""
    root = tmp_path_factory.mktemp("project")
    only_read = shutil.ignore_patterns("__pycache__", "*.json", "*.txt", "*.tsv", "*.npz")
    for folder in ("functions", "shared", "tests/functions"):
        shutil.copytree(ROOT / folder, root / folder, ignore=only_read)
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


@pytest.fixture
def project(copied: Path) -> Iterator[Path]:
    """The copy; what a test changes in it is put back."""
    functions = copied / "functions"
    before = {
        path: path.read_text(encoding="utf-8") for path in functions.glob("*/*") if path.suffix in TEXTS
    }
    yield copied
    for folder in {path for path in functions.iterdir() if path.is_dir()} - {path.parent for path in before}:
        shutil.rmtree(folder)
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")


def test_the_projects_own_manifests_are_well() -> None:
    assert [str(problem) for problem in problems(ROOT)] == []


def said(root: Path) -> list[str]:
    return [str(problem) for problem in problems(root)]


def edit(root: Path, function: str, change: Edit) -> None:
    path = root / "functions" / function / "function.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")


@pytest.mark.parametrize("name", MISTAKES)
def test_a_seeded_mistake_is_named_with_file_field_and_word(project: Path, name: str) -> None:
    function, change, words = MISTAKES[name]
    edit(project, function, change)
    found = said(project)
    assert any(
        line.startswith(f"functions/{function}/function.yaml field [") and words in line for line in found
    ), found


def test_mistakes_do_not_hide_each_other(project: Path) -> None:
    edit(project, "chat", lambda raw: raw["ports"].append("blobz"))
    edit(project, "chat", publish("message-recieved"))
    edit(project, "chat", route(handler="take_mesage"))
    edit(project, "membrane", put(kind="evnt"))
    words = ("[blobz]", "[message-recieved]", "[take_mesage]", "[evnt]")
    found = "\n".join(said(project))
    assert [word for word in words if word not in found] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: [", "field [-]: [function.yaml] cannot be read: while parsing"),
        ("- a\n- b\n", "field [-]: [function.yaml] holds no fields"),
        ("", "field [-]: [function.yaml] holds no fields"),
        ("name: \x00", "field [-]: [function.yaml] cannot be read"),
    ],
)
def test_a_file_that_is_no_manifest_is_named(project: Path, text: str, words: str) -> None:
    (project / "functions" / "chat" / "function.yaml").write_text(text, encoding="utf-8")
    assert any(f"functions/chat/function.yaml {words}" in line for line in said(project))


def test_a_field_that_stands_twice_is_named(project: Path) -> None:
    path = project / "functions" / "chat" / "function.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "memory_mib: 512\n", encoding="utf-8")
    (line,) = said(project)
    assert line.startswith("functions/chat/function.yaml field [memory_mib]: [memory_mib] stands there twice")


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        ((), ["field [-]: [comets] is a folder without its manifest"]),
        (("function.yaml",), ["field [name]: [comets] has no main.py beside its manifest that can be read"]),
        (("function.yaml", "main.py"), ["field [name]: [comets] has no test in tests/functions/comets"]),
    ],
)
def test_a_folder_without_manifest_code_or_test_is_named(
    project: Path, names: tuple[str, ...], lines: list[str]
) -> None:
    folder = project / "functions" / "comets"
    folder.mkdir()
    files = {
        "function.yaml": COMETS,
        "main.py": "def tell(work):\n    return None\n\ncomets = entry_point('', tell)\n",
    }
    for name in names:
        (folder / name).write_text(files[name], encoding="utf-8")
    assert said(project) == [f"functions/comets/function.yaml {line}" for line in lines]


COMETS = """
name: comets
meaning: A customer sees what a repair costs and says yes to it.
primitive: customer_jit_quotes
kind: schedule
handler: tell
schedule: {cron: "0 6 * * 1-5", time_zone: America/Chicago}
publishes: [audit-recorded]
ports: [documents, bus, tokens]
"""


def test_a_name_too_long_for_a_service_account_is_named(project: Path) -> None:
    name = "customer_quotes_and_their_receipts"
    shutil.copytree(project / "functions" / "question_expiry", project / "functions" / name)
    edit(project, name, put(name=name, primitive=name))
    assert any(
        f"[{name.replace('_', '-')}] has 34 characters; a service account leaves 27" in line
        for line in said(project)
    )


def test_a_secret_the_code_asks_for_is_missed(project: Path) -> None:
    path = project / "functions" / "operations" / "effects.py"
    code = "def key(platform):\n    return platform.secrets.get('link_signing_key')\n"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{code}", encoding="utf-8")
    (line,) = said(project)
    assert line.startswith(
        "functions/operations/function.yaml field [secrets]: [link_signing_key] is missing"
    )


@pytest.mark.parametrize(
    "change",
    [
        another("/api/chat/{session_id}/to/{session_id2}/b"),
        another("/api/chat/latest"),
        lambda raw: raw["routes"].append({**raw["routes"][1], "method": "DELETE"}),
    ],
)
def test_paths_of_one_function_may_share_a_beginning(project: Path, change: Edit) -> None:
    edit(project, "chat", change)
    assert [line for line in said(project) if "already" in line or "also" in line or "goes to" in line] == []


def test_the_command_prints_a_line_each_and_fails(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(project) == 0
    edit(project, "chat", route(handler="take_mesage"))
    assert main(project) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and all(line.startswith("functions/chat/function.yaml field [") for line in lines)


def test_make_static_runs_the_check_before_whatever_reads_the_manifests() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    static = makefile[makefile.index("\nstatic:") :]
    assert 0 < static.index("-m shared.deploy.manifests") < static.index("-m shared.local.generate --check")
    done = subprocess.run(
        [sys.executable, "-m", "shared.deploy.manifests"], cwd=ROOT, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")
