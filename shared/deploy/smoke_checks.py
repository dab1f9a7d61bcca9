"""What must be so on a live product. Each check answers what is wrong, in words, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.deploy.smoke_web import Answer, Web

HEALTH = "/api/system/health"
STATE = "/api/system/state"
ONLY_ON_A_LAPTOP = "/local/events"
MADE_UP_ID = "smoke-test"

Functions = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Check:
    name: str
    look: Callable[[], str]


@dataclass(frozen=True)
class Expected:
    """`functions` are those of the release as derived for Terraform; `tolerated` are the primitives that were
    not well before it, which it is not blamed for."""

    functions: Functions
    tolerated: frozenset[str] = frozenset()
    plain_port: int = 80


def checks(web: Web, expected: Expected) -> list[Check]:
    """Without TLS (a laptop) those of the load balancer are left out."""
    found = [
        Check("is well", lambda: health(web)),
        Check("every primitive of this release is active", lambda: state(web, expected)),
        *(Check(f"{method} {path}", look) for method, path, look in _routes(web, expected.functions)),
        Check("security headers", lambda: security_headers(web)),
    ]
    if web.is_tls:
        found += [
            Check("HTTP leads to HTTPS", lambda: redirect(web, expected.plain_port)),
            Check("nothing of a laptop is served", lambda: laptop_paths(web)),
        ]
    return found


def health(web: Web) -> str:
    answer = web.ask("GET", HEALTH)
    if answer.status != 200:
        return f"{HEALTH} answers {_told(answer)}"
    content = answer.json()
    if not isinstance(content, dict) or content.get("status") not in ("ok", "degraded"):
        return f"{HEALTH} answers something else than its state: {_told(answer)}"
    return ""


def state(web: Web, expected: Expected) -> str:
    """Every function belongs to a primitive that is active, and none of its primitives is degraded."""
    answer = web.ask("GET", STATE, headers=web.known_as)
    content = answer.json()
    if answer.status != 200 or not isinstance(content, dict):
        return f"{STATE} answers {_told(answer)}"
    details = content.get("details", [])
    active = {name for one in details if one["status"] == "active" for name in one["capabilities"]}
    excused = {name for one in details if one["name"] in expected.tolerated for name in one["capabilities"]}
    bad = [one for one in details if one["status"] == "degraded" and one["name"] not in expected.tolerated]
    missing = sorted(
        set(expected.functions) - active - excused - {n for one in bad for n in one["capabilities"]}
    )
    wrong = [f"[{one['name']}] is degraded{_because(one)}" for one in bad]
    wrong += [
        f"[{name}] is in no active primitive: an older release answers, or it is not deployed"
        for name in missing
    ]
    return "; ".join(wrong)


def degraded(web: Web) -> frozenset[str]:
    """Primitives that are not well now. Raises `Unreachable`."""
    content = web.ask("GET", STATE).json()
    details = content.get("details", []) if isinstance(content, dict) else []
    return frozenset(one["name"] for one in details if one["status"] == "degraded")


def route(web: Web, method: str, path: str, auth: tuple[str, ...]) -> str:
    """Public ones are served; all others refuse who brings no credential, in our own words. Where the path is
    the credential, a made-up one opens nothing."""
    answer = web.ask(method, sample_of(path))
    if "public" in auth:
        served = answer.status == 200 if method == "GET" else answer.status < 500
        return "" if served and answer.status not in (404, 405) else f"is public and answers {_told(answer)}"
    refused = 404 if "public_link" in auth else 401
    if answer.status != refused:
        return f"should answer {refused} without a credential and answers {_told(answer)}"
    if answer.headers.get("content-type", "").partition(";")[0] != "application/problem+json":
        return (
            f"answers {refused} in other words than the product's: something before it refuses (its invoker?)"
        )
    return ""


def refused_socket(web: Web, path: str) -> str:
    answer = web.open_socket(path)
    if answer.status in (401, 403):
        return ""
    return f"should refuse a socket without a token and answers {_told(answer)}"


def security_headers(web: Web) -> str:
    wanted = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
    if web.is_tls:
        wanted["strict-transport-security"] = "max-age="
    said = web.ask("GET", HEALTH).headers
    wrong = [
        f"{name} is [{said.get(name, '')}]" for name, word in wanted.items() if word not in said.get(name, "")
    ]
    return "; ".join(wrong)


def redirect(web: Web, port: int) -> str:
    answer = web.ask_plain(HEALTH, port)
    there = answer.headers.get("location", "")
    if answer.status in (301, 308) and there.startswith("https://"):
        return ""
    return f"plain HTTP answers {answer.status}, leading to [{there}]"


def laptop_paths(web: Web) -> str:
    answer = web.ask("GET", ONLY_ON_A_LAPTOP)
    return "" if answer.status == 404 else f"{ONLY_ON_A_LAPTOP} answers {_told(answer)}"


def sample_of(path: str) -> str:
    """A path with something in the place of each parameter."""
    return re.sub(r"\{\w+\}", MADE_UP_ID, path)


def _routes(web: Web, functions: Functions) -> Iterator[tuple[str, str, Callable[[], str]]]:
    for one in functions.values():
        for known in one["routes"]:
            method, path, auth = known["method"], known["path"], tuple(known["auth"])
            if one["kind"] == "service":
                yield "SOCKET", path, _bound(refused_socket, web, path)
            else:
                yield method, path, _bound(route, web, method, path, auth)


def _bound(look: Callable[..., str], *arguments: Any) -> Callable[[], str]:
    return lambda: look(*arguments)


def _because(primitive: Mapping[str, Any]) -> str:
    reasons = primitive.get("reasons") or ()
    return f" ({'; '.join(reasons)})" if reasons else ""


def _told(answer: Answer) -> str:
    start = answer.body[:160].decode(errors="replace").replace("\n", " ")
    return f"{answer.status} [{start}]"
