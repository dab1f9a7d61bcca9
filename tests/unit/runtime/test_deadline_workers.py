"""A request that Cloud Run lets in finds a thread to run on."""

from __future__ import annotations

from shared.manifest import all_manifests
from shared.runtime.deadline import WORKERS


def test_every_function_has_more_workers_than_requests_at_once() -> None:
    for manifest in all_manifests():
        if manifest.kind == "http":
            assert manifest.concurrency < WORKERS, f"functions/{manifest.name}: [{manifest.concurrency}]"
