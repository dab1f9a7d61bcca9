"""Who may sign in, in one file. On a laptop one signs in as a persona; these rights are only noted."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from shared.admin.ports import Account


class FileAccounts:
    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, email: str) -> Account | None:
        return self._read().get(email)

    def create(self, email: str) -> Account:
        account = Account(uid=uuid.uuid5(uuid.NAMESPACE_URL, email).hex, email=email)
        self._keep(account)
        return account

    def invite(self, account: Account) -> None:
        """Nobody signs in by password here."""

    def grant(self, account: Account, *, tenant_id: str, roles: Sequence[str]) -> None:
        self._keep(replace(account, tenant_id=tenant_id, roles=tuple(roles)))

    def revoke(self, account: Account, *, now: datetime) -> None:
        self._keep(replace(account, tenant_id="", roles=()))

    def delete(self, account: Account) -> None:
        self._write({email: one for email, one in self._read().items() if email != account.email})

    def of_tenant(self, tenant_id: str) -> Iterator[Account]:
        yield from (one for one in self._read().values() if one.tenant_id == tenant_id)

    def _keep(self, account: Account) -> None:
        self._write({**self._read(), account.email: account})

    def _read(self) -> dict[str, Account]:
        if not self._path.exists():
            return {}
        known = json.loads(self._path.read_text())
        return {one["email"]: Account(**{**one, "roles": tuple(one["roles"])}) for one in known}

    def _write(self, accounts: dict[str, Account]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".writing")
        fresh.write_text(json.dumps([asdict(one) for one in accounts.values()], indent=2))
        fresh.replace(self._path)
