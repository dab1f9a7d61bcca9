"""Pushes of Pub/Sub through one function process beside a function of the bare clients that does the same.

The baseline writes the document and publishes the row, one call each: no lease, no outbox, no done mark, so a
redelivery writes both again and a crash in between loses the row.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from shared.events.base import CATALOGUE
from shared.events.catalogue import load_catalogue
from shared.events.conversation import AttentionRequested
from shared.manifest import all_manifests
from shared.testing import push_rig
from shared.testing.emulators import free_port
from shared.testing.function_process import bare_process, start
from shared.testing.harness import envelope_of
from shared.testing.http_stub import Reply, Request, serve
from shared.testing.local_cloud import AUDIENCE, PUSH_ACCOUNT, LocalCloud, local_cloud
from tests.stress.boundary import BareStore
from tests.stress.fleet import OWN

MESSAGES, WARM_UP = 240, 24
PATIENCE_S = 60.0
TOPIC = "attention-requested"

BARE = """
import base64, json, os
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore, pubsub_v1

project = os.environ["GOOGLE_CLOUD_PROJECT"]
store = firestore.Client(project=project, credentials=AnonymousCredentials())
publisher = pubsub_v1.PublisherClient()
rows = publisher.topic_path(project, "audit-recorded")

def hello(request):
    if request.method == "GET":
        return "ready"
    message = request.get_json()["message"]
    event = json.loads(base64.b64decode(message["data"]))
    tenant = message["attributes"]["ce-tenantid"]
    store.document(f"tenants/{tenant}/notes/{event['subject']}").set({"summary": event["summary"]})
    publisher.publish(rows, json.dumps({"type": "event.handled"}).encode(), **message["attributes"]).result()
    return "done"
"""


def pushed_rows(store_host: str, bus_host: str) -> list[dict[str, Any]]:
    """Messages a second from the first publish until the last document stands, through one process each."""
    load_catalogue()
    (noting,) = (one for one in all_manifests(OWN) if one.name == "noting")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        cloud = stack.enter_context(local_cloud(folder, firestore_host=store_host, pubsub_host=bus_host))
        ours = start(noting, cloud.environment(), folder, port=free_port(), functions=OWN)
        stack.callback(ours.stop)
        bare = stack.enter_context(bare_process(cloud.environment(), folder, BARE))
        ours.await_ready()
        rates = {
            tenant: stack.enter_context(_Consumption(cloud, tenant, url)).rate()
            for tenant, url in (("ours", ours.url), ("bare", bare.url))
        }
    return [
        {
            "measure": "Pub/Sub push through one function process, messages/s",
            "ours": round(rates["ours"], 1),
            "baseline": round(rates["bare"], 1),
            "baseline_name": "a function of the bare clients: same document, same row, no guarantees",
            "notes": "ours: token, lease, one commit with the done mark and the outbox, publish, outbox gone",
        }
    ]


class _Consumption:
    """One consumer alone on the topic of its own project's bus; `close` ends its subscription's endpoint."""

    def __init__(self, cloud: LocalCloud, tenant: str, url: str) -> None:
        self._cloud, self._tenant, self._url = cloud, tenant, url
        self._http = httpx.Client(timeout=30)
        self._token = cloud.signer.service(PUSH_ACCOUNT, AUDIENCE)
        self._bare = BareStore(cloud.project, cloud.firestore_host)

    def rate(self) -> float:
        from shared.adapters.google.bus import PubSubBus

        bus = PubSubBus(project=self._cloud.project, emulator_host=self._cloud.pubsub_host)
        numbers = range(WARM_UP + MESSAGES)
        events = [AttentionRequested(subject=f"n{n}", kind="note", summary="Come") for n in numbers]
        now = datetime.now(UTC)
        messages = [
            envelope_of(one, tenant=self._tenant, cause=one.subject, now=now).to_message() for one in events
        ]
        with serve(self._forward) as url:
            consumer = push_rig.Consumer(self._tenant, TOPIC, url)
            push_rig.build(
                project=self._cloud.project,
                emulator_host=self._cloud.pubsub_host,
                topics=CATALOGUE,
                consumers=[consumer],
            )
            bus.publish(messages[:WARM_UP])
            self._await(WARM_UP)
            began = time.perf_counter()
            bus.publish(messages[WARM_UP:])
            self._await(WARM_UP + MESSAGES)
            took = time.perf_counter() - began
        bus.close()
        return MESSAGES / took

    def _forward(self, request: Request) -> Reply:
        """What the emulator leaves out of a push: the service's token. The other consumer's are not ours."""
        if f'"{self._tenant}"'.encode() not in request.body:
            return Reply(204)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        answer = self._http.post(self._url, content=request.body, headers=headers)
        return Reply(answer.status_code, answer.content)

    def _await(self, documents: int) -> None:
        until = time.monotonic() + PATIENCE_S
        while (count := self._bare.count(f"tenants/{self._tenant}/notes")) < documents:
            if time.monotonic() > until:
                raise TimeoutError(f"[{count}] of [{documents}] documents within {PATIENCE_S} s")
            time.sleep(0.05)

    def __enter__(self) -> _Consumption:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._bare.close()
