"""One dealership and the people who use it: requests sent until they are accepted, as a good client does."""

from __future__ import annotations

import random
import secrets
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from shared.ports import Claims
from shared.runtime.auth import key_hash
from tests.journeys.lead_journeys import somebody
from tests.stress.fleet import PATIENCE_S, Fleet

QUESTIONS = (
    "Show me the financials for Lane A",
    "Which cars are in stock?",
    "Open repair orders please",
    "What is our error rate today?",
)
_COME_BACK = (409, 503, 504)


@dataclass(frozen=True)
class Said:
    """A message the product accepted."""

    session_id: str
    message_id: str
    seq: int


@dataclass
class Dealership:
    """A tenant of its own, so each test counts its own documents and events."""

    fleet: Fleet
    name: str
    key: str
    token: str
    leads: list[Mapping[str, Any]] = field(default_factory=list)
    """The answers to leads, in the order they came."""
    said: list[Said] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    slowest_s: float = 0.0
    """The longest any one request took until it was answered, whatever the answer."""

    def take_lead(self, lead: Mapping[str, Any] | None = None, *, key: str = "") -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self.accepted(
            "crm_intake",
            "/api/crm/intake",
            dict(lead or somebody()),
            {"X-API-Key": self.key, "Idempotency-Key": key or uuid.uuid4().hex},
        )
        self.leads.append(answer)
        return answer

    def say(self, text: str, session_id: str = "") -> Said:
        body = {"text": text, **({"session_id": session_id} if session_id else {})}
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": uuid.uuid4().hex}
        answer = self.accepted("chat", "/api/chat", body, headers)
        said = Said(answer["session_id"], answer["message_id"], answer["seq"])
        self.said.append(said)
        return said

    def converse(self, messages: int, chance: random.Random) -> None:
        """One session, each message said when the one before it was accepted."""
        session = ""
        for _ in range(messages):
            session = self.say(chance.choice(QUESTIONS), session).session_id

    def accepted(self, function: str, path: str, body: Any, headers: Mapping[str, str]) -> Any:
        until = time.monotonic() + 2 * PATIENCE_S
        while time.monotonic() < until:
            response = self._asked(function, path, body, headers)
            self.statuses[response.status_code if response is not None else 0] += 1
            if response is not None and response.is_success:
                return response.json()
            if response is not None and response.status_code not in _COME_BACK:
                raise AssertionError(f"{path} answered {response.status_code}: {response.text}")
            time.sleep(0.1)
        raise TimeoutError(f"{path} was not accepted")

    def _asked(
        self, function: str, path: str, body: Any, headers: Mapping[str, str]
    ) -> httpx.Response | None:
        began = time.monotonic()
        try:
            return self.fleet.call(function, "POST", path, json=body, headers=headers)
        except httpx.TransportError:
            return None  # nobody there, or gone in the middle: asked again
        finally:
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)


def open_dealership(fleet: Fleet) -> Dealership:
    name, key = f"t{uuid.uuid4().hex[:12]}", secrets.token_urlsafe(24)
    now = datetime.now(UTC)
    fleet.bare.put(f"tenants/{name}", {"name": name, "time_zone": "America/Chicago", "created_at": now})
    fleet.bare.put(
        f"api_keys/{key_hash(key)}",
        {"tenant_id": name, "name": "website", "created_at": now, "revoked": False},
    )
    token = fleet.cloud.signer.user(Claims("user", "ceo", name, ("ceo",), "ceo"))
    return Dealership(fleet, name, key, token)


def side_by_side(calls: Sequence[Callable[[], object]], threads: int = 8) -> None:
    """All of them, so many at a time; raises what the first that failed raised."""
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(call) for call in calls]:
            done.result()
