"""The process of a Cloud Run job: its handler once for every tenant, then exit 0, or 1 when a run failed."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from shared.manifest import Manifest
from shared.observability import log, log_fields
from shared.platform import Platform
from shared.runtime.inject import Signature
from shared.runtime.tick import Failure, handle_tick

ENDED = "the job was told to end"


def run_job(entry: Callable[..., Any]) -> int:
    """The exit status. `entry` is what `entry_point` made of a function of kind `job`.

    A failed tenant does not stop the others; the platform starts a failed job anew, and a handler may run
    twice. Told to end (SIGTERM), it stops where it is: what is not committed by then never is.
    """
    from shared.wiring import current_platform

    signal.signal(signal.SIGTERM, _end)
    manifest: Manifest = entry.manifest  # type: ignore[attr-defined]  # of a function
    signature: Signature = entry.signatures[manifest.handler]  # type: ignore[attr-defined]  # of a function
    platform = current_platform()
    with log_fields(function=manifest.name):
        try:
            return _run(platform.granting(manifest.ports, to=manifest.name), manifest, signature)
        except SystemExit:
            log("ERROR", ENDED)
            raise
        finally:
            platform.close()


def _run(platform: Platform, manifest: Manifest, signature: Signature) -> int:
    log("INFO", "the job begins")
    answer = handle_tick(platform, manifest, signature)
    results = answer.body.get("result") if isinstance(answer.body, dict) else None
    runs = results if isinstance(results, dict) else {}
    failed = [tenant for tenant, result in runs.items() if isinstance(result, Failure)]
    for tenant in failed:
        log("ERROR", "the job failed for a tenant", tenant=tenant)
    if answer.status >= 300:
        log("ERROR", "the job failed", tenants=len(runs), failed=len(failed))
        return 1
    log("INFO", "the job is done", tenants=len(runs))
    return 0


def _end(number: int, frame: FrameType | None) -> None:
    """On the main thread, between two steps of the handler."""
    sys.exit(1)
