"""The documents say what is there: links lead somewhere, commands and paths exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared.errors import NotFound
from shared.local.controls import control_routes
from shared.manifest import ROOT, all_manifests
from shared.runtime.request import MethodNotAllowed, find_route

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
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


def test_every_make_command_of_the_readme_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    assert named and named <= targets


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
