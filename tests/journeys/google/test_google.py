"""The journeys with Google's adapters and client libraries, each function a process of its own."""

from __future__ import annotations

import pytest

from tests.journeys.chat_journeys import ChatJourneys
from tests.journeys.delivery_journeys import DeliveryJourneys
from tests.journeys.google.google_product import GoogleProduct
from tests.journeys.lead_journeys import LeadJourneys, somebody


class TestLeads(LeadJourneys):
    pass


class TestChat(ChatJourneys):
    pass


class TestDelivery(DeliveryJourneys):
    pass


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/local/login"),
        ("POST", "/local/reset"),
        ("GET", "/local/outbox"),
        ("GET", "/local/events"),
        ("POST", "/local/run/outbox_sweeper"),
    ],
)
def test_there_are_no_local_controls(product: GoogleProduct, method: str, path: str) -> None:
    for name in product.processes:
        response = product.call_function(name, method, path)
        assert response.status in (401, 403, 404, 405), f"{name}: {response.status} {response.text}"
        assert b"token" not in response.body or response.status == 401


@pytest.mark.parametrize("key", ["dev-key-123", "dev-key-456"])
def test_development_keys_open_nothing(product: GoogleProduct, key: str) -> None:
    assert product.call("POST", "/api/crm/intake", json=somebody(), api_key=key).status == 401


def test_a_personas_token_of_the_local_issuer_opens_nothing(product: GoogleProduct) -> None:
    import jwt

    token = jwt.encode({"sub": "ceo", "aud": "user", "iss": "autohaus-local"}, "k" * 32, algorithm="HS256")
    headers = {"Authorization": f"Bearer {token}"}
    assert product.call("POST", "/api/chat", json={"text": "hello"}, headers=headers).status == 401
