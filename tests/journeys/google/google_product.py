"""The product in a project of its own: every function its own process, Pub/Sub pushing to them."""

from __future__ import annotations

import json as json_text
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from websockets.sync.client import connect

from shared import wiring
from shared.adapters.google.bus import PubSubBus
from shared.adapters.google.bus_operations import PubSubBusOperations
from shared.adapters.google.secrets import MountedSecrets
from shared.errors import NotFound
from shared.events.base import CATALOGUE
from shared.events.catalogue import load_catalogue
from shared.local.product import table_columns
from shared.local.tenants import SMS_NUMBERS
from shared.local.wsgi_call import Response
from shared.manifest import Manifest, all_manifests
from shared.platform import Factory, Platform
from shared.ports import Claims, Write
from shared.runtime.auth import key_hash
from shared.runtime.given_up import kept_reason
from shared.runtime.request import MethodNotAllowed, find_route
from shared.runtime.tick import handle_tick
from shared.runtime.webhook import sms_number_path
from shared.testing import push_rig
from shared.testing.function_process import FunctionProcess, function_processes
from shared.testing.http_stub import serve
from shared.testing.local_cloud import AUDIENCE, CREDENTIALS, PUSH_ACCOUNT, LocalCloud
from shared.testing.twilio_stub import AUTH_TOKEN
from tests.journeys.google.push_service import PushService
from tests.journeys.product import PATIENCE_S, Socket

TENANTS = ("autohaus", "northside")

Processes = Callable[
    [Mapping[str, Manifest], Mapping[str, str], Path], AbstractContextManager[dict[str, FunctionProcess]]
]


