"""Everything the product keeps is either somebody's, and then exported and deleted, or nobody's."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from shared.admin.belongings import AT_ROOT, NOBODYS, TENANT_FIELD, kind_of
from shared.admin.removal import BACKUPS_KEPT, DEAD_LETTERS_KEPT, PAST_KEPT
from shared.manifest import ROOT
from shared.sql_catalogue import Catalogue
from shared.testing.harness import running

FOUNDATION = ROOT / "terraform" / "foundation"


def collections_at_root(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as opened:
        return {
            name for (name,) in opened.execute("SELECT DISTINCT collection FROM documents") if "/" not in name
        }


def test_every_collection_at_the_root_is_known(tmp_path: Path) -> None:
    with running(tmp_path) as product:
        body = {"source": "WEB_LEAD", "name": "Ann Miller", "email": "ann@example.com"}
        assert product.call("POST", "/api/crm/intake", json=body, api_key=True).status == 201
        assert product.call("POST", "/api/chat", json={"text": "Hello"}, persona="ceo").status == 202
        product.product.deliver("membrane", b"no push body")
        product.settle()
    found = collections_at_root(tmp_path / "documents.db")
    assert {"tenants", "api_keys", "rejected"} <= found
    assert found <= set(AT_ROOT) | NOBODYS, "say in shared/admin/belongings.py whose it is"


def test_code_that_serves_names_no_other_collection_at_the_root() -> None:
    written = re.compile(r"platform\.documents\.commit\(\s*\[Write\(f?\"([a-z_]+)/")
    asked = re.compile(r"(?:platform\.documents\.query\(|return )Query\(f?\"([a-z_]+)")
    named = {
        name
        for folder in ("functions", "shared/runtime", "shared/observability")
        for path in (ROOT / folder).rglob("*.py")
        for pattern in (written, asked)
        for name in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert {"outbox", "tenants"} <= named <= set(AT_ROOT) | NOBODYS


def test_every_table_says_whose_its_rows_are() -> None:
    assert [name for name, table in Catalogue().tables.items() if TENANT_FIELD not in table.by_name] == []


def test_a_document_is_sorted_by_its_collections() -> None:
    assert kind_of("tenants/a/sessions/s1/frames/1") == "sessions.frames"
    assert kind_of("tenants/a/leads/sessions") == "leads"


def test_what_goes_by_itself_goes_when_the_receipt_says() -> None:
    """The days of terraform/foundation, and those of the receipt, are the same."""
    backups = re.findall(r'retention = "\$\{([\d *]+)\}s"', (FOUNDATION / "documents.tf").read_text())
    kept = [timedelta(seconds=_product(written)) for written in backups]
    assert kept and max(kept) == BACKUPS_KEPT
    catalogue = "".join(path.read_text() for path in (ROOT / "terraform" / "catalogue").glob("*.tf"))
    seconds = dict(re.findall(r"(history_seconds|dead_letter_seconds) += ([\d *]+)", catalogue))
    assert timedelta(seconds=_product(seconds["history_seconds"])) == PAST_KEPT
    assert timedelta(seconds=_product(seconds["dead_letter_seconds"])) == DEAD_LETTERS_KEPT


def _product(written: str) -> int:
    result = 1
    for factor in written.split("*"):
        result *= int(factor)
    return result
