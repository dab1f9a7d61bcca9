"""A project that does not exist, as a folder: bucket, registry, state, and the product that is live there."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.deploy.release_archive import MANIFEST
from shared.manifest import ROOT
from shared.testing.http_stub import Reply, Request, json_reply, serve
from tests.deploy import build_config
from tests.deploy.build_config import Ended, Machine

PROJECT, REGION = "autohaus-prod", "us-central1"
BUCKET = f"{PROJECT}-bundles"
COMMON = ("sh", "bash", "env", "cp", "mkdir")
HAS = {
    "hashicorp/terraform:1.11": ("terraform",),
    "docker:27-cli": ("docker",),
    "google/cloud-sdk:emulators": ("gcloud", "apt-get", "python3"),
    "google/cloud-sdk:slim": ("gcloud", "python3"),
    "python:3.13-slim": ("apt-get", "python3"),
}
"""The programs of each image that its steps may count on; anything else must be installed first."""

PLUGIN = "/usr/local/libexec/docker/cli-plugins/docker-buildx"
PROGRAMS = Path(__file__).with_name("programs.py")
STAGED = ("chat_stream", "identity_training")


@dataclass(frozen=True)
class World:
    folder: Path

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def environment(self) -> dict[str, str]:
        return {"FAKE_WORLD": str(self.folder), "HOME": str(self.folder / "home"), "LANG": "C.UTF-8"}

    def build(self, build_id: str = "build-1", **substitutions: str) -> Ended:
        """A whole build of the workspace, from its own cloudbuild.yaml."""
        shutil.rmtree(self.folder / "machine", ignore_errors=True)
        config = build_config.read(self.workspace / "cloudbuild.yaml")
        quick = {"_LOCK_MINUTES": "0", "_SMOKE_MINUTES": "0"}
        # A stub needs no time to settle, and what fails here fails for good.
        config["steps"][-1]["args"].append("--settle-seconds=0")
        return self._machine().run(
            config, {"PROJECT_ID": PROJECT, "BUILD_ID": build_id, **quick, **substitutions}
        )

    def change(self, function: str, content: str) -> None:
        """Another bundle of the function, as a changed line of its code makes it."""
        release = self.release()
        release["bundles"][function] = _bundle(self.folder / "bundles", function, content)
        self._write_release(release)

    def release(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.folder / "bundles" / MANIFEST).read_text())["release"]
        return content

    def sha(self, function: str) -> str:
        return str(self.release()["bundles"][function]["sha256"])

    def live(self) -> dict[str, str]:
        """Function → hash of the code that runs."""
        state = self.read("state.json", {})
        return {name: one[0] for name, one in state.items()}

    def current(self) -> dict[str, Any] | None:
        path = self.bucket / "releases" / "current.tfvars.json"
        return json.loads(path.read_text()) if path.exists() else None

    @property
    def bucket(self) -> Path:
        return self.folder / "buckets" / BUCKET

    def objects(self, folder: str) -> set[str]:
        return {path.name for path in (self.bucket / folder).glob("*")}

    def calls(self, *words: str) -> list[str]:
        """The calls of programs so far in which all the words are."""
        lines = (self.folder / "calls.jsonl").read_text().splitlines()
        said = [" ".join(json.loads(line)) for line in lines]
        return [one for one in said if all(word in one for word in words)]

    def forget_calls(self) -> None:
        (self.folder / "calls.jsonl").write_text("")

    def write(self, name: str, value: object) -> None:
        (self.folder / name).write_text(json.dumps(value))

    def read(self, name: str, otherwise: Any) -> Any:
        path = self.folder / name
        return json.loads(path.read_text()) if path.exists() else otherwise

    def put(self, name: str, content: str) -> None:
        path = self.bucket / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def _write_release(self, release: Mapping[str, Any]) -> None:
        (self.folder / "bundles" / MANIFEST).write_text(json.dumps({"release": release}))

    def _machine(self) -> Machine:
        machine = self.folder / "machine"
        images = {image: self._image(machine, image, names) for image, names in HAS.items()}
        (machine / "tools").mkdir()
        (machine / "checked").mkdir()
        plugin = machine / "docker-buildx"
        plugin.write_text("")
        places = {
            "/workspace": self.workspace,
            "/tools": machine / "tools",
            "/checked": machine / "checked",
            "/tmp/venv": machine / "venv",
            PLUGIN: plugin,
        }
        return Machine(images, places, self.environment)

    def _image(self, machine: Path, image: str, names: tuple[str, ...]) -> Path:
        folder = machine / image.replace("/", "-").replace(":", "-")
        folder.mkdir(parents=True)
        for name in COMMON:
            (folder / name).symlink_to(shutil.which(name) or f"/bin/{name}")
        # Without the packages installed here: a release runs on the standard library alone.
        _script(folder / "python3", f'exec {sys._base_executable} -S "$@"')  # type: ignore[attr-defined]  # typeshed
        for name in names:
            if name != "python3":
                program(folder, name)
        return folder


def new_world(folder: Path) -> None:
    """With a foundation, bundles made, and nothing deployed yet."""
    (folder / "home").mkdir(parents=True)
    made = World(folder)
    _copy_workspace(made.workspace)
    _make_bundles(made)
    made.forget_calls()
    made.write("foundation.json", ["topic a", "topic b"])
    made.put(
        "foundation/applied.json", json.dumps(["topic a", "topic b", "topic of a capability that is gone"])
    )


@contextmanager
def opened(folder: Path) -> Iterator[World]:
    """With the product's address served."""
    made = World(folder)
    with serve(lambda request: _live_product(made, request)) as url:
        made.write("url", url)
        yield made


