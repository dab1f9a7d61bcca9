"""`python -m shared.deploy.bundle [NAME …] [--out DIR]`: stages every function for its deployment.

Writes `<name>-<12 hex of its sha256>.zip`, the same unpacked in `staged/<name>/`, and `release.tfvars.json`,
which Terraform takes. The same sources and interpreter give the same bytes, anywhere and on any day.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from shared.brain import minilm_build
from shared.deploy.bundle_archive import open_up, stage, write_zip
from shared.deploy.bundle_bytecode import compile_bundle
from shared.deploy.bundle_contents import MODEL_SETTING, bundle_contents
from shared.deploy.bundle_lock import Lock, read_lock
from shared.errors import Misconfigured
from shared.manifest import ROOT, Manifest, all_manifests

OUT = Path("build/bundles")
STAGED, RELEASE = "staged", "release.tfvars.json"
IN_BUCKET = "bundles"
SHORT = 12

Say = Callable[[str], None]


@dataclass(frozen=True)
class Bundle:
    """One function's zip; `folder` holds the same unpacked, `packages` counts what it installs."""

    name: str
    zip: Path
    sha256: str
    folder: Path
    packages: int

    @property
    def object(self) -> str:
        """Its name in the bucket of bundles."""
        return f"{IN_BUCKET}/{self.name}-{self.sha256[:SHORT]}.zip"


def main(arguments: Sequence[str]) -> int:
    """0, or 1 with one line on standard error that names the file and the word."""
    parser = argparse.ArgumentParser(prog="python -m shared.deploy.bundle", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="functions; all when none is named")
    parser.add_argument("--out", type=Path, default=OUT, help=f"default {OUT}")
    asked = parser.parse_args(arguments)
    try:
        manifests = _chosen(asked.names)
        bundles = make_bundles(manifests, out=asked.out, say=_tell)
        if not asked.names:
            write_release(bundles, asked.out)
    except (Misconfigured, OSError, subprocess.CalledProcessError) as error:
        print(f"bundle: {error}", file=sys.stderr)  # noqa: T201 - a command's answer
        return 1
    return 0


def make_bundles(
    manifests: Iterable[Manifest], *, out: Path, root: Path = ROOT, say: Say = lambda _: None
) -> list[Bundle]:
    """Stages and zips each. Raises `Misconfigured` when code, manifest and lock do not fit each other, or the
    model cannot be built."""
    lock = read_lock(root / "requirements.lock")
    chosen = list(manifests)
    model = _built_model(root, chosen, say)
    bundles = []
    for manifest in chosen:
        bundle = _make(root, manifest, lock=lock, model=model, out=out)
        say(_line(bundle))
        bundles.append(bundle)
    return bundles


def write_release(bundles: Iterable[Bundle], out: Path) -> None:
    """What Terraform is given; zips of other contents are removed, so the folder holds this release alone."""
    made = list(bundles)
    content = json.dumps({"release": release(made)}, indent=2) + "\n"
    (out / RELEASE).write_text(content, encoding="utf-8")
    for other in set(out.glob("*.zip")) - {bundle.zip for bundle in made}:
        other.unlink()


def release(bundles: Iterable[Bundle]) -> Mapping[str, object]:
    """`runtime` is the one whose bytecode the bundles hold."""
    by_name = {one.name: {"sha256": one.sha256, "object": one.object} for one in bundles}
    return {"runtime": f"python{sys.version_info.major}{sys.version_info.minor}", "bundles": by_name}


def _chosen(names: Sequence[str]) -> Sequence[Manifest]:
    known = {one.name: one for one in all_manifests()}
    if unknown := [name for name in names if name not in known]:
        raise Misconfigured(f"there is no function [{unknown[0]}]; there are {', '.join(known)}")
    return [known[name] for name in names or known]


def _built_model(root: Path, manifests: Iterable[Manifest], say: Say) -> Path:
    folder = root / minilm_build.DEFAULT_FOLDER
    if any(MODEL_SETTING in one.settings for one in manifests):
        minilm_build.build(folder, say=say)
    return folder


def _make(root: Path, manifest: Manifest, *, lock: Lock, model: Path, out: Path) -> Bundle:
    contents = bundle_contents(root, manifest, lock=lock, model=model)
    folder = out / STAGED / manifest.name
    stage(contents.files, folder)
    compile_bundle(folder)
    open_up(folder)
    draft = out / f"{manifest.name}.zip"
    write_zip(folder, draft)
    digest = sha256(draft.read_bytes()).hexdigest()
    final = draft.replace(out / f"{manifest.name}-{digest[:SHORT]}.zip")
    return Bundle(manifest.name, final, digest, folder, len(contents.packages))


def _line(bundle: Bundle) -> str:
    unpacked = sum(path.stat().st_size for path in bundle.folder.rglob("*") if path.is_file())
    sizes = f"{_kib(bundle.zip.stat().st_size)}, unpacked {_kib(unpacked)}"
    return f"{bundle.name:<18} {sizes}, {bundle.packages:>2} packages  {bundle.zip.name}"


def _kib(size: int) -> str:
    return f"{size / 1024:>8,.0f} KiB"


def _tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - progress


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
