"""The one-process product at its edges: resets while it is used, bodies in pieces, errors."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from shared.errors import Unavailable
from shared.local import data_folder
from shared.local.holder import Holder
from shared.local.product import LocalProduct
from shared.local.server import create_server
from shared.local.tenants import DEVELOPMENT_KEYS, seed_tenants
from shared.testing.harness import settings_for

KEY = {"X-API-Key": DEVELOPMENT_KEYS["autohaus"]}


def opener(folder: Path) -> Callable[[bool], LocalProduct]:
    def opened(fresh: bool) -> LocalProduct:
        if fresh:
            data_folder.clear(folder)
        product = LocalProduct(settings_for(folder))
        seed_tenants(product.platform)
        return product.start()

    return opened


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Holder]:
    holder = Holder(opener(tmp_path))
    yield holder
    holder.product.close()


@pytest.fixture
def client(holder: Holder) -> Iterator[TestClient]:
    with TestClient(create_server(holder), raise_server_exceptions=False) as client:
        yield client


def test_requests_during_resets_all_succeed_and_so_do_the_resets(client: TestClient) -> None:
    def work(number: int) -> list[int]:
        answers = []
        for turn in range(12):
            lead = {"source": "WEB", "email": f"ann{number}.{turn}@example.com"}
            answers.append(client.post("/api/crm/intake", json=lead, headers=KEY).status_code)
            answers.append(client.get("/local/events?limit=3").status_code)
            answers.append(client.post("/local/run/outbox_sweeper").status_code)
        return answers

    with ThreadPoolExecutor(8) as threads:
        working = [threads.submit(work, number) for number in range(6)]
        resetting = [threads.submit(client.post, "/local/reset") for _ in range(3)]
        assert [reset.result().status_code for reset in resetting] == [200, 200, 200]
        assert Counter(s for w in working for s in w.result()).keys() == {200, 201}


def test_a_reset_waits_for_a_request_and_gives_up_when_it_takes_too_long(tmp_path: Path) -> None:
    holder = Holder(opener(tmp_path), patience_s=0.05)
    try:
        with holder.use() as product:
            with pytest.raises(Unavailable, match="takes long"):
                holder.reset()
            assert product.platform.documents.get("tenants/autohaus") is not None
        holder.reset()
        with holder.use() as next_product:
            assert next_product is not product
    finally:
        holder.product.close()


def test_a_reset_that_failed_can_be_done_again(tmp_path: Path) -> None:
    opened, failing = opener(tmp_path), threading.Event()

    def open_or_fail(fresh: bool) -> LocalProduct:
        if failing.is_set():
            raise OSError("no space left")
        return opened(fresh)

    holder = Holder(open_or_fail)
    failing.set()
    with pytest.raises(OSError, match="no space"):
        holder.reset()
    failing.clear()
    holder.reset()
    with holder.use() as product:
        assert product.platform.documents.get("tenants/autohaus") is not None
    product.close()


def test_an_open_socket_is_sent_away_by_a_reset_and_finds_the_new_product(client: TestClient) -> None:
    def token() -> str:
        return str(client.post("/local/login", json={"persona": "ceo"}).json()["token"])

    with client.websocket_connect(f"/ws/chat?token={token()}") as socket:
        assert client.post("/local/reset").status_code == 200
        assert socket.receive()["type"] == "websocket.close"
    with client.websocket_connect(f"/ws/chat?token={token()}") as socket:
        socket.send_json({"nothing": True})
        assert socket.receive_json()["type"] == "ERROR"


def test_a_body_in_pieces_without_a_length_is_read_and_limited(client: TestClient) -> None:
    headers = {**KEY, "Content-Type": "application/json"}
    pieces = iter([b'{"source":"WEB",', b'"email":"ann@example.com"}'])
    assert client.post("/api/crm/intake", content=pieces, headers=headers).status_code == 201

    endless = (b" " * 65_536 for _ in range(200))
    assert client.post("/api/crm/intake", content=endless, headers=headers).status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/local/login", 405),
        ("GET", "/local/nothing", 404),
        ("GET", "/ws/nothing", 404),
        ("GET", "/local/events?limit=many", 422),
        ("GET", "/nothing", 404),
        ("GET", "/api/crm/persons/..%2Fx", 404),
    ],
)
def test_every_error_is_problem_details(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_bug_in_a_local_control_shows_nothing_of_the_inside(holder: Holder, client: TestClient) -> None:
    holder.product.platform.bus_operations.recent = None  # type: ignore[method-assign,assignment]  # broken
    answer = client.get("/local/events")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert "recent" not in answer.text and "NoneType" not in answer.text