def _copy_workspace(workspace: Path) -> None:
    workspace.mkdir()
    for name in ("cloudbuild.yaml", "shared/__init__.py", "shared/errors.py"):
        (workspace / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, workspace / name)
    ignored = shutil.ignore_patterns("__pycache__", ".terraform", "*.md")
    shutil.copytree(ROOT / "shared" / "deploy", workspace / "shared" / "deploy", ignore=ignored)
    shutil.copytree(ROOT / "terraform", workspace / "terraform", ignore=ignored)


def _make_bundles(made: World) -> None:
    folder = made.folder / "bundles"
    for name in STAGED:
        (folder / "staged" / name).mkdir(parents=True)
        (folder / "staged" / name / "Containerfile").write_text("FROM scratch\n")
    functions = json.loads((made.workspace / "terraform" / "derived" / "functions.json").read_text())
    bundles = {name: _bundle(folder, name, "first") for name in functions}
    made._write_release({"runtime": "python313", "bundles": bundles})


def _bundle(folder: Path, name: str, content: str) -> dict[str, str]:
    sha = hashlib.sha256(f"{name} {content}".encode()).hexdigest()
    for old in folder.glob(f"{name}-*.zip"):
        old.unlink()
    (folder / f"{name}-{sha[:12]}.zip").write_text(content)
    return {"sha256": sha, "object": f"bundles/{name}-{sha[:12]}.zip"}


def program(folder: Path, name: str) -> Path:
    """A stand-in; it learns the name it was called by, which may be that of a link to it."""
    _script(folder / name, f'exec {sys.executable} -S {PROGRAMS} "$0" "$@"')
    return folder / name


def _script(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def _live_product(made: World, request: Request) -> Reply:
    """What would answer for the code that runs: `broken.json` names hashes of code with a bug."""
    path = made.workspace / "terraform" / "derived" / "functions.json"
    functions = json.loads(path.read_text())
    live, broken = made.live(), made.read("broken.json", [])
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    if request.path == "/api/system/health":
        return _with(headers, json_reply({"status": "ok"}, 200 if "system" in live else 404))
    if request.path == "/api/system/state":
        return _with(headers, json_reply({"details": _details(live, made.read("degraded.json", []))}))
    for name, one in functions.items():
        for route in one["routes"]:
            if route["path"].split("{")[0].rstrip("/") in request.path and route["method"] == request.method:
                return _with(headers, _answer(one, route, live.get(name), broken))
    return Reply(404)


def _answer(
    function: Mapping[str, Any], route: Mapping[str, Any], sha: str | None, broken: list[str]
) -> Reply:
    if sha is None:
        return Reply(404)
    if sha in broken:
        return json_reply({"detail": "Something failed on our side"}, 500)
    if function["kind"] == "service":
        return Reply(403)
    if "public" in route["auth"]:
        return json_reply({})
    refused = 404 if "public_link" in route["auth"] else 401
    return Reply(refused, b"{}", {"Content-Type": "application/problem+json"})


def _details(live: Mapping[str, str], unwell: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{name}_primitive",
            "status": "degraded" if name in unwell else "active",
            "capabilities": [name],
        }
        for name in live
    ]


def _with(headers: Mapping[str, str], reply: Reply) -> Reply:
    return Reply(reply.status, reply.body, {**headers, **reply.headers})
