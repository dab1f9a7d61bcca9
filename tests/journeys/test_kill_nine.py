"""Nothing accepted is lost and nothing is doubled when the process is killed again and again."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.adapters.embedded.bus_store import BusStore
from shared.adapters.embedded.documents import SqliteDocuments
from shared.adapters.embedded.warehouse import DuckDbWarehouse
from shared.ports import Query
from tests.journeys.served import ServedProduct

REQUESTS = 500
CLIENTS = 8
QUESTIONS = (
    "Show me the financials for Lane A",
    "Which cars are in stock?",
    "What is our error rate today?",
    "Open repair orders please",
)


class Client:
    """Sends each request until it is accepted, with the same idempotency key, as a good client does."""

    def __init__(self, product: ServedProduct, token: str, seed: int) -> None:
        self._product = product
        self._token = token
        self._random = random.Random(seed)
        self.messages: list[tuple[str, str]] = []
        self._session = ""

    def send(self, number: int) -> None:
        kind = number % 4
        if kind == 0:
            self._accepted(number, "/api/crm/intake", lead(number))
        elif kind == 1:
            entry = {
                "entry_id": f"K-{number}",
                "occurred_on": "2026-11-02",
                "lane": "C",
                "category": "transport",
                "amount": "10.00",
            }
            self._accepted(number, "/api/records/ledger_entries", [entry])
        else:
            body: dict[str, Any] = {"text": self._random.choice(QUESTIONS)}
            if self._session:
                body["session_id"] = self._session
            said = self._accepted(number, "/api/chat", body)
            self._session = said["session_id"]
            self.messages.append((said["session_id"], said["message_id"]))

    def _accepted(self, number: int, path: str, body: Any) -> Any:
        headers = {"Idempotency-Key": f"request-{number}"}
        if path == "/api/chat":
            headers["Authorization"] = f"Bearer {self._token}"
        else:
            headers["X-API-Key"] = "dev-key-123"
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                response = httpx.post(self._product.url + path, json=body, headers=headers, timeout=10)
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            if response.is_success:
                return response.json()
            if response.status_code not in (409, 503):
                raise AssertionError(f"{path} answered {response.status_code}: {response.text}")
            time.sleep(0.05)
        raise TimeoutError(f"{path} was not accepted")


def lead(number: int) -> dict[str, Any]:
    name = "".join(chr(ord("a") + int(digit)) for digit in f"{number:04d}")
    return {
        "source": "WEB_LEAD",
        "name": f"{name.title()} {name[::-1].title()}son",
        "email": f"kill.{number}@example.com",
        "comments": f"request {number}",
    }


@pytest.mark.timeout(420)
def test_a_process_killed_in_a_loop_during_500_mixed_requests_loses_nothing_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    product = ServedProduct(tmp_path / "data")
    product.start()
    login = httpx.post(product.url + "/local/login", json={"persona": "ceo"}, timeout=10)
    clients = [Client(product, login.json()["token"], seed) for seed in range(CLIENTS)]
    done = threading.Event()
    killer = threading.Thread(target=_kill_in_a_loop, args=(product, done))
    killer.start()
    try:
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(_run, clients, range(CLIENTS)))
    finally:
        done.set()
        killer.join()
    messages = [message for client in clients for message in client.messages]
    _await_answers(product, login.json()["token"], messages)
    product.stop()
    assert product.starts > 5, "the process was hardly ever killed"
    _check_documents(tmp_path / "data", messages)
    _check_events(tmp_path / "data", messages)
    _check_ledger(tmp_path / "data")


def _run(client: Client, offset: int) -> None:
    for number in range(offset, REQUESTS, CLIENTS):
        client.send(number)


def _kill_in_a_loop(product: ServedProduct, done: threading.Event) -> None:
    chance = random.Random(9)
    while not done.wait(chance.uniform(0.3, 1.5)):
        product.kill()
        product.start()


def _await_answers(product: ServedProduct, token: str, messages: list[tuple[str, str]]) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    sessions = {session for session, _ in messages}
    wanted = {message for _, message in messages}
    until = time.monotonic() + 90
    answered: set[str] = set()
    while time.monotonic() < until:
        answered = {
            frame["message_id"]
            for session in sessions
            for frame in httpx.get(f"{product.url}/api/chat/{session}", headers=headers, timeout=10).json()[
                "frames"
            ]
        }
        if wanted <= answered:
            time.sleep(1)  # a doubled answer would come now
            return
        time.sleep(0.5)
    raise AssertionError(f"{len(wanted - answered)} of {len(wanted)} messages got no answer")


def _check_documents(folder: Path, messages: list[tuple[str, str]]) -> None:
    documents = SqliteDocuments(folder / "documents.db")
    leads = documents.query(Query("tenants/autohaus/leads"))
    persons = documents.query(Query("tenants/autohaus/persons"))
    frames = [
        frame.data["message_id"]
        for session in {session for session, _ in messages}
        for frame in documents.query(Query(f"tenants/autohaus/sessions/{session}/frames"))
    ]
    waiting = documents.query(Query("outbox"))
    documents.close()
    sent = sum(1 for number in range(REQUESTS) if number % 4 == 0)
    assert len(leads) == sent
    assert len(persons) == sent
    assert Counter(frames) == Counter(message for _, message in messages)
    assert waiting == []


def _check_events(folder: Path, messages: list[tuple[str, str]]) -> None:
    store = BusStore(folder / "bus.db")
    stored = store.recent(None, 1_000_000)
    letters = store.dead_letters(10)
    store.close()
    assert letters == []
    distinct = {s.message.attributes["ce-id"]: s.message.topic for s in stored}
    counted = Counter(distinct.values())
    sent = sum(1 for number in range(REQUESTS) if number % 4 == 0)
    assert counted["lead-received"] == counted["person-resolved"] == sent
    assert counted["message-received"] == len(messages)
    assert counted["plate-mounted"] + counted["clarification-asked"] == len(messages)


def _check_ledger(folder: Path) -> None:
    warehouse = DuckDbWarehouse(folder / "warehouse.duckdb")
    rows = warehouse.query(
        "plates/finance_entries_v1",
        {
            "tenant_id": "autohaus",
            "as_of": datetime.now(UTC),
            "from_date": date(2026, 11, 1),
            "to_date": date(2026, 11, 30),
            "lane": None,
            "category": None,
            "direction": None,
            "row_limit": 1000,
        },
    )
    warehouse.close()
    assert len({row["entry_id"] for row in rows}) == sum(1 for number in range(REQUESTS) if number % 4 == 1)
