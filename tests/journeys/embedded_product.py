"""The product of `make run`: one process, one port."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import uvicorn
from websockets.sync.client import connect

from shared.local.holder import Holder
from shared.local.product import LocalProduct
from shared.local.server import create_server
from shared.local.tenants import DEVELOPMENT_KEYS, seed_tenants
from shared.local.wsgi_call import Response
from shared.platform import Factory, Platform
from shared.testing.harness import settings_for
from shared.testing.twilio_webhooks import DEV_TOKEN
from tests.journeys.product import PATIENCE_S, Socket

QUICK_BACKOFF_S = 0.5


class EmbeddedProduct:
    def __init__(self, product: LocalProduct, port: int) -> None:
        self.product, self.port = product, port
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S)

    @property
    def platform(self) -> Platform:
        return self.product.platform

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
            sent["X-API-Key"] = DEVELOPMENT_KEYS[tenant] if api_key is True else api_key
        if persona:
            sent["Authorization"] = f"Bearer {self.product.token(persona, tenant)}"
        if body is not None:
            sent["Content-Type"] = content_type
        answer = self._http.request(method, target, headers=sent, json=json, content=body)
        return Response(answer.status_code, dict(answer.headers), answer.content)

    @contextmanager
    def socket(self, *, persona: str = "ceo", tenant: str = "autohaus", **query: Any) -> Iterator[Socket]:
        asked = urlencode({**query, "token": self.product.token(persona, tenant)})
        with connect(f"ws://127.0.0.1:{self.port}/ws/chat?{asked}") as connection:
            yield Socket(connection)

    def deliver(self, function: str, push_body: bytes) -> Response:
        return self.product.deliver(function, push_body)

    def run(self, function: str) -> Response:
        return self.product.run(function)

    @property
    def twilio_token(self) -> str:
        return DEV_TOKEN

    def texts_out(self) -> list[dict[str, Any]]:
        messenger: Any = self.platform.messenger
        sent: list[dict[str, Any]] = messenger.sent(1000)
        return sent

    def close(self) -> None:
        self._http.close()


@contextmanager
def embedded_product(
    folder: Path, replaced: Mapping[str, Factory] | None = None
) -> Iterator[EmbeddedProduct]:
    def opened(_: bool) -> LocalProduct:
        product = LocalProduct(settings_for(folder), replaced)
        seed_tenants(product.platform)
        # What nobody can handle reaches the dead letters in seconds, not in a minute.
        product.manifests = {
            name: one.model_copy(update={"max_backoff_seconds": QUICK_BACKOFF_S})
            for name, one in product.manifests.items()
        }
        return product.start()

    holder = Holder(opened)
    config = uvicorn.Config(create_server(holder), host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.005)
        product = EmbeddedProduct(holder.product, server.servers[0].sockets[0].getsockname()[1])
        yield product
        product.close()
    finally:
        server.should_exit = True
        thread.join()
        holder.product.close()
