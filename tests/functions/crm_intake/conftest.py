"""The intake inside the whole product, on a temporary folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.ports import Query
from shared.testing.harness import Harness, running


class Desk:
    """Sends leads in and looks at what became of them."""

    def __init__(self, product: Harness) -> None:
        self.product = product

    def send(
        self, lead: Any = None, *, tenant: str = "autohaus", **fields: Any
    ) -> tuple[int, dict[str, Any]]:
        body = {"source": "WEB_LEAD", **fields} if lead is None else lead
        response = self.product.call("POST", "/api/crm/intake", json=body, api_key=True, tenant=tenant)
        return response.status, json.loads(response.body)

    def take(self, **fields: Any) -> dict[str, Any]:
        status, answer = self.send(**fields)
        assert status in (200, 201), answer
        return answer

    def send_xml(self, xml: str | bytes, content_type: str = "application/xml") -> tuple[int, dict[str, Any]]:
        body = xml if isinstance(xml, bytes) else xml.encode()
        response = self.product.call(
            "POST", "/api/crm/intake", body=body, content_type=content_type, api_key=True
        )
        return response.status, json.loads(response.body)

    def unmerge(self, person_id: str) -> tuple[int, dict[str, Any]]:
        response = self.product.call("POST", f"/api/crm/persons/{person_id}/unmerge", persona="advisor")
        return response.status, json.loads(response.body)

    def person(self, person_id: str) -> dict[str, Any]:
        response = self.product.call("GET", f"/api/crm/persons/{person_id}", persona="advisor")
        assert response.status == 200, response.body
        shown: dict[str, Any] = json.loads(response.body)
        return shown

    def stored(self, collection: str, tenant: str = "autohaus") -> list[dict[str, Any]]:
        found = self.product.tenant(tenant).documents.query(Query(collection))
        return [dict(document.data) for document in found]

    def standing(self) -> list[dict[str, Any]]:
        return [person for person in self.stored("persons") if person["status"] == "active"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with running(tmp_path) as product:
        yield Desk(product)
