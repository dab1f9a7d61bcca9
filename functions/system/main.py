"""What the product is made of, whether it is well, and how it is used."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel

from functions.system.docs_page import docs_page
from functions.system.live_checks import Findings, Lookout
from functions.system.primitives import PrimitiveState, Status, capabilities, known_primitives, states
from shared.platform import Platform
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.reply import Answer, Says

OPENAPI = Path(__file__).parent / "derived" / "openapi.json"
FRESH = {"Cache-Control": "public, max-age=300"}
# The page is one file: no script, nothing from elsewhere.
STRICT = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"}

LOOKOUT = Lookout()


class SystemState(BaseModel):
    """`primitives` in short, `details` for each in the same order."""

    status: Literal["active", "degraded"]
    as_of: datetime
    primitives: dict[str, Status]
    details: list[PrimitiveState]


class PortHealth(BaseModel):
    """`milliseconds` and `reason` are only for those who are known."""

    status: Literal["ok", "degraded"]
    milliseconds: float | None = None
    reason: str | None = None


class SystemHealth(BaseModel):
    """`status` is `down` when nothing can be stored, `degraded` when something else is not well."""

    status: Literal["ok", "degraded", "down"]
    as_of: datetime
    checks: dict[str, PortHealth]


def show_state(platform: Platform, caller: Caller) -> SystemState:
    """Active: its capabilities are built and well. Only those who are known learn why one is degraded."""
    findings = LOOKOUT.findings(platform)
    known = capabilities()
    troubles = findings.troubles({capability.name: capability.ports for capability in known})
    details = states(known_primitives(), known, troubles)
    if caller.kind == "public":
        details = [state.model_copy(update={"reasons": ()}) for state in details]
    is_degraded = any(state.status == "degraded" for state in details)
    return SystemState(
        status="degraded" if is_degraded else "active",
        as_of=findings.at,
        primitives={state.name: state.status for state in details},
        details=details,
    )


def show_health(platform: Platform, caller: Caller) -> Annotated[Answer, Says(SystemHealth, 200, 503)]:
    """503 when nothing can be stored, so a load balancer turns away."""
    findings = LOOKOUT.findings(platform)
    health = _health(findings, is_known=caller.kind != "public")
    return Answer(503 if health.status == "down" else 200, health)


def _health(findings: Findings, *, is_known: bool) -> SystemHealth:
    checks: dict[str, PortHealth] = {}
    for check in findings.checks:
        details = {"milliseconds": round(check.milliseconds, 1), "reason": check.reason or None}
        status = "degraded" if check.reason else "ok"
        checks[check.port] = PortHealth.model_validate({"status": status, **(details if is_known else {})})
    bad = [port for port, check in checks.items() if check.status != "ok"]
    status = "down" if "documents" in bad else "degraded" if bad or findings.given_up else "ok"
    return SystemHealth.model_validate({"status": status, "as_of": findings.at, "checks": checks})


def show_openapi() -> Annotated[Answer, Says("application/json")]:
    """Derived from the manifests and the models that validate requests."""
    return Answer(200, _openapi(), FRESH)


def show_docs() -> Annotated[Answer, Says("text/html")]:
    """The same as a page of its own: no script, nothing loaded from elsewhere."""
    return Answer(200, docs_page(_openapi()), {**FRESH, **STRICT}, "text/html; charset=utf-8")


@lru_cache(maxsize=1)
def _openapi() -> bytes:
    return OPENAPI.read_bytes()


system = entry_point(__file__, show_state, show_health, show_openapi, show_docs)
