"""The owner at the command line, over either profile, with dealerships made for a test."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from shared.admin.command_line import run
from shared.admin.console import Console
from shared.admin.export import export_tenant
from shared.admin.export_files import Manifest
from shared.admin.wiring import Administration, Factory
from shared.ports import Write
from shared.settings import Settings

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ENTRIES = 30


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


def silent(what: str, count: int) -> None:
    """Progress nobody watches."""


@dataclass
class Owner:
    """`where` is what every command line ends with."""

    settings: Settings
    folder: Path
    where: tuple[str, ...]
    identity_url: str = ""
    exports: int = 0
    words: list[str] = field(default_factory=list)

    def __call__(self, *words: str, typed: str = "") -> Said:
        out, err = io.StringIO(), io.StringIO()
        console = Console(out=out, err=err, answers=io.StringIO(typed))
        code = run([*words, *self.where], console)
        return Said(code, out.getvalue(), err.getvalue())

    def done(self, *words: str) -> str:
        said = self(*words)
        assert said.code == 0, said.err
        return said.out

    @contextmanager
    def admin(self, **replaced: Factory) -> Iterator[Administration]:
        admin = Administration(self.settings, identity_url=self.identity_url, replaced=replaced)
        try:
            yield admin
        finally:
            admin.close()

    def make(self, tenant_id: str, name: str = "Motors") -> str:
        """A dealership with a bit of everything; answers its key."""
        self.done("tenant", "create", tenant_id, "--name", name, "--time-zone", "America/Chicago")
        key = self.done("key", "issue", tenant_id, "--name", "web-form").strip()
        self.done("user", "grant", f"ann@{tenant_id}.test", "--tenant", tenant_id, "--roles", "ceo")
        with self.admin() as admin:
            fill(admin, tenant_id)
        return key

    def export(self, tenant_id: str, *more: str) -> Path:
        self.exports += 1
        to = self.folder / f"export-{self.exports}"
        self.done("tenant", "export", tenant_id, "--to", str(to), *more)
        return to

    def content(self, tenant_id: str) -> str:
        """The hash of everything of the dealership."""
        self.exports += 1
        with self.admin() as admin:
            to = admin.place(str(self.folder / f"export-{self.exports}"))
            return export_tenant(admin, tenant_id, to, progress=silent).content_sha256


def fill(admin: Administration, tenant_id: str) -> None:
    below = f"tenants/{tenant_id}"
    documents: Mapping[str, Any] = {
        **{f"{below}/leads/l{n}": {"n": n, "came_at": NOON, "of": tenant_id} for n in range(12)},
        **{f"{below}/sessions/s1/frames/{n:08d}": {"seq": n} for n in range(12)},
        f"{below}/sessions/s1": {"state": "PENDING", "conversation": {"$time": "odd"}, "real": 1.0},
        f"{below}/leases/membrane:e1": {"state": "held", "until": NOON},
        f"rejected/r-{tenant_id}": {"tenant_id": tenant_id, "body": "x"},
        f"given_up/membrane:{tenant_id}": {"tenant_id": tenant_id, "reason": "no"},
        f"outbox/{tenant_id}-chat-1": {
            "created_at": NOON,
            "queued": "00 2026-11-20T12:00:00.000000+00:00",
            "order": "",
            "messages": [
                {"topic": "t", "data": "{}", "attributes": {"ce-tenantid": tenant_id}, "ordering_key": ""}
            ],
        },
        "dead_letter_marks/membrane": {"at": NOON},
    }
    admin.platform.documents.commit([Write(path, data) for path, data in documents.items()])
    entries = [money(tenant_id, number) for number in range(ENTRIES)]
    append = admin.platform.warehouse.append
    append("ledger.money_entry_v1", [*entries, entries[0]])
    twin = {"vin": "V1", "recorded_at": NOON, "digital_twin_flags": [{"b": 1, "a": None}]}
    append("twins.inventory_master_v1", [{"tenant_id": tenant_id, **twin}])
    blobs = admin.platform.blobs
    blobs.put(f"tenants/{tenant_id}/media/1.jpg", tenant_id.encode() * 1_000, content_type="image/jpeg")
    blobs.put(f"tenants/{tenant_id}/media/2.jpg", b"", content_type="image/jpeg")
    close = getattr(admin.platform.warehouse, "close", None)
    if close:
        close()


def money(tenant_id: str, number: int) -> dict[str, Any]:
    return {
        "entry_id": f"e{number:06d}",
        "tenant_id": tenant_id,
        "occurred_on": date(2026, 1 + number % 11, 1 + number % 28),
        "lane": "A",
        "category": "sales",
        "direction": "income",
        "amount": Decimal("10.50") + number,
        "currency": "USD",
        "recorded_at": NOON,
    }


def manifest_of(folder: Path) -> Manifest:
    return Manifest.model_validate_json((folder / "manifest.json").read_bytes())


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Edits the manifest as somebody by hand would."""
    content = json.loads((folder / "manifest.json").read_text())
    change(content)
    (folder / "manifest.json").write_text(json.dumps(content))
