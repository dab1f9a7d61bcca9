"""Every event of a busy day is delivered again, to every consumer and every table: nothing changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.events.base import CATALOGUE
from shared.manifest import all_manifests
from shared.ports import StoredMessage
from shared.sql_catalogue import Catalogue
from shared.testing.harness import Harness, push_of, running
from tests.journeys.lead_journeys import somebody

SAID = (
    "Show me the financials for Lane A",
    "show me the numbers for",
    "lane b please",
    "What is our error rate today?",
    "write me a poem about cats",
    "show me the numbers for",
    "I want to talk to a human",
    "Which Hondas do we have in stock?",
)
VIN = "1HGCM82633A004352"
RECORDS: dict[str, list[dict[str, Any]]] = {
    "vehicles": [
        {
            "vin": VIN,
            "stock_number": "S-1",
            "year": 2003,
            "make": "Honda",
            "model": "Accord",
            "status": "in_stock",
        }
    ],
    "ledger_entries": [
        {
            "entry_id": f"E-{n}",
            "occurred_on": "2026-11-02",
            "lane": "A",
            "category": "sales",
            "amount": "10.00",
        }
        for n in range(5)
    ],
}
VALUES: dict[str, Any] = {
    "tenant_id": "autohaus",
    "bucket": "month",
    "group_by": "lane",
    "split_by": "lane",
    "from_date": date(2026, 1, 1),
    "to_date": date(2026, 12, 31),
    "today": date(2026, 11, 20),
    "row_limit": 1000,
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(tmp_path_factory.mktemp("again")) as product:
        lead = somebody()
        taken = [
            post(product, "/api/crm/intake", {**lead, "phone": phone})
            for phone in ("3125550142", "3125550143")
        ]
        post(product, f"/api/crm/persons/{taken[0]['master_person_id']}/unmerge", {}, persona="ceo")
        for kind, rows in RECORDS.items():
            post(product, f"/api/records/{kind}", rows)
        session = post(product, "/api/chat", {"text": SAID[0]}, persona="ceo")["session_id"]
        for text in SAID[1:]:
            post(product, "/api/chat", {"text": text, "session_id": session}, persona="ceo")
            product.settle()
        post(product, "/api/chat", {"text": SAID[0]}, persona="driver")
        product.settle()
        yield product


def post(product: Harness, path: str, body: Any, *, persona: str = "") -> dict[str, Any]:
    response = product.call("POST", path, json=body, api_key=not persona, persona=persona)
    assert response.status in (200, 201, 202), response.text
    answer: dict[str, Any] = response.json()
    return answer


def published(product: Harness) -> list[StoredMessage]:
    return product.platform.bus_operations.recent(None, 100_000)


def stored(product: Harness) -> dict[str, tuple[str, str]]:
    """Every document with its version: one written anew with the same content is a change too."""
    documents = product.platform.documents
    assert isinstance(documents, SqliteDocuments)
    rows = documents._connection().execute("SELECT path, data, version FROM documents")
    return {path: (data, version) for path, data, version in rows}


def figures(product: Harness, at: datetime) -> dict[str, Any]:
    """What every named query of a plate says, of everything until `at`."""
    given = {
        **VALUES,
        "as_of": at,
        "from_at": at - timedelta(days=1),
        "since": at - timedelta(days=1),
        "to_at": at,
    }
    return {
        query.name: product.platform.warehouse.query(
            query.name, {parameter.name: given.get(parameter.name) for parameter in query.parameters}
        )
        for query in Catalogue().queries()
        if query.name.startswith("plates/")
    }


DAY = ("crm_intake", "records_intake", "chat", "chat_stream", "membrane", "plate_composer")
"""Whose day it is. What texts, quotes, trips, media, the watch and memory tell is delivered again where each
of them is tried: `tests/functions/<consumer>` and their own journeys."""
BESIDE = {"text-requested", "memory-changed"}
"""Told by the membrane and the plates only to who texts, or says what is to be remembered."""


def test_the_day_had_something_of_everything(busy: Harness) -> None:
    told = {topic for one in all_manifests() if one.name in DAY for topic in one.publishes}
    assert {one.message.topic for one in published(busy)} >= told - BESIDE


def test_the_second_delivery_of_every_event_leaves_every_document_as_it_is(busy: Harness) -> None:
    before, told = stored(busy), len(published(busy))
    delivered = Counter[str]()
    for consumer in (one for one in all_manifests() if one.kind == "event"):
        for one in (one for one in published(busy) if one.message.topic == consumer.subscribes):
            for attempt in (1, 2, consumer.max_attempts):
                response = busy.product.deliver(consumer.name, push_of(one.message, attempt=attempt))
                assert (response.status, response.json()["reason"]) == (200, "done before")
            delivered[consumer.name] += 1
    busy.settle()
    assert stored(busy) == before
    assert len(published(busy)) == told
    assert delivered["membrane"] == len(SAID) + 1 and delivered["plate_composer"] >= 5
    assert set(delivered) <= {"membrane", "plate_composer", "attention_dispatcher", "staff_poster"}


def test_every_row_delivered_twice_leaves_every_figure_as_it_is(busy: Harness) -> None:
    at = busy.platform.clock.now()
    documents, before = stored(busy), figures(busy, at)
    rows = [one.message for one in published(busy) if CATALOGUE[one.message.topic].table]
    assert len({message.topic for message in rows}) == 5
    busy.platform.bus.publish(
        [replace(message, attributes=dict(message.attributes)) for message in rows[::-1]]
    )
    busy.settle()
    assert figures(busy, at) == before
    assert stored(busy) == documents
    assert sum(len(found) for found in before.values()) > 20


def test_no_event_stands_twice_and_none_has_two_contents(busy: Harness, tmp_path: Path) -> None:
    contents: dict[str, set[bytes]] = {}
    for one in published(busy):
        contents.setdefault(one.message.attributes["ce-id"], set()).add(one.message.data)
    assert {len(found) for found in contents.values()} == {1}, json.dumps(sorted(contents))[:200]
