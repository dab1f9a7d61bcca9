"""The paths of all functions together: each leads to one handler, here and behind the load balancer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.deploy.derived_terraform import load_balancer_pattern
from shared.deploy.manifests.code import Code
from shared.deploy.manifests.problem import Found, Problem
from shared.deploy.platform_limits import PATH_CHARACTERS, SEGMENT
from shared.manifest import Manifest, Route

RESERVED = ("/_ready", "/local")
"""The runtime's own, and those of `make run`."""


@dataclass(frozen=True)
class Claim:
    """A route of one manifest; `file` is the manifest's."""

    file: str
    function: str
    number: int
    route: Route

    @property
    def field(self) -> str:
        return f"routes.{self.number}.path"

    @property
    def shape(self) -> str:
        """The path without the names of its parameters."""
        return re.sub(r"\{\w*\}", "{}", self.route.path)

    def problem(self, what: str) -> Problem:
        return Problem(self.file, self.field, f"{self.route.method} {self.route.path}", what)


def path_words(manifest: Manifest, code: Code | None) -> Iterator[Found]:
    """Paths a load balancer's rules can hold, with parameters that their handlers take."""
    for number, route in enumerate(manifest.routes):
        for what in _wrong(route, code):
            yield f"routes.{number}.path", route.path, what


def _wrong(route: Route, code: Code | None) -> Iterator[str]:
    parameters = re.findall(r"\{(\w*)\}", route.path)
    if route.path != "/" and not all(map(SEGMENT.fullmatch, route.path[1:].split("/"))):
        yield "has a part that is no plain name and no whole {parameter}; a load balancer takes no other"
    if len(route.path) > PATH_CHARACTERS:
        yield f"has over {PATH_CHARACTERS} characters"
    if route.path.startswith(RESERVED):
        yield f"belongs to the runtime, as does all below {' and '.join(RESERVED)}"
    for name in sorted({name for name in parameters if parameters.count(name) > 1}):
        yield f"has the parameter [{name}] twice"
    taken = code.handlers.get(route.handler) if code and code.given is not None else None
    for name in sorted(set(parameters) - taken) if taken is not None else []:
        yield f"has the parameter [{name}], which [{route.handler}] does not take"


def claims(file: str, manifest: Manifest) -> list[Claim]:
    return [Claim(file, manifest.name, number, route) for number, route in enumerate(manifest.routes)]


def contested(every: Sequence[Claim]) -> Iterator[Problem]:
    """Paths that lead to two places."""
    first: dict[tuple[str, str], Claim] = {}
    owners: dict[str, Claim] = {}
    for claim in every:
        same = first.setdefault((claim.route.method, claim.shape), claim)
        pattern = load_balancer_pattern(claim.route.path)
        owner = owners.setdefault(pattern, claim)
        if same is not claim:
            yield claim.problem(f"is [{same.route.path}] of [{same.function}] already")
        elif owner.function != claim.function:
            yield claim.problem(f"goes to [{owner.function}]: the load balancer sends [{pattern}] there")
    yield from _hidden(first)


def _hidden(first: Mapping[tuple[str, str], Claim]) -> Iterator[Problem]:
    """A path without parameters that another function's parameter would take in: the load balancer and the
    one-process product would send it to different functions."""
    for claim in first.values():
        for other in first.values():
            if "{" in other.shape and other.function != claim.function and claim.shape != other.shape:
                pattern = re.escape(other.shape).replace(re.escape("{}"), "[^/]+")
                if re.fullmatch(pattern, claim.route.path) and "{" not in claim.shape:
                    yield claim.problem(f"is also [{other.route.path}] of [{other.function}]")
