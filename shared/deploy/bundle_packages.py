"""Which distributions a function ships with: those its code imports, as its manifest says."""

from __future__ import annotations

import site
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from shared.deploy.bundle_imports import Closure, Import
from shared.errors import Misconfigured

SERVED_BY: Mapping[str, tuple[str, ...]] = {
    "http": ("functions-framework",),
    "event": ("functions-framework",),
    "schedule": ("functions-framework",),
    "service": ("uvicorn", "websockets"),
    "job": (),
}
"""What starts a bundle and is imported by none of its files."""

NEVER_IMPORTED: Mapping[str, tuple[str, ...]] = {"tzdata": (".zone", "ZoneInfo")}
"""Data behind a standard module: needed where the code says one of these words."""


def shipped_packages(
    whole: Closure, runtime: Closure, *, function: str, kind: str, declared: Iterable[str], words: set[str]
) -> list[str]:
    """Distributions by normalised name, without what they depend on.

    `runtime` is what every function of the kind with these ports has; what `whole` imports besides, the
    manifest declares. `words` are what the shipped code says. Raises `Misconfigured` naming the
    file and the package when the two differ.
    """
    manifest = f"functions/{function}/function.yaml"
    own = _by_distribution(whole.imports)
    common = set(_by_distribution(runtime.imports)) | set(SERVED_BY[kind])
    said = {canonicalize_name(name) for name in declared}
    for name in sorted(set(own) - common - said):
        found = own[name]
        where = f"{found.file}:{found.line}: [{found.module}] is imported"
        raise Misconfigured(f"{where}, {manifest} must name [{name}] in [packages]")
    data = {name for name, signs in NEVER_IMPORTED.items() if words.intersection(signs)}
    if missing := sorted(data - said):
        raise Misconfigured(f"{manifest} must name [{missing[0]}] in [packages]: its code reads time zones")
    if idle := sorted(said - set(own) - data):
        raise Misconfigured(
            f"{manifest}: [packages] names [{idle[0]}], which nothing that is shipped imports"
        )
    if twice := sorted(said & common):
        raise Misconfigured(f"{manifest}: [packages] names [{twice[0]}], which comes with its kind or ports")
    return sorted(common | said)


def _by_distribution(imports: Iterable[Import]) -> dict[str, Import]:
    """The first import of each distribution."""
    found: dict[str, Import] = {}
    for one in imports:
        found.setdefault(distribution_of(one), one)
    return found


def distribution_of(found: Import) -> str:
    """Raises `Misconfigured` when no installed distribution has the module."""
    name = _owner(found.module)
    if name is None:
        raise Misconfigured(f"{found.file}:{found.line}: [{found.module}] belongs to no installed package")
    return name


@lru_cache(maxsize=1024)
def _owner(module: str) -> str | None:
    """Of `google.cloud.bigquery`, which shares its upper folders with others, the one that has the file."""
    while module:
        for file in _files(module):
            for name, record in _records().items():
                if f"\n{file}," in record:
                    return name
        module = module.rpartition(".")[0]
    return None


def _files(module: str) -> Iterator[str]:
    path = module.replace(".", "/")
    yield from (f"{path}/__init__.py", f"{path}.py")
    for folder in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()}:
        for file in Path(folder, path).parent.glob(f"{Path(path).name}.*.so"):
            yield file.relative_to(folder).as_posix()


@lru_cache(maxsize=1)
def _records() -> Mapping[str, str]:
    """Normalised name → the list of its files, as text: reading each line as a path takes seconds."""
    return {
        canonicalize_name(one.metadata["Name"]): "\n" + (one.read_text("RECORD") or "")
        for one in distributions()
    }
