"""A release as one file: the Terraform tree and the manifest of bundles that belong to each other.

Going back means both: the bundles of yesterday with the routes, settings and limits of today would be a
product nobody has ever tested. What is applied is always unpacked from such a file.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.deploy.release_shell import ReleaseError

MANIFEST = "release.tfvars.json"
FOLDER = "releases"
_PARTS = ("product", "modules", "catalogue", "derived", "environments")
_ALONE = ("roles.yaml",)
_KINDS = (".tf", ".tfvars", ".json", ".yaml", ".hcl", ".rules")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Release:
    """`id` is the hash of everything in it; `root` is where it lies unpacked."""

    id: str
    root: Path

    @property
    def product(self) -> Path:
        return self.root / "terraform" / "product"

    @property
    def manifest(self) -> Path:
        return self.root / MANIFEST

    @property
    def object(self) -> str:
        return object_of(self.id)

    @property
    def bundles(self) -> dict[str, dict[str, str]]:
        """Function → sha256 and object."""
        return dict(self.read()["bundles"])

    @property
    def functions(self) -> dict[str, Any]:
        """What the manifests of this release say, as derived for Terraform."""
        path = self.root / "terraform" / "derived" / "functions.json"
        return dict(json.loads(path.read_text(encoding="utf-8")))

    def read(self) -> dict[str, Any]:
        return dict(json.loads(self.manifest.read_text(encoding="utf-8"))["release"])

    def environment(self, name: str) -> Path:
        """Raises `ReleaseError` naming those there are."""
        folder = self.root / "terraform" / "environments"
        found = folder / f"{name}.tfvars"
        if not found.is_file():
            there = ", ".join(sorted(path.stem for path in folder.glob("*.tfvars")))
            raise ReleaseError(
                f"environment [{name}] has no file terraform/environments/{name}.tfvars; there is {there}"
            )
        return found


def object_of(release_id: str) -> str:
    return f"{FOLDER}/{release_id}.zip"


def pack(source: Path, manifest: Path, into: Path) -> Release:
    """The release of the checkout `source` and a bundle manifest, unpacked below `into`, its file beside it.

    Raises `ReleaseError` when a function has no bundle or a bundle no function.
    """
    if not manifest.is_file():
        raise ReleaseError(f"[{manifest}] is not there; `make bundle` writes it")
    content = _zipped(source / "terraform", manifest)
    release_id = hashlib.sha256(content).hexdigest()[:12]
    into.mkdir(parents=True, exist_ok=True)
    (into / f"{release_id}.zip").write_bytes(content)
    release = unpack(into / f"{release_id}.zip", into)
    _require_whole(release)
    return release


def unpack(file: Path, into: Path) -> Release:
    """Raises `ReleaseError` when the file is not what its name says."""
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest()[:12] != file.stem:
        raise ReleaseError(f"[{file.name}] does not hold what its name says; it was changed or cut off")
    root = into / file.stem
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(root)
    return Release(file.stem, root)


def _zipped(terraform: Path, manifest: Path) -> bytes:
    """Stored, in order, without times: the same release is the same file, whoever packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in _files(terraform):
            name = f"terraform/{path.relative_to(terraform).as_posix()}"
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), path.read_bytes())
        archive.writestr(zipfile.ZipInfo(MANIFEST, _LONG_AGO), manifest.read_bytes())
    return packed.getvalue()


def _files(terraform: Path) -> list[Path]:
    found = [path for part in _PARTS for path in (terraform / part).rglob("*")]
    wanted = [path for path in found if path.suffix in _KINDS and ".terraform" not in path.parts]
    alone = [terraform / name for name in _ALONE]
    return sorted(path for path in (*wanted, *alone) if path.is_file())


def _require_whole(release: Release) -> None:
    functions, bundles = set(release.functions), set(release.bundles)
    if functions - bundles:
        missing = ", ".join(sorted(functions - bundles))
        raise ReleaseError(f"no bundle of [{missing}] in {MANIFEST}; run `make bundle` again")
    if bundles - functions:
        unknown = ", ".join(sorted(bundles - functions))
        raise ReleaseError(
            f"[{unknown}] is in {MANIFEST} and not in terraform/derived/functions.json; run `make docs`"
        )
