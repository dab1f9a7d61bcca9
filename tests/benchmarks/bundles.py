"""Bundles: how large, how much they install, and how soon they are ready after their process starts.

Sizes stand beside what everybody would deploy without bundling: the whole tree with every dependency of the
product. Cold starts are of each bundle in its own folder and environment, by the deployed command, bytecode
compiled, in turns with a bare function in the same environment. Times are the least of the runs: what else
the machine does only ever adds.
"""

from __future__ import annotations

import http.client
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from shared.deploy.bundle import Bundle, make_bundles
from shared.deploy.bundle_archive import stage, write_zip
from shared.deploy.bundle_contents import MODEL_SETTING
from shared.deploy.bundle_lock import needed, read_lock, requirements
from shared.manifest import ROOT, Manifest, all_manifests
from shared.settings import load, variable
from shared.testing.emulators import free_port
from tests.benchmarks.cold_start_baselines import HELLO, MODEL, SOCKET, clients_of
from tests.bundles.environments import compiled, environments

RUNS = 5
GIVE_UP_S = 60.0
TREE = ("functions", "shared", "sql")
WHOLE = "the whole tree"
MIB = 1024 * 1024

Say = Callable[[str], None]


@dataclass(frozen=True)
class Served:
    """A folder that is served by an environment's own programs."""

    folder: Path
    environment: Path
    manifest: Manifest

    def command(self, port: int) -> list[str]:
        programs = self.environment / "bin"
        if self.manifest.kind != "service":
            return [str(programs / "functions-framework")]
        if not (self.folder / "shared").is_dir():  # a bare app
            return [str(programs / "uvicorn"), "main:app", "--host", "127.0.0.1", "--port", str(port)]
        return [str(programs / "python"), "main.py", "--host", "127.0.0.1"]


@dataclass(frozen=True)
class Start:
    """To the first 200, and what the process used of a processor from its start to its end."""

    ms: float
    processor_ms: float


def run(say: Say = lambda _: None) -> list[dict[str, Any]]:
    """Rows `{measure, ours, baseline, baseline_name, ratio, notes}`."""
    manifests = {one.name: one for one in all_manifests()}
    with tempfile.TemporaryDirectory(prefix="bundles-") as name:
        folder = Path(name)
        bundles = {one.name: one for one in make_bundles(manifests.values(), out=folder / "bundles")}
        everything = _whole_requirements(folder / WHOLE)
        say("installing each bundle's requirements, and all of the product's")
        places = environments({**{name: one.folder for name, one in bundles.items()}, WHOLE: everything})
        rows = _sizes(bundles, manifests, folder) + _installed(bundles, places)
        for manifest in manifests.values():
            if manifest.kind != "job":
                say(f"cold start of the bundle of {manifest.name}")
                rows += _cold(
                    manifest, bundles[manifest.name].folder, compiled(places[manifest.name]), folder
                )
        return rows


