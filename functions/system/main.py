"""What the product is made of, whether it is well, and how it is used."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from functions.system import live_checks
from functions.system.answers import SystemHealth, SystemState, system_health, system_state
from functions.system.docs_page import docs_page
from functions.system.primitives import capabilities, known_primitives, states
from shared.platform import Platform
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.reply import Answer, Says

OPENAPI = Path(__file__).parent / "derived" / "openapi.json"
FRESH = {"Cache-Control": "public, max-age=300"}
# The page is one file: no script, nothing from elsewhere.
STRICT = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"}


def show_state(platform: Platform, caller: Caller) -> SystemState:
    """Active: its capabilities are built and well. Only those who are known learn why one is degraded."""
    findings = live_checks.LOOKOUT.findings(platform)
    known = capabilities()
    troubles = findings.troubles({capability.name: capability.ports for capability in known})
    details = states(known_primitives(), known, troubles)
    return system_state(findings, details, is_known=caller.kind != "public")


def show_health(platform: Platform, caller: Caller) -> Annotated[Answer, Says(SystemHealth, 200, 503)]:
    """503 when nothing can be stored, so a load balancer turns away."""
    findings = live_checks.LOOKOUT.findings(platform)
    health = system_health(findings, is_known=caller.kind != "public")
    return Answer(503 if health.status == "down" else 200, health)


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
