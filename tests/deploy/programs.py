"""Stands in for gcloud, terraform, docker and what a step installs; told by which name it was called.

It changes a folder, the world, as the real ones would change a project; writes down every call; and fails
where `faults.json` says so. What gcloud says and its exit codes were taken from the real one.
Only the standard library: it runs without the project on its path.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

WORLD = Path(os.environ["FAKE_WORLD"])
BUCKET = WORLD / "buckets"
NOT_FOUND = "ERROR: (gcloud.storage.objects.describe) gs://{} not found: 404."
CONFLICT = "ERROR: HTTPError 412: At least one of the pre-conditions you specified did not hold."


def main(program: str, arguments: list[str]) -> int:
    """One call at a time: the real services change an object whole, and two releases call them at once."""
    with (WORLD / "calls.jsonl").open("a") as calls:
        fcntl.flock(calls, fcntl.LOCK_EX)
        calls.write(json.dumps([program, *arguments]) + "\n")
        calls.flush()
        return run(program, arguments)


def run(program: str, arguments: list[str]) -> int:
    line = " ".join([program, *arguments])
    faults = read("faults.json", {})
    for words, times in faults.items():
        if words in line and times > 0:
            (WORLD / "faults.json").write_text(json.dumps({**faults, words: times - 1}))
            end(f"{words}: made to fail")
    return PROGRAMS[program](arguments)


def gcloud(arguments: list[str]) -> int:
    told = [one for one in arguments if not one.startswith("--")]
    flags = dict(one.removeprefix("--").partition("=")[::2] for one in arguments if one.startswith("--"))
    if told[0] == "storage":
        return storage(told[1:], flags)
    if told[:2] == ["auth", "print-access-token"]:
        print("a-token")
    elif told[:3] == ["artifacts", "repositories", "describe"]:
        print(f"{flags['location']}-docker.example/{flags['project']}/{told[3]}")
    elif told[:4] == ["artifacts", "docker", "images", "list"]:
        print(json.dumps(read("registry.json", [])))
    else:
        end(f"no such command: {told}")
    return 0


def storage(told: list[str], flags: dict[str, str]) -> int:
    match told:
        case ["objects", "list", pattern]:
            bucket, _, folder = pattern.removeprefix("gs://").removesuffix("/**").partition("/")
            for path in sorted((BUCKET / bucket / folder).rglob("*")):
                print(path.relative_to(BUCKET / bucket).as_posix()) if path.is_file() else None
        case ["objects", "describe", url]:
            print(json.dumps({"name": url, "generation": str(generation(existing(url)))}))
        case ["cat", url]:
            sys.stdout.write(existing(url.partition("#")[0]).read_text())
        case ["rm", url]:
            require(local(url), flags)
            existing(url).unlink()
        case ["cp", *sources, target]:
            copy(sources, target, flags)
        case _:
            end(f"no such command: {told}")
    return 0


def copy(sources: list[str], target: str, flags: dict[str, str]) -> None:
    for source in sources:
        path = local(target + (Path(source).name if target.endswith("/") else ""))
        if "no-clobber" in flags and path.exists():
            continue
        require(path, flags)
        content = existing(source).read_bytes() if source.startswith("gs:") else Path(source).read_bytes()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if target.startswith("gs://"):
            generations = read("generations.json", {})
            generations[key(path)] = max([0, *generations.values()]) + 1
            (WORLD / "generations.json").write_text(json.dumps(generations))


def require(path: Path, flags: dict[str, str]) -> None:
    if "if-generation-match" in flags and int(flags["if-generation-match"]) != generation(path):
        end(CONFLICT)


def generation(path: Path) -> int:
    return int(read("generations.json", {}).get(key(path), 1)) if path.exists() else 0


def key(path: Path) -> str:
    return path.relative_to(BUCKET).as_posix()


def local(url: str) -> Path:
    return BUCKET / url.removeprefix("gs://") if url.startswith("gs://") else Path(url)


def existing(url: str) -> Path:
    path = local(url)
    if not path.is_file():
        end(NOT_FOUND.format(url.removeprefix("gs://")))
    return path


def terraform(arguments: list[str]) -> int:
    root = Path(arguments[0].removeprefix("-chdir="))
    command, options = arguments[1], arguments[2:]
    if command == "init":
        (root / ".initialised").write_text(" ".join(options))
    elif not (root / ".initialised").exists():
        end("Error: Backend initialization required, please run 'terraform init'")
    elif command == "plan":
        plan(root, options)
    elif command == "show":
        print(Path(options[-1]).read_text())
    elif command == "apply":
        apply(json.loads(Path(options[-1]).read_text()))
    return 0


def plan(root: Path, options: list[str]) -> None:
    files = [one.removeprefix("-var-file=") for one in options if one.startswith("-var-file=")]
    release = json.loads(Path(files[-1]).read_text())["release"]
    functions = json.loads((root.parent / "derived" / "functions.json").read_text())
    wanted = {name: [release["bundles"][name]["sha256"], digest(functions[name])] for name in functions}
    have = read("state.json", {})
    changes = [
        {"address": f'module.function["{name}"]', "change": {"actions": [action(name, have, wanted)]}}
        for name in sorted({*have, *wanted})
    ]
    outputs = {"url": read("url", ""), "foundation_needs": read("foundation.json", [])}
    out = next(one.removeprefix("-out=") for one in options if one.startswith("-out="))
    known = {name: {"value": value} for name, value in outputs.items()}
    Path(out).write_text(
        json.dumps({"resource_changes": changes, "planned_values": {"outputs": known}, "wanted": wanted})
    )


def action(name: str, have: dict[str, Any], wanted: dict[str, Any]) -> str:
    if have.get(name) == wanted.get(name):
        return "no-op"
    return "delete" if name not in wanted else "update" if name in have else "create"


def apply(planned: dict[str, Any]) -> None:
    """A fault in the middle leaves half of it done, as the real one does."""
    state = read("state.json", {})
    broken = read("half.json", 0)
    for count, change in enumerate(planned["resource_changes"], start=1):
        name = change["address"].split('"')[1]
        if name in planned["wanted"]:
            state[name] = planned["wanted"][name]
        else:
            state.pop(name, None)
        (WORLD / "state.json").write_text(json.dumps(state))
        if broken and count == len(planned["resource_changes"]) // 2:
            (WORLD / "half.json").write_text(str(broken - 1))
            end("Error: a quota ended in the middle of it")


def docker(arguments: list[str]) -> int:
    if arguments[0] == "login" and sys.stdin.read().strip() != "a-token":
        end("unauthorized")
    if arguments[0] == "push":
        package, _, tag = arguments[1].rpartition(":")
        registry = [*read("registry.json", []), {"package": package, "tags": [tag]}]
        (WORLD / "registry.json").write_text(json.dumps(registry))
    return 0


def make(arguments: list[str]) -> int:
    if arguments[-1] == "bundle":
        for path in (WORLD / "bundles").rglob("*"):
            target = Path("build/bundles") / path.relative_to(WORLD / "bundles")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes()) if path.is_file() else None
    return 0


def apt_get(arguments: list[str]) -> int:
    """What is installed can be called from now on."""
    here = Path(sys.argv[1]).parent
    for name in arguments if "install" in arguments else []:
        if name in PROGRAMS and not (here / name).exists():
            (here / name).symlink_to(here / "apt-get")
    return 0


def quiet(arguments: list[str]) -> int:
    return 0


def digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def read(name: str, otherwise: Any) -> Any:
    path = WORLD / name
    return json.loads(path.read_text()) if path.exists() else otherwise


def end(said: str) -> NoReturn:
    sys.stderr.write(said + "\n")
    sys.exit(1)


PROGRAMS = {
    "gcloud": gcloud,
    "terraform": terraform,
    "docker": docker,
    "make": make,
    "apt-get": apt_get,
    "git": quiet,
}

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).name, sys.argv[2:]))