def _whole_requirements(folder: Path) -> Path:
    """Every dependency of the product, of which a bundle installs its own alone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = read_lock(ROOT / "requirements.lock")
    asked = [Requirement(text) for text in project["dependencies"]]
    names = needed(lock, [*(one.name for one in asked), "cryptography"])
    stage({"requirements.txt": requirements(lock, names).encode()}, folder)
    return folder


def _sizes(
    bundles: Mapping[str, Bundle], manifests: Mapping[str, Manifest], folder: Path
) -> list[dict[str, Any]]:
    tree = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for part in TREE
        for path in sorted((ROOT / part).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    whole = {False: _zipped(tree, folder / "tree"), True: _zipped({**tree, **_model()}, folder / "model")}
    rows = []
    for name, bundle in bundles.items():
        has_model = MODEL_SETTING in manifests[name].settings
        told = "with the sentence model" if has_model else "both without the sentence model"
        rows.append(
            _row(
                f"bundle of {name}, KiB zipped",
                bundle.zip.stat().st_size / 1024,
                whole[has_model] / 1024,
                "zip of functions/, shared/ and sql/",
                f"{told}; ours has its bytecode and pinned requirements in it, the whole tree has not",
            )
        )
    return rows


def _model() -> dict[str, bytes]:
    folder = ROOT / load({}).model_dir
    return {f"model/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())}


def _zipped(files: Mapping[str, bytes], folder: Path) -> int:
    stage(files, folder)
    target = folder.with_suffix(".zip")
    write_zip(folder, target)
    return target.stat().st_size


def _installed(bundles: Mapping[str, Bundle], places: Mapping[str, Path]) -> list[dict[str, Any]]:
    whole = _sources_mib(places[WHOLE])
    note = "files of the packages, without bytecode"
    return [
        _row(
            f"requirements of {name}, MiB installed",
            _sources_mib(places[name]),
            whole,
            "every dependency of the product",
            f"{bundle.packages} packages; {note}",
        )
        for name, bundle in bundles.items()
    ]


def _sources_mib(environment: Path) -> float:
    (packages,) = environment.glob("lib/python*/site-packages")
    files = (path for path in packages.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return sum(path.stat().st_size for path in files) / MIB


def _cold(manifest: Manifest, bundle: Path, environment: Path, folder: Path) -> list[dict[str, Any]]:
    clients = clients_of(manifest)
    source = SOCKET if manifest.kind == "service" else HELLO
    what = "bare Starlette app" if manifest.kind == "service" else "bare function"
    named = f"{what} with {', '.join(one.split()[-1] for one in clients)}"
    bare = {
        what: source,
        f"{what} and one pydantic model": f"{MODEL}{source}",
        named: "\n".join([*clients, source]),
    }
    served = {"ours": Served(bundle, environment, manifest)}
    for name, text in bare.items():
        place = folder / f"{manifest.name}-{len(served)}"
        stage({"main.py": text.replace("FUNCTION", manifest.name).encode()}, place)
        served[name] = Served(place, environment, manifest)
    seen = _taken(served)
    return [
        _row(
            f"cold start of the bundle of {manifest.name}, ms to ready",
            min(start.ms for start in seen["ours"]),
            min(start.ms for start in seen[name]),
            name,
            f"least of {RUNS}; ours {_told(seen['ours'])}; theirs {_told(seen[name])}",
        )
        for name in bare
    ]


def _taken(served: Mapping[str, Served]) -> dict[str, list[Start]]:
    seen: dict[str, list[Start]] = {name: [] for name in served}
    for one in served.values():
        _start(one)  # compiles the bare function and warms the file cache
    for _ in range(RUNS):
        for name, one in served.items():
            seen[name].append(_start(one))
    return seen


def _told(starts: Sequence[Start]) -> str:
    busy = min(start.processor_ms for start in starts)
    return f"up to {max(start.ms for start in starts):.0f}, processor time {busy:.0f}"


def _processor_ms() -> float:
    """Of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1000


def _start(served: Served) -> Start:
    before = _processor_ms()
    ms = _start_ms(served)
    return Start(ms, _processor_ms() - before)


def _start_ms(served: Served) -> float:
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        served.command(port),
        env=_environment(served, port),
        cwd=served.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        path = "/_ready" if (served.folder / "shared").is_dir() else "/"
        while not _answers(port, path):
            if process.poll() is not None or time.perf_counter() - began > GIVE_UP_S:
                raise RuntimeError(f"[{served.folder}] never answered [{path}]")
            time.sleep(0.002)
        return (time.perf_counter() - began) * 1000
    finally:
        process.terminate()
        process.wait(timeout=20)


def _environment(served: Served, port: int) -> dict[str, str]:
    """Nothing is connected to before the first real request, so no emulator runs."""
    settings = {
        "profile": "google",
        "project": "demo-bundles",
        "service_audience": "any",
        "service_callers": "any",
    }
    return {
        "PATH": f"{served.environment / 'bin'}:/usr/bin:/bin",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "FUNCTION_TARGET": served.manifest.name,
        "FUNCTION_SIGNATURE_TYPE": "http",
        **{variable(name): value for name, value in settings.items()},
    }


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False  # nobody listens yet; the caller's patience ends
    finally:
        connection.close()


def _row(measure: str, ours: float, baseline: float, baseline_name: str, notes: str) -> dict[str, Any]:
    return {
        "measure": measure,
        "ours": round(ours),
        "baseline": round(baseline),
        "baseline_name": baseline_name,
        "ratio": round(ours / baseline, 2),
        "notes": notes,
    }


if __name__ == "__main__":
    for found in run(lambda text: print(text, file=sys.stderr)):
        print(found)
