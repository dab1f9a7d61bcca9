"""The documents say what is there: links lead somewhere, commands and paths exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared.errors import NotFound
from shared.local.controls import control_routes
from shared.manifest import ROOT, all_manifests
from shared.runtime.request import MethodNotAllowed, find_route
from shared.settings import Settings, variable
from tests.said import nothing

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
TOLD = [*DOCUMENTS, *sorted((ROOT / "terraform").rglob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(document: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = HEADING.findall(document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def dead_links(document: Path) -> list[str]:
    dead = []
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = (document.parent / path) if path else document
        if re.match(r"[a-z]+:", link):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    return dead


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    assert dead_links(document) == []


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A heading\n[x](gone.md) [y](#a-heading) [z](#none) [w](https://example.com) [v](page.md)"
    )
    assert dead_links(page) == ["gone.md", "#none"]


def words_of_nothing(document: Path, root: Path) -> list[str]:
    """Commands of make, files and variables a document names in its text and nobody has."""
    text = document.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    made = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)) - targets
    paths = set(re.findall(r"`((?:docs|terraform|shared|functions|tests|sql)/[\w./-]*\w)/?`", text))
    known = {variable(name) for name in Settings.model_fields}
    return [
        *(f"{document.name}: the Makefile has no [{name}]" for name in sorted(made)),
        *(f"{document.name}: there is no [{path}]" for path in sorted(paths) if not (root / path).exists()),
        *(
            f"{document.name}: [{name}] is no setting"
            for name in sorted(set(re.findall(r"\bCOS_[A-Z_]+\b", text)) - known)
        ),
    ]


@pytest.mark.parametrize("document", TOLD, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_files_and_variables_of_a_document_are_there(document: Path) -> None:
    nothing(words_of_nothing(document, ROOT))


def test_a_command_a_file_and_a_variable_of_nothing_are_named(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("check: all\n")
    page = tmp_path / "page.md"
    page.write_text(
        "`make check`, `make checks`\nSee `docs/gone.md`; set `COS_NOT_THERE=1`, `COS_PROFILE`.\n"
    )
    assert words_of_nothing(page, tmp_path) == [
        "page.md: the Makefile has no [checks]",
        "page.md: there is no [docs/gone.md]",
        "page.md: [COS_NOT_THERE] is no setting",
    ]


def test_every_address_of_the_readme_is_served() -> None:
    paths = {
        path.rstrip("/") for path in re.findall(r"(?:localhost:8080|`)(/(?:api|local)/[a-z_./-]+)", README)
    }
    local = {f"/local{route.path}" for route in control_routes(None)}  # type: ignore[arg-type] # only the paths are read
    assert len(paths) >= 8
    assert [path for path in sorted(paths - local) if not is_served(path)] == []


def is_served(path: str) -> bool:
    for manifest in all_manifests():
        for method in ("GET", "POST"):
            for known in (path, f"{path}/x"):
                try:
                    find_route(manifest.routes, method, known)
                    return True
                except NotFound:
                    continue
                except MethodNotAllowed:
                    return True
    return False
