"""What is told of the product, as far as the asker may know."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from functions.system.live_checks import Findings
from functions.system.primitives import PrimitiveState, Status


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


def system_state(findings: Findings, details: list[PrimitiveState], *, is_known: bool) -> SystemState:
    shown = details if is_known else [state.model_copy(update={"reasons": ()}) for state in details]
    is_degraded = any(state.status == "degraded" for state in details)
    return SystemState(
        status="degraded" if is_degraded else "active",
        as_of=findings.at,
        primitives={state.name: state.status for state in details},
        details=shown,
    )


def system_health(findings: Findings, *, is_known: bool) -> SystemHealth:
    checks: dict[str, PortHealth] = {}
    for check in findings.checks:
        details = {"milliseconds": round(check.milliseconds, 1), "reason": check.reason or None}
        status = "degraded" if check.reason else "ok"
        checks[check.port] = PortHealth.model_validate({"status": status, **(details if is_known else {})})
    bad = [port for port, check in checks.items() if check.status != "ok"]
    status = "down" if "documents" in bad else "degraded" if bad or findings.given_up else "ok"
    return SystemHealth.model_validate({"status": status, "as_of": findings.at, "checks": checks})
