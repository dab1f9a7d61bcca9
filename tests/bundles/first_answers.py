"""The first real answer of a deployed function: each kind is called as the cloud calls it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import httpx

from shared.events.base import CATALOGUE
from shared.manifest import Manifest
from shared.ports import Message
from shared.testing import push_rig
from shared.testing.function_process import FunctionProcess
from shared.testing.http_stub import Reply, Request, serve
from shared.testing.local_cloud import LocalCloud
from tests.benchmarks.first_request import FirstFrame, FirstRequest, Ground

PATIENCE_S = 60.0


def first_answer(cloud: LocalCloud, ground: Ground, manifest: Manifest, process: FunctionProcess) -> None:
    """Raises when it is not the answer of work done."""
    if manifest.kind == "event":
        message = ground.message(CATALOGUE[manifest.subscribes or ""])
        answer = pushed_answer(cloud, ground, message, manifest, process)
        assert answer == (200, {"reason": "done"}), f"[{manifest.name}] answered a push {answer}"
        return
    request = ground.first_request(manifest)
    assert isinstance(request, FirstRequest | FirstFrame)
    assert request.succeeds(process.port), f"[{manifest.name}] did not take the connection"


def pushed_answer(
    cloud: LocalCloud, ground: Ground, message: Message, manifest: Manifest, process: FunctionProcess
) -> tuple[int, object]:
    """Status and body with which the function answers what Pub/Sub pushes to it."""
    seen: list[tuple[int, object]] = []

    def forward(request: Request) -> Reply:
        # The emulator signs no token; the cloud does.
        token = {"Authorization": f"Bearer {ground.service()}", "Content-Type": "application/json"}
        answer = httpx.post(process.url, content=request.body, headers=token, timeout=PATIENCE_S)
        seen.append((answer.status_code, json.loads(answer.content)))
        return Reply(204)

    with serve(forward) as url:
        consumer = push_rig.Consumer(
            f"{manifest.name}-{message.attributes['ce-id'][:12]}", message.topic, url
        )
        push_rig.build(project=cloud.project, emulator_host=cloud.pubsub_host, consumers=[consumer])
        ground.platform.bus.publish([message])
        _until(lambda: bool(seen))
    return seen[0]


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, f"nothing was pushed within {PATIENCE_S} s"
        time.sleep(0.02)
