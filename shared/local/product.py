"""The whole product in one process: every function by its manifest, the bus, the schedules."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from wsgiref.types import WSGIApplication

from shared import wiring
from shared.adapters.embedded.bus import RowSubscription, SqliteBus, Subscription
from shared.errors import NotFound
from shared.events.base import CATALOGUE
from shared.events.catalogue import load_catalogue
from shared.local.wsgi_call import Response, call_wsgi
from shared.manifest import FUNCTIONS, Manifest, all_manifests
from shared.platform import Factory, Platform
from shared.ports import Claims
from shared.runtime.lease import free_orphans
from shared.runtime.outbox import sweep
from shared.runtime.request import MethodNotAllowed, find_route
from shared.runtime.tick import tenant_ids
from shared.settings import Settings

SERVICE_TOKEN_S = 3600
PERSONAS = ("ceo", "advisor", "sales", "mechanic", "driver", "operator")


class LocalProduct:
    """Functions run through functions-framework exactly as deployed; only the network is left out.

    Opening it installs its platform as this process's own, publishes what a killed process left in
    the outbox, and goes on with what waits on the bus.
    """

    def __init__(self, settings: Settings, replaced: Mapping[str, Factory] | None = None) -> None:
        load_catalogue()
        self.settings = settings
        self.platform: Platform = wiring.build_platform(settings, replaced)
        wiring.install(self.platform)
        self.manifests = {manifest.name: manifest for manifest in all_manifests()}
        self._apps: dict[str, WSGIApplication] = {}
        # One at a time: each is loaded as the module `main`, in which its models look their names up.
        self._loading = threading.Lock()
        self._service_token, self._service_until = "", 0.0

    def start(self, *, delivering: bool = True) -> LocalProduct:
        bus = self.platform.bus
        if isinstance(bus, SqliteBus):
            for manifest in self.manifests.values():
                if manifest.kind == "event":
                    bus.subscribe(self._subscription(manifest))
            for topic, event_type in CATALOGUE.items():
                if event_type.table:
                    bus.subscribe(self._row_subscription(topic, event_type.table))
            self.recover()
            if delivering:
                bus.start()
        return self

    def recover(self) -> int:
        """Gives back what a killed process held, and publishes what it committed and did not publish."""
        for tenant_id in tenant_ids(self.platform):
            free_orphans(self.platform.documents, tenant_id)
        return sweep(self.platform, datetime.max.replace(tzinfo=self.platform.clock.now().tzinfo))

    def settle(self, timeout_s: float = 20) -> None:
        """Waits until every event has been handled or given up."""
        bus = self.platform.bus
        if isinstance(bus, SqliteBus) and not bus.idle(timeout_s):
            raise TimeoutError(f"the bus is still busy after {timeout_s} s")

    def close(self) -> None:
        if isinstance(bus := self.platform.bus, SqliteBus):
            bus.stop()  # before the stores its deliveries write to
        self.platform.close()
        wiring.install(None)

    # calling

    def app(self, function: str) -> WSGIApplication:
        """The function's own WSGI app, loaded on first use."""
        if function not in self._apps:
            with self._loading:
                if function not in self._apps:
                    self._apps[function] = _load(function)
        return self._apps[function]

    def function_for(self, method: str, path: str) -> str:
        """The function whose manifest has the route. Raises `NotFound`."""
        for manifest in self.manifests.values():
            if manifest.kind != "http":
                continue
            try:
                find_route(manifest.routes, method, path)
            except MethodNotAllowed:
                return manifest.name
            except NotFound:
                continue
            return manifest.name
        raise NotFound(f"there is nothing at [{path}]")

    def request(
        self, method: str, target: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Response:
        function = self.function_for(method, target.partition("?")[0])
        return call_wsgi(self.app(function), method, target, headers=headers or {}, body=body)

    def deliver(self, function: str, push_body: bytes) -> Response:
        """One push of Pub/Sub to an event function, or one call of Scheduler."""
        headers = {"Authorization": f"Bearer {self._service()}", "Content-Type": "application/json"}
        return call_wsgi(self.app(function), "POST", "/", headers=headers, body=push_body)

    def run(self, function: str) -> Response:
        """Fires a schedule or a job now. Raises `NotFound` for anything else."""
        manifest = self.manifests.get(function)
        if manifest is None or manifest.kind not in ("schedule", "job"):
            raise NotFound(f"there is no schedule or job [{function}]")
        return self.deliver(function, b"{}")

    def token(self, persona: str, tenant_id: str = "autohaus") -> str:
        """A signed-in persona's token. Raises `NotFound` for a persona nobody plays."""
        if persona not in PERSONAS:
            raise NotFound(f"there is no persona [{persona}]; there are {', '.join(PERSONAS)}")
        if self.platform.documents.get(f"tenants/{tenant_id}") is None:
            raise NotFound(f"there is no tenant [{tenant_id}]")
        claims = Claims("user", persona, tenant_id, (persona,), persona)
        return self._issue(claims)

    def _service(self) -> str:
        if time.monotonic() > self._service_until:
            self._service_token = self._issue(Claims("service", "local", name="the product itself"))
            self._service_until = time.monotonic() + SERVICE_TOKEN_S
        return self._service_token

    def _issue(self, claims: Claims) -> str:
        from shared.adapters.embedded.tokens import LocalTokens

        tokens = self.platform.tokens
        assert isinstance(tokens, LocalTokens), "only the embedded profile has personas"
        return tokens.issue(claims)

    def _subscription(self, manifest: Manifest) -> Subscription:
        def push(body: bytes) -> tuple[int, str]:
            response = self.deliver(manifest.name, body)
            return response.status, _reason(response)

        return Subscription(
            name=manifest.name,
            topic=manifest.subscribes or "",
            deliver=push,
            max_attempts=manifest.max_attempts,
            min_backoff_s=manifest.min_backoff_seconds,
            max_backoff_s=manifest.max_backoff_seconds,
        )

    def _row_subscription(self, topic: str, table: str) -> RowSubscription:
        columns = table_columns(table)

        def append(messages: list[bytes]) -> None:
            rows = [json.loads(data) for data in messages]
            # A BigQuery subscription is told to drop what the table has no column for.
            kept = [{key: value for key, value in row.items() if key in columns} for row in rows]
            self.platform.warehouse.append(table, kept)

        return RowSubscription(name=f"{topic}--warehouse", topic=topic, deliver_rows=append)


def _load(function: str) -> WSGIApplication:
    import functions_framework

    source = str(FUNCTIONS / function / "main.py")
    return functions_framework.create_app(function, source, "http")  # type: ignore[no-untyped-call,no-any-return]  # untyped


def table_columns(table: str) -> frozenset[str]:
    from shared.sql_catalogue import Catalogue

    return frozenset(Catalogue().table(table).by_name)


def _reason(response: Response) -> str:
    try:
        said = response.json()
        return str(said.get("reason") or said.get("detail") or response.text)
    except (ValueError, AttributeError):
        return response.text[:500]
