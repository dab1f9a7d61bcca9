"""cloudbuild.yaml as Cloud Build reads it: the fields there are, substitutions, each step run in order."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TOP = frozenset(
    ("steps", "timeout", "queueTtl", "logsBucket", "options", "substitutions", "tags", "serviceAccount")
) | {"secrets", "availableSecrets", "artifacts", "images"}
STEP = frozenset(
    ("name", "args", "env", "allowFailure", "allowExitCodes", "dir", "id", "waitFor", "entrypoint")
) | {"secretEnv", "volumes", "timeout", "script", "automapSubstitutions"}
OPTIONS = frozenset(
    ("env", "secretEnv", "volumes", "sourceProvenanceHash", "machineType", "diskSizeGb", "pool", "logging")
) | {"substitutionOption", "dynamicSubstitutions", "automapSubstitutions", "logStreamingOption"}
OPTIONS |= {"defaultLogsBucketBehavior", "requestedVerifyOption"}
BUILT_IN = frozenset({"PROJECT_ID", "PROJECT_NUMBER", "BUILD_ID", "LOCATION"})
"""Those a build has that no trigger started."""
LOGGING_OF_AN_ACCOUNT = frozenset({"CLOUD_LOGGING_ONLY", "NONE"})
_VOLUMES = frozenset({"/tools", "/checked"})
"""Where our steps hand things on beside /workspace."""
MACHINES = frozenset({"E2_MEDIUM", "E2_HIGHCPU_8", "E2_HIGHCPU_32", "N1_HIGHCPU_8", "N1_HIGHCPU_32"})
_SECONDS = re.compile(r"\d+s")
_NAME = re.compile(r"_[A-Z0-9_]+")
_USED = re.compile(r"\$\$|\$\{(\w+)\}|\$(\w+)")


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def problems(config: Mapping[str, Any]) -> list[str]:
    """What Cloud Build would refuse, or would find missing while it runs; one line each."""
    found = [f"unknown field [{key}]" for key in config.keys() - TOP]
    found += [f"unknown field [options.{key}]" for key in config.get("options", {}).keys() - OPTIONS]
    found += list(_step_problems(config.get("steps") or []))
    found += list(_substitution_problems(config))
    machine = config.get("options", {}).get("machineType")
    if machine not in MACHINES | {None}:
        found.append(f"options.machineType [{machine}] is none of {sorted(MACHINES)}")
    found += [
        f"timeout [{one['timeout']}] is no number of seconds such as [600s]"
        for one in (config, *(config.get("steps") or []))
        if not _SECONDS.fullmatch(str(one.get("timeout", "1s")))
    ]
    if "serviceAccount" not in config:
        found.append(
            "there is no serviceAccount, so it would run as the project's own, which may do much more"
        )
    elif config.get("options", {}).get("logging") not in LOGGING_OF_AN_ACCOUNT:
        found.append("a serviceAccount of one's own needs options.logging CLOUD_LOGGING_ONLY")
    return found


def _step_problems(steps: list[dict[str, Any]]) -> Iterator[str]:
    if not steps:
        yield "there are no steps"
    before: set[str] = set()
    for step in steps:
        called = step.get("id", step.get("name", "?"))
        yield from (f"step [{called}]: unknown field [{key}]" for key in step.keys() - STEP)
        if "name" not in step:
            yield f"step [{called}] has no name"
        if "script" in step and step.keys() & {"args", "entrypoint"}:
            yield f"step [{called}]: a script takes no args and no entrypoint"
        wrong = set(step.get("waitFor", [])) - before - {"-"}
        yield from (f"step [{called}] waits for [{name}], which is not before it" for name in wrong)
        if step.get("id") in before:
            yield f"step [{called}] is there twice"
        before.add(step.get("id", ""))
        yield from _places_not_there(called, step)
    volumes = [one["name"] for step in steps for one in step.get("volumes", [])]
    yield from (f"volume [{name}] is used by one step" for name in set(volumes) if volumes.count(name) == 1)


def _places_not_there(called: str, step: Mapping[str, Any]) -> Iterator[str]:
    """Folders of volumes that a step names and does not mount: they would be empty, or not there."""
    mounted = {one["path"] for one in step.get("volumes", [])}
    said = "\n".join(_texts([step.get(key) for key in ("args", "script", "dir", "entrypoint")]))
    for place in sorted(_VOLUMES - mounted):
        if re.search(rf"(?<![\w./-]){place}(?![\w.-])", said):
            yield f"step [{called}] names [{place}] and mounts no volume there"


def _substitution_problems(config: Mapping[str, Any]) -> Iterator[str]:
    """Without ALLOW_LOOSE a build ends when it names one that is not there, or has one nobody names."""
    declared = config.get("substitutions") or {}
    yield from (f"substitution [{name}] is no name" for name in declared if not _NAME.fullmatch(name))
    yield from (
        f"substitution [{n}] is no text" for n, value in declared.items() if not isinstance(value, str)
    )
    used = used_names(config)
    yield from (f"[${name}] is used and not declared" for name in used - set(declared) - BUILT_IN)
    yield from (f"[{name}] is declared and not used" for name in set(declared) - used)
    nested = [name for name, value in declared.items() if "$" in str(value)]
    if nested and not config.get("options", {}).get("dynamicSubstitutions"):
        yield f"[{nested[0]}] is made of others, which needs options.dynamicSubstitutions"


def used_names(config: Mapping[str, Any]) -> set[str]:
    """Scripts are left alone by Cloud Build, so theirs do not count."""
    steps = [{key: value for key, value in step.items() if key != "script"} for step in config["steps"]]
    text = "\n".join(_texts([steps, config.get("serviceAccount", ""), config.get("substitutions", {})]))
    return {match[1] or match[2] for match in _USED.finditer(text) if match[0] != "$$"}


def substituted(text: str, values: Mapping[str, str]) -> str:
    return _USED.sub(lambda match: "$" if match[0] == "$$" else values[match[1] or match[2]], text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


@dataclass(frozen=True)
class Ended:
    """How a build ended: the step that failed, or nothing, and everything it wrote."""

    failed: str
    code: int
    log: str


@dataclass(frozen=True)
class Machine:
    """Where steps run. `images` names for each image the folder of its programs; `places` maps folders of the
    build machine to folders here."""

    images: Mapping[str, Path]
    places: Mapping[str, Path]
    environment: Mapping[str, str]

    def run(self, config: Mapping[str, Any], given: Mapping[str, str]) -> Ended:
        """Every step in the file's order. A failure ends what waits for it; what does not wait may have been
        done by then, so it is done here."""
        values = {**given, **{k: substituted(v, given) for k, v in config["substitutions"].items()}, **given}
        log, failed, ended = "", ("", 0), set[str]()
        for step in config["steps"]:
            if ended.intersection(step.get("waitFor", ended)):
                ended.add(step["id"])
                continue
            code, said = self._step(step, values)
            log += said
            if code:
                ended.add(step["id"])
                failed = failed if failed[0] else (step["id"], code)
        return Ended(*failed, log)

    def _step(self, step: Mapping[str, Any], values: Mapping[str, str]) -> tuple[int, str]:
        programs = self.images[step["name"]]
        extra = dict(substituted(one, values).split("=", 1) for one in step.get("env", []))
        if "script" in step:
            interpreter = step["script"].splitlines()[0].removeprefix("#!/usr/bin/env ")
            command = [str(programs / interpreter), "-c", self._placed(step["script"])]
        else:
            arguments = [self._placed(substituted(one, values)) for one in step["args"]]
            command = [str(programs / step["entrypoint"]), *arguments]
        done = subprocess.run(
            command,
            cwd=self.places[step.get("dir", "/workspace")],
            env={**self.environment, **extra, "PATH": str(programs)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, f"--- {step['id']}\n{done.stdout}{done.stderr}"

    def _placed(self, text: str) -> str:
        for place, folder in self.places.items():
            text = re.sub(rf"(?<![\w./-]){re.escape(place)}(?=[/\s\"']|$)", str(folder), text)
        return text
