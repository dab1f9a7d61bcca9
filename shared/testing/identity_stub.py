"""Identity Platform's REST API, as far as we use it: accounts looked up, made, given claims, listed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from shared.testing.http_stub import Reply, Request, json_reply, serve


@dataclass
class IdentityStub:
    """`users` by id; `mails` are the addresses a password mail was sent to; `fail_with` answers a status."""

    url: str = ""
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)
    fail_with: tuple[int, str] | None = None
    page_size: int = 1_000
    headers: list[dict[str, str]] = field(default_factory=list)
    """Of each request, names in lower case."""

    def add(self, email: str, **claims: Any) -> str:
        uid = f"uid-{len(self.users) + 1}"
        self.users[uid] = {"localId": uid, "email": email, "customAttributes": json.dumps(claims)}
        return uid

    def claims(self, email: str) -> dict[str, Any]:
        (user,) = (user for user in self.users.values() if user["email"] == email)
        found: dict[str, Any] = json.loads(user.get("customAttributes", "{}"))
        return found

    def answer(self, request: Request) -> Reply:
        if request.path == "/token":  # Google's own: whoever signs with their key gets a token
            return json_reply({"access_token": "of-the-owner", "expires_in": 3600, "token_type": "Bearer"})
        self.headers.append(dict(request.headers))
        if self.fail_with:
            status, message = self.fail_with
            return json_reply({"error": {"code": status, "message": message}}, status)
        if request.method == "GET":
            return self._page(int(request.query.get("nextPageToken", 0)))
        _, _, verb = request.path.rpartition("/")
        body = json.loads(request.body)
        return json_reply(getattr(self, f"_{verb.replace('accounts:', '')}")(body))

    def _accounts(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"localId": self.add(body["email"])}

    def _lookup(self, body: dict[str, Any]) -> dict[str, Any]:
        found = [user for user in self.users.values() if user["email"] in body["email"]]
        return {"users": found} if found else {}

    def _update(self, body: dict[str, Any]) -> dict[str, Any]:
        self.users[body["localId"]] |= body
        return {"localId": body["localId"]}

    def _delete(self, body: dict[str, Any]) -> dict[str, Any]:
        del self.users[body["localId"]]
        return {}

    def _sendOobCode(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the service's name
        assert body["requestType"] == "PASSWORD_RESET"
        self.mails.append(body["email"])
        return {"email": body["email"]}

    def _page(self, start: int) -> Reply:
        users, end = list(self.users.values()), start + self.page_size
        token = {"nextPageToken": str(end)} if end < len(users) else {}
        return json_reply({"users": users[start:end], **token})


@contextmanager
def identity_stub() -> Iterator[IdentityStub]:
    stub = IdentityStub()
    with serve(stub.answer) as stub.url:
        yield stub
