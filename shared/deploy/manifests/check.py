"""Everything that is wrong with the manifests, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from shared.deploy.manifests.code import Code, code_of
from shared.deploy.manifests.known import Known, known
from shared.deploy.manifests.limits import limits
from shared.deploy.manifests.paths import claims, contested, path_words
from shared.deploy.manifests.problem import Found, Problem
from shared.deploy.manifests.reading import read
from shared.deploy.manifests.words import words
from shared.manifest import Manifest


def problems(root: Path) -> list[Problem]:
    """In the order of files and fields."""
    words_of_all = known(root)
    found: list[Problem] = []
    manifests: dict[str, Manifest] = {}
    for folder in _folders(root):
        file = f"functions/{folder.name}/function.yaml"
        if not (folder / "function.yaml").is_file():
            found.append(Problem(file, "-", folder.name, "is a folder without its manifest"))
            continue
        manifest, unread = read(folder / "function.yaml", file)
        found += unread
        if manifest:
            manifests[file] = manifest
            code = code_of(root, folder.name)
            found += (
                Problem(file, field, str(word), what)
                for field, word, what in _own(manifest, folder.name, words_of_all, code)
            )
    found += contested([claim for file, manifest in manifests.items() for claim in claims(file, manifest)])
    found += _between(manifests)
    return sorted(set(found))


def _own(manifest: Manifest, folder: str, words_of_all: Known, code: Code | None) -> Iterator[Found]:
    yield from limits(manifest, folder)
    yield from words(manifest, words_of_all, code)
    yield from path_words(manifest, code)


def _between(manifests: Mapping[str, Manifest]) -> Iterator[Problem]:
    """Topics that somebody must tell."""
    told = {topic for manifest in manifests.values() for topic in manifest.publishes}
    for file, manifest in manifests.items():
        if manifest.subscribes and manifest.subscribes not in told:
            yield Problem(file, "subscribes", manifest.subscribes, "is told by no function")


def _folders(root: Path) -> list[Path]:
    functions = root / "functions"
    return sorted(
        path for path in functions.iterdir() if path.is_dir() and not path.name.startswith(("_", "."))
    )
