"""A browser at Firestore: over REST, with a token that the emulator believes unsigned."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

RULES = Path("terraform") / "firestore.rules"


class RulesRefusedError(Exception):
    """The emulator does not take the rules; the message names the line."""


@dataclass(frozen=True)
class Database:
    """One project of a running emulator."""

    http: httpx.Client
    host: str
    project: str

    def load_rules(self, rules: str) -> None:
        content = {"rules": {"files": [{"name": RULES.name, "content": rules}]}}
        answer = self.http.put(
            f"http://{self.host}/emulator/v1/projects/{self.project}:securityRules", json=content
        )
        if answer.status_code != 200:
            raise RulesRefusedError(answer.text)

    @property
    def address(self) -> str:
        return f"http://{self.host}/v1/projects/{self.project}/databases/(default)/documents"


def unsigned(claims: Mapping[str, Any]) -> str:
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


@dataclass(frozen=True)
class WebClient:
    """`claims` None is nobody; `is_owner` passes the rules by, as the functions do."""

    database: Database
    claims: Mapping[str, Any] | None = None
    is_owner: bool = False

    def may_get(self, path: str) -> bool:
        return self._is_let("GET", path)

    def may_list(self, collection: str, **query: Any) -> bool:
        """`query` are further parts of the structured query; `all_of_its_id` asks everywhere."""
        parent, _, collection_id = f"/{collection}".rpartition("/")
        everywhere = query.pop("all_of_its_id", False)
        source = {"collectionId": collection_id, "allDescendants": everywhere}
        body = {"structuredQuery": {"from": [source], **query}}
        return self._is_let("POST", f"{'' if everywhere else parent.strip('/')}:runQuery", body)

    def may_create(self, path: str) -> bool:
        return self._is_let("PATCH", f"{path}-new?currentDocument.exists=false", FIELDS)

    def may_update(self, path: str) -> bool:
        return self._is_let("PATCH", f"{path}?currentDocument.exists=true", FIELDS)

    def may_delete(self, path: str) -> bool:
        return self._is_let("DELETE", path)

    def put(self, path: str, fields: Mapping[str, str]) -> None:
        values = {name: {"stringValue": value} for name, value in fields.items()}
        assert self._is_let("PATCH", path, {"fields": values}), path

    def _is_let(self, method: str, path: str, body: Any = None) -> bool:
        token = "owner" if self.is_owner else unsigned(self.claims) if self.claims is not None else ""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        target = f"{self.database.address}{'' if path.startswith(':') else '/'}{path}"
        answer = self.database.http.request(method, target, json=body, headers=headers)
        # Who is let past the rules may still meet a document that is not there, or is there already.
        assert answer.status_code in (200, 403, 404, 409), f"{method} {path}: {answer.text}"
        return answer.status_code != 403


FIELDS = {"fields": {"user_id": {"stringValue": "ann"}}}


def own_only(user_id: str) -> dict[str, Any]:
    """The condition with which a person's own documents are asked for."""
    value = {"stringValue": user_id}
    return {"where": {"fieldFilter": {"field": {"fieldPath": "user_id"}, "op": "EQUAL", "value": value}}}


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
