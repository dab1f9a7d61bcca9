"""Nothing a person is known by gets into logs or spans, whatever goes right or wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.observability import configure, log_to
from shared.ports import Document
from shared.testing.harness import push_of
from shared.testing.twilio_webhooks import CONTENT_TYPE, Twilio
from tests.journeys.embedded_product import EmbeddedProduct, embedded_product
from tests.journeys.lead_journeys import ADF
from tests.journeys.product import answer_to, ask, told
from tests.journeys.text_journeys import webhook

NAME, STREET = "Zebulon Quarterstaff", "1879 Xylophone Terrace"
EMAIL, PHONE, VIN = "zebulon.quarterstaff@example.com", "312-555-0187", "1HGCM82633A004352"
PHONE_E164 = "+13125550187"
TRACES = (
    "zebulon",
    "quarterstaff",
    "xylophone",
    "5550187",
    "555-0187",
    VIN.lower(),
    "unladen",
    "zqx-entry",
    "41.876",
)
"""What would give the person, their words or their car away, in lower case."""

PLACE = "41.876543, -87.654321"

LEAD: dict[str, Any] = {
    "source": "WEB_LEAD",
    "name": NAME,
    "email": EMAIL,
    "phone": PHONE,
    "birth_date": "1979-04-01",
    "address": {"street": STREET, "city": "Chicago", "region": "IL", "postal_code": "60601"},
    "vehicle": {"vin": VIN, "make": "Honda"},
    "comments": f"{NAME} wants the unladen one",
}


class BreakingDocuments(SqliteDocuments):
    """Fails with `words` when there are any."""

    words = ""

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        if self.words:
            raise ValueError(self.words)
        return super().get_many(paths)


@pytest.fixture
def documents(tmp_path: Path) -> BreakingDocuments:
    return BreakingDocuments(tmp_path / "documents.db")


@pytest.fixture
def product(tmp_path: Path, documents: BreakingDocuments) -> Iterator[EmbeddedProduct]:
    with embedded_product(tmp_path / "data", {"documents": lambda _: documents}) as running:
        configure(level="DEBUG")
        log_to(tmp_path / "logs.jsonl")
        yield running
    log_to(None)
    configure(level="INFO")


def test_no_log_line_and_no_span_holds_personal_data(
    product: EmbeddedProduct, documents: BreakingDocuments, tmp_path: Path
) -> None:
    _go_right(product)
    _text_in(product)
    _go_wrong(product)
    _break(product, documents)
    product.product.settle(60)
    logs = (tmp_path / "logs.jsonl").read_text()
    kinds = {json.loads(line)["message"] for line in logs.splitlines()}
    assert {"request.failed", "event.failed", "event.rejected"} <= kinds, "what goes wrong is logged"
    steps = product.platform.spans.latencies(datetime(2026, 1, 1, tzinfo=UTC))
    assert {"membrane", "plate_composer", "POST chat", "POST crm_intake"} <= {step.name for step in steps}
    store = (tmp_path / "data" / "spans.db").read_bytes() + (tmp_path / "data" / "spans.db-wal").read_bytes()
    for text, where in ((logs.lower(), "logs"), (store.decode("latin-1").lower(), "spans")):
        assert not [trace for trace in TRACES if trace in text], f"personal data in the {where}"


def _go_right(product: EmbeddedProduct) -> None:
    def post(path: str, **how: Any) -> int:
        return product.call("POST", path, api_key=True, **how).status

    adf = ADF.format(first="Zebulon", last="Quarterstaff", email=EMAIL, phone=PHONE)
    entry = {"entry_id": "ZQX-ENTRY", "occurred_on": "2026-11-20", "lane": "A", "category": "sales"}
    posted = {**entry, "amount": "1.00", "description": NAME, "counterparty": NAME, "vin": VIN}
    answered = [
        post("/api/crm/intake", json=LEAD),
        post("/api/crm/intake", body=adf.encode(), content_type="application/x-adf+xml"),
        post("/api/records/ledger_entries", json=[posted]),
        post(
            "/api/logistics/trips", json={"trip_id": "t", "phone": PHONE, "destination": PLACE, "start": True}
        ),
        post("/api/logistics/location", json=[{"row_id": "1", "trip_id": "t", "location": PLACE}]),
        post("/api/records/vehicles", json=[{"vin": VIN, "make": "Honda", "model": "Accord", "year": 2003}]),
    ]
    assert max(answered) < 300
    first = ask(product, "Pull up the customer")
    answer_to(product, first)
    answer_to(product, ask(product, EMAIL, session_id=first["session_id"]))
    for text in (
        f"Show me {NAME}",
        f"Where is {VIN}?",
        "the airspeed of an unladen swallow",
        f"call {PHONE}",
        f"Remember that {NAME} lives on {STREET}",
        f"forget what I said about {NAME}",
    ):
        answer_to(product, ask(product, text))
    kept = product.call("POST", "/api/memory", json={"text": f"{NAME} has {VIN}"}, persona="ceo").json()
    asked = product.call("GET", "/api/memory/context?q=Zebulon%20Quarterstaff", persona="ceo")
    assert asked.json()["memories"]
    path = f"/api/memory/{kept['memory']['memory_id']}"
    assert product.call("DELETE", path, persona="ceo").status == 200
    with product.socket() as socket:
        socket.say(text=f"Look up {EMAIL}")
        socket.hear()
    _text(product)


def _text(product: EmbeddedProduct) -> None:
    for words in (f"{NAME} here, is {VIN} ready?", "HELP", f"{NAME} says stop texting me", "STOP"):
        webhook(product, words, sender=PHONE_E164)
    report = {"phone": PHONE, "state": "denied", "note": f"{NAME} said so"}
    assert product.call("POST", "/api/consents", json=report, persona="advisor").status == 200
    lookup = product.call("POST", "/api/consents/lookup", json={"phone": PHONE}, persona="advisor")
    assert lookup.json()["state"] == "denied"


def _text_in(product: EmbeddedProduct) -> None:
    """The customer texts, stops and goes on; each webhook is replayed, another is forged."""
    twilio, sender = Twilio(f"http://127.0.0.1:{product.port}"), "+13125550187"
    for words in (f"{NAME} here, is {VIN} ready?", "STOP", f"{NAME} again, at {STREET}"):
        webhook = twilio.text(words, sender=sender)
        for _ in range(2):
            answer = product.call(
                "POST", webhook.target, body=webhook.body, content_type=CONTENT_TYPE, headers=webhook.headers
            )
            assert answer.status == 200, answer.text
    forged = replace(twilio, token="made-up").text(NAME, sender=sender)
    assert (
        product.call(
            "POST", forged.target, body=forged.body, content_type=CONTENT_TYPE, headers=forged.headers
        ).status
        == 401
    )
    product.product.settle(60)


def _go_wrong(product: EmbeddedProduct) -> None:
    wrong = [
        {**LEAD, "email": "zebulon@quarterstaff@"},
        {**LEAD, "phone": "zebulon"},
        {**LEAD, "vehicle": {"vin": VIN[:-1] + "9"}},
        {**LEAD, "quarterstaff": NAME},
    ]
    for lead in wrong:
        assert product.call("POST", "/api/crm/intake", json=lead, api_key=True).status == 422
    for place in (f"{PLACE}, 3", "141.876543, 3"):
        row = {"trip_id": "t", "location": place}
        assert product.call("POST", "/api/logistics/location", json=[row], api_key=True).status == 422
    for body in (b'{"name": "Zebulon', f"<adf>{NAME}".encode()):
        answer = product.call(
            "POST", "/api/crm/intake", body=body, content_type="application/xml", api_key=True
        )
        assert 400 <= answer.status < 500
    product.call("POST", "/api/chat", json={"text": NAME}, headers={"Authorization": f"Bearer {NAME}"})
    product.call("GET", f"/api/crm/persons/{EMAIL}", persona="ceo")
    for said in ({"phone": PHONE}, {"phone": PHONE, "state": NAME, "note": NAME}):
        assert product.call("POST", "/api/consents", json=said, persona="advisor").status == 422
    product.deliver("membrane", json.dumps({"message": {"data": NAME}}).encode())


def _break(product: EmbeddedProduct, documents: BreakingDocuments) -> None:
    """A bug whose words quote the person, in a request and in an event."""
    accepted = ask(product, f"Look up {EMAIL}")
    answer_to(product, accepted)
    documents.words = f"{NAME} {EMAIL} {PHONE} {VIN}"
    assert product.call("POST", "/api/crm/intake", json=LEAD, api_key=True).status == 500
    (stored,) = told(product, "intent-resolved", lambda data: data["message_id"] == accepted["message_id"])
    again = replace(stored.message, attributes={**stored.message.attributes, "ce-id": "another"})
    assert product.deliver("plate_composer", push_of(again)).status == 500
    documents.words = ""
