"""Who may sign in, at Identity Platform: a dealership and its roles are custom claims of the account.

By the REST API with the caller's own credentials
(cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts). A person belongs to one
dealership: the claims are those that `shared.adapters.google.tokens` reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from shared.adapters.google.errors import google_errors
from shared.admin.ports import Account
from shared.errors import InvalidInput, Misconfigured, Unavailable

URL = "https://identitytoolkit.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"

_TIMEOUT_S = 30.0
_PAGE = 1_000
"""The most accounts one page may hold."""


class IdentityPlatformAccounts:
    """`base_url` is another address, for a stub: then no credentials are looked for."""

    def __init__(self, *, project: str, base_url: str = "") -> None:
        if not project:
            raise Misconfigured("--project is [], so no account can be found; name the Google Cloud project")
        self._project = project
        self._base_url = base_url

    def find(self, email: str) -> Account | None:
        found = self._post("accounts:lookup", {"email": [email]}).get("users", [])
        return _account(found[0]) if found else None

    def create(self, email: str) -> Account:
        made = self._post("accounts", {"email": email, "emailVerified": False})
        return Account(uid=str(made["localId"]), email=email)

    def invite(self, account: Account) -> None:
        self._post("accounts:sendOobCode", {"requestType": "PASSWORD_RESET", "email": account.email})

    def grant(self, account: Account, *, tenant_id: str, roles: Sequence[str]) -> None:
        claims = json.dumps({"tenant_id": tenant_id, "roles": list(roles)}, separators=(",", ":"))
        self._post("accounts:update", {"localId": account.uid, "customAttributes": claims})

    def revoke(self, account: Account, *, now: datetime) -> None:
        since = str(int(now.timestamp()))
        self._post("accounts:update", {"localId": account.uid, "customAttributes": "{}", "validSince": since})

    def delete(self, account: Account) -> None:
        self._post("accounts:delete", {"localId": account.uid})

    def of_tenant(self, tenant_id: str) -> Iterator[Account]:
        """Every account of the project is looked at: claims cannot be searched for."""
        token = ""
        while True:
            page = self._get("accounts:batchGet", {"maxResults": str(_PAGE), "nextPageToken": token})
            accounts = [_account(user) for user in page.get("users", [])]
            yield from (one for one in accounts if one.tenant_id == tenant_id)
            token = str(page.get("nextPageToken", ""))
            if not token or not accounts:
                return

    def close(self) -> None:
        if "_session" in self.__dict__:
            self._session.close()

    def _post(self, what: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._asked("POST", what, {"json": body})

    def _get(self, what: str, query: Mapping[str, str]) -> Mapping[str, Any]:
        return self._asked("GET", what, {"params": {name: value for name, value in query.items() if value}})

    def _asked(self, method: str, what: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
        import requests

        url = f"{self._base_url or URL}/v1/projects/{self._project}/{what}"
        try:
            with google_errors("Identity Platform"):
                answer = self._session.request(method, url, timeout=_TIMEOUT_S, **content)
        except requests.RequestException as error:
            raise Unavailable(f"Identity Platform did not answer: {type(error).__name__}") from error
        _check(what, answer, self._project)
        found: Mapping[str, Any] = answer.json()
        return found

    @cached_property
    def _session(self) -> Any:
        import requests

        if self._base_url:
            return requests.Session()
        import google.auth
        from google.auth.transport.requests import AuthorizedSession

        with google_errors("Identity Platform"):
            # A person's own credentials name no project to be billed, which this service wants.
            credentials, _ = google.auth.default(scopes=[SCOPE], quota_project_id=self._project)
        return AuthorizedSession(credentials)  # type: ignore[no-untyped-call,no-any-return,unused-ignore]  # untyped


def _check(what: str, answer: Any, project: str) -> None:
    if answer.status_code == 200:
        return
    said = f"Identity Platform answered [{answer.status_code}] to [{what}]: {_reason(answer)}"
    if answer.status_code in (401, 403):
        raise Misconfigured(f"{said}; roles/firebaseauth.admin on [{project}] is needed")
    if answer.status_code == 404:
        raise Misconfigured(f"{said}; is Identity Platform on in [{project}]? apply terraform/foundation")
    if answer.status_code == 429 or answer.status_code >= 500:
        raise Unavailable(said)
    raise InvalidInput(said)


def _reason(answer: Any) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return str(answer.text[:200])


def _account(user: Mapping[str, Any]) -> Account:
    claims = json.loads(user.get("customAttributes") or "{}")
    return Account(
        uid=str(user["localId"]),
        email=str(user.get("email", "")),
        tenant_id=str(claims.get("tenant_id", "")),
        roles=tuple(claims.get("roles", ())),
    )