class GoogleProduct:
    def __init__(
        self, cloud: LocalCloud, platform: Platform, manifests: Mapping[str, Manifest], keys: dict[str, str]
    ) -> None:
        self.cloud = cloud
        self._platform = platform
        self._manifests, self._keys = manifests, keys
        self.processes: dict[str, FunctionProcess] = {}
        self._http = httpx.Client(timeout=PATIENCE_S)

    @property
    def platform(self) -> Platform:
        return self._platform

    def call(
        self,
        method: str,
        target: str,
        *,
        json: Any = None,
        body: bytes | None = None,
        content_type: str = "application/json",
        tenant: str = "autohaus",
        api_key: bool | str = False,
        persona: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        sent = dict(headers or {})
        if api_key:
            sent["X-API-Key"] = self._keys[tenant] if api_key is True else api_key
        if persona:
            sent["Authorization"] = f"Bearer {self.token(persona, tenant)}"
        if body is not None:
            sent["Content-Type"] = content_type
        url = self._url(method, target.partition("?")[0]) + target
        answer = self._http.request(method, url, headers=sent, json=json, content=body)
        return Response(answer.status_code, dict(answer.headers), answer.content)

    def token(self, persona: str, tenant: str) -> str:
        return self.cloud.signer.user(Claims("user", persona, tenant, (persona,), persona))

    @contextmanager
    def socket(self, *, persona: str = "ceo", tenant: str = "autohaus", **query: Any) -> Iterator[Socket]:
        asked = urlencode({**query, "token": self.token(persona, tenant)})
        port = self.processes["chat_stream"].port
        with connect(f"ws://127.0.0.1:{port}/ws/chat?{asked}") as connection:
            yield Socket(connection)

    def deliver(self, function: str, push_body: bytes) -> Response:
        token = self.cloud.signer.service(PUSH_ACCOUNT, AUDIENCE)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        answer = self._http.post(self.processes[function].url, content=push_body, headers=headers)
        return Response(answer.status_code, dict(answer.headers), answer.content)

    def run(self, function: str) -> Response:
        """In this process, with the cloud's adapters: nothing else calls a schedule here."""
        entry = getattr(import_module(f"functions.{function}.main"), function)
        granted = self.platform.granting(entry.manifest.ports, to=function)
        answer = handle_tick(granted, entry.manifest, entry.signatures[entry.manifest.handler])
        return Response(answer.status, {}, answer.encoded())

    @property
    def twilio_token(self) -> str:
        return AUTH_TOKEN

    def texts_out(self) -> list[dict[str, Any]]:
        return list(reversed(self.cloud.twilio.messages))

    def call_function(self, name: str, method: str, path: str) -> Response:
        """Straight to one function, past the URL map."""
        answer = self._http.request(method, self.processes[name].url + path)
        return Response(answer.status_code, dict(answer.headers), answer.content)

    def take_row(self, topic: str, data: bytes) -> None:
        """What Pub/Sub's BigQuery subscription does: append the row, without what the table has not."""
        table = CATALOGUE[topic].table or ""
        columns = table_columns(table)
        row = json_text.loads(data)
        self.cloud.engine.append(table, [{key: row[key] for key in row if key in columns}])

    def _url(self, method: str, path: str) -> str:
        """As the load balancer's URL map, made from the manifests."""
        for manifest in self._manifests.values():
            if manifest.kind == "http" and _serves(manifest, method, path):
                return self.processes[manifest.name].url
        # Nothing else is mapped; a function asked for a path that is not its own answers for all of them.
        return self.processes["chat"].url

    def close(self) -> None:
        self._http.close()


def _serves(manifest: Manifest, method: str, path: str) -> bool:
    try:
        find_route(manifest.routes, method, path)
    except MethodNotAllowed:
        return True
    except NotFound:
        return False
    return True


@contextmanager
def google_product(
    cloud: LocalCloud,
    folder: Path,
    started: Processes = function_processes,
    *,
    only: Collection[str] | None = None,
) -> Iterator[GoogleProduct]:
    """`started` starts the functions: from the checkout, or from their bundles. `only` names those to run;
    None runs every one that is asked or told something."""
    load_catalogue()
    manifests = {
        one.name: one
        for one in all_manifests()
        if one.kind in ("http", "event", "service") and (only is None or one.name in only)
    }
    # Schedules run in this process, whose environment has no secrets mounted.
    mounted = MountedSecrets(environment=CREDENTIALS)
    replaced: dict[str, Factory] = {"bus_operations": _quick_operations, "secrets": lambda _: mounted}
    platform = wiring.build_platform(cloud.settings(), replaced)
    product = GoogleProduct(cloud, platform, manifests, _seed(platform))
    with started(manifests, cloud.environment(), folder) as product.processes:
        with PushService(product) as push, serve(push.answer) as url:
            _subscribe(cloud, manifests, url)
            yield product
            push.stop()
        product.close()
    platform.close()


def _quick_operations(platform: Platform) -> PubSubBusOperations:
    """Here messages are a loopback away: when none comes for a moment, there are no more."""
    bus = platform.bus
    assert isinstance(bus, PubSubBus)
    return PubSubBusOperations(
        project=platform.settings.project,
        bus=bus,
        clock=platform.clock,
        emulator_host=platform.settings.pubsub_emulator_host,
        reason_of=partial(kept_reason, platform.documents),
        quiet_s=0.3,
    )


def _seed(platform: Platform) -> dict[str, str]:
    keys = {tenant: secrets.token_urlsafe(24) for tenant in TENANTS}
    now = platform.clock.now()
    for tenant, key in keys.items():
        number = SMS_NUMBERS[tenant]
        known = {"name": tenant, "time_zone": "America/Chicago", "created_at": now, "sms_number": number}
        api_key = {"tenant_id": tenant, "name": "website", "created_at": now, "revoked": False}
        platform.documents.commit(
            [
                Write(f"tenants/{tenant}", known),
                Write(f"api_keys/{key_hash(key)}", api_key),
                Write(sms_number_path(number), {"tenant_id": tenant, "created_at": now}),
            ]
        )
    return keys


def _subscribe(cloud: LocalCloud, manifests: Mapping[str, Manifest], url: str) -> None:
    consumers = [
        push_rig.Consumer(
            subscription=one.name,
            topic=one.subscribes or "",
            push_url=f"{url}/functions/{one.name}",
            max_attempts=one.max_attempts,
        )
        for one in manifests.values()
        if one.kind == "event"
    ]
    rows = [
        push_rig.Consumer(subscription=f"{topic}--warehouse", topic=topic, push_url=f"{url}/rows/{topic}")
        for topic, event in CATALOGUE.items()
        if event.table
    ]
    push_rig.build(
        project=cloud.project,
        emulator_host=cloud.pubsub_host,
        topics=CATALOGUE,
        consumers=[*consumers, *rows],
    )
