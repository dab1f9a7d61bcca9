"""A dealership's life under the owner's hand: exported, deleted, put back. Run on both profiles."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.admin.ports import RowArchive, StillWriting
from shared.admin.removal import Removal, check_deletable
from shared.admin.restore import import_tenant
from shared.admin.verify import verify_export
from shared.admin.wiring import Administration
from shared.ports import Scope, StoredVector
from shared.sql_catalogue import Table
from tests.unit.admin.owner import ENTRIES, Owner, manifest_of, silent

DAYS = timedelta(days=7)


class Killed(BaseException):
    """The process ends here."""


class KilledAt:
    """Progress that is told, and at the n-th time no more."""

    def __init__(self, place: int) -> None:
        self.left = place

    def __call__(self, what: str, count: int) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1


class Buffered:
    """Rows of one table that the warehouse will not delete yet."""

    def __init__(self, inner: RowArchive, table: str) -> None:
        self._inner, self._table, self.close = inner, table, inner.close  # type: ignore[attr-defined]  # both have it

    def delete(self, table: Table, tenant_id: str) -> int:
        if table.full_name == self._table:
            raise StillWriting(f"BigQuery cannot delete rows of [{table.full_name}] yet")
        return self._inner.delete(table, tenant_id)

    def count(self, table: Table, tenant_id: str) -> int:
        return self._inner.count(table, tenant_id)


def delete(admin: Administration, tenant_id: str, export: Path, progress: Any = silent) -> Any:
    place = admin.place(str(export))
    manifest = verify_export(place, progress=silent)
    now = admin.platform.clock.now()
    tenant = check_deletable(admin, tenant_id, manifest, now=now, max_age=DAYS)
    return Removal(admin, tenant_id, progress, settle_s=0.0).run(tenant, manifest, place.place)


class TenantLives:
    def test_what_was_exported_and_deleted_comes_back_byte_by_byte(self, owner: Owner) -> None:
        owner.make("harbor")
        owner.make("harbor-two")
        neighbour = owner.content("harbor-two")
        first = owner.export("harbor")
        counts = {one.name: one.count for one in manifest_of(first).files}
        assert counts["leads"] == counts["sessions.frames"] == 12 and counts["sessions"] == 1
        assert counts["ledger.money_entry_v1"] == ENTRIES + 1 and counts["files"] == 2
        assert (counts["api_keys"], counts["rejected"], counts["given_up"]) == (1, 1, 1)
        assert counts["outbox"] == 4, "three acts of the owner, and one message of the product"
        self.delete(owner, "harbor", first)
        assert owner.content("harbor-two") == neighbour
        owner.done("tenant", "import", str(first), "--yes", "--with-accounts")
        assert owner.content("harbor") == manifest_of(first).content_sha256
        assert owner.content("harbor-two") == neighbour

    def test_what_people_had_us_remember_goes_and_comes_back_with_them(self, owner: Owner) -> None:
        owner.make("harbor")
        scope = Scope(tenant_id="harbor", person_id="ann")
        one = StoredVector(id="m1", model="space@3", values=[0.0, 0.6, 0.8], digest="d")
        with owner.admin() as admin:
            admin.platform.vectors.upsert(scope, [one])
        export = owner.export("harbor")
        assert {file.name: file.count for file in manifest_of(export).files}["vectors"] == 1
        self.delete(owner, "harbor", export)
        with owner.admin() as admin:
            assert admin.platform.vectors.held(scope, ["m1"]) == []
        owner.done("tenant", "import", str(export), "--yes", "--with-accounts")
        with owner.admin() as admin:
            (found,) = admin.platform.vectors.search(scope, model="space@3", values=[0.0, 0.6, 0.8])
        assert (found.id, round(found.similarity, 5)) == ("m1", 1.0)

    def test_the_receipt_says_what_went_and_that_nothing_is_left(self, owner: Owner) -> None:
        owner.make("harbor")
        receipt = self.delete(owner, "harbor", owner.export("harbor"))
        assert receipt["deleted"]["documents"] == 26 and receipt["deleted"]["files"] == 2
        assert receipt["deleted"]["ledger.money_entry_v1"] == ENTRIES + 1
        assert set(receipt["left"].values()) == {0} and len(receipt["left"]) >= 12
        with owner.admin() as admin:
            assert list(admin.documents.below("tenants/harbor")) == []
            left = admin.platform.documents.get("tenants/harbor")
            assert left and set(left.data) == {"state", "deleting_at", "deleted_at"}
            account = admin.accounts.find("ann@harbor.test")
            assert account and (account.tenant_id, account.roles) == ("", ())

    def test_a_deleted_dealership_is_gone_for_the_command_line_and_its_id_is_not_given_again(
        self, owner: Owner
    ) -> None:
        owner.make("harbor")
        self.delete(owner, "harbor", owner.export("harbor"))
        assert "harbor" not in owner.done("tenant", "list")
        assert owner("key", "issue", "harbor", "--name", "web-form").code == 1
        said = owner("tenant", "create", "harbor", "--name", "x", "--time-zone", "UTC")
        assert said.code == 1 and "[deleted]" in said.err

    def test_deleting_again_proves_that_it_is_gone(self, owner: Owner) -> None:
        owner.make("harbor")
        export = owner.export("harbor")
        self.delete(owner, "harbor", export)
        with owner.admin() as admin:
            late = {"tenant_id": "harbor", "body": "came late"}
            admin.platform.documents.commit([_write("rejected/late", late)])
        assert self.delete(owner, "harbor", export)["deleted"]["rejected"] == 1

    def test_a_deletion_killed_anywhere_is_finished_by_the_next(self, owner: Owner) -> None:
        owner.make("harbor-two")
        neighbour = owner.content("harbor-two")
        owner.make("harbor")
        export = owner.export("harbor")
        for place in range(60):
            if self._is_ended_by(owner, export, KilledAt(place)):
                break
            with owner.admin() as admin:
                assert set(delete(admin, "harbor", export).left.values()) == {0}
            with owner.admin() as admin:
                import_tenant(admin, admin.place(str(export)), with_accounts=True, progress=silent)
        assert place > 10, "it was hardly ever killed"
        assert owner.content("harbor-two") == neighbour

    def _is_ended_by(self, owner: Owner, export: Path, progress: KilledAt) -> bool:
        with owner.admin() as admin:
            try:
                delete(admin, "harbor", export, progress)
            except Killed:
                tenant = admin.platform.documents.get("tenants/harbor")
                assert tenant and tenant.data["state"] == "deleting"
                return False
        return True

    def test_rows_in_the_write_buffer_make_the_deletion_wait_and_nothing_else(self, owner: Owner) -> None:
        owner.make("harbor")
        export, table = owner.export("harbor"), "ledger.money_entry_v1"
        with owner.admin() as whole, owner.admin(rows=lambda _: Buffered(whole.rows, table)) as admin:
            with pytest.raises(StillWriting, match="money_entry"):
                delete(admin, "harbor", export)
            assert list(admin.documents.below("tenants/harbor")) == []
            tenant = admin.platform.documents.get("tenants/harbor")
            assert tenant and tenant.data["state"] == "deleting"
            counts = {name: whole.rows.count(one, "harbor") for name, one in whole.catalogue.tables.items()}
            assert {name for name, count in counts.items() if count} == {table}
        assert self.delete(owner, "harbor", export)["deleted"][table] == ENTRIES + 1

    def test_an_import_killed_anywhere_goes_on_where_it_was_and_lets_nobody_in(self, owner: Owner) -> None:
        owner.make("harbor")
        export = owner.export("harbor")
        wanted = manifest_of(export).content_sha256
        self.delete(owner, "harbor", export)
        killed = 0
        for place in range(60):
            with owner.admin() as admin:
                try:
                    import_tenant(
                        admin, admin.place(str(export)), with_accounts=True, progress=KilledAt(place)
                    )
                    break
                except Killed:
                    killed += 1
                    tenant = admin.platform.documents.get("tenants/harbor")
                    assert tenant and tenant.data["state"] in ("deleted", "importing", "open")
        assert killed > 10
        assert owner.content("harbor") == wanted

    def test_an_import_never_meets_a_dealership_that_is_there(self, owner: Owner) -> None:
        owner.make("harbor")
        export = owner.export("harbor")
        said = owner("tenant", "import", str(export), "--yes")
        assert said.code == 2 and "is there and [open]" in said.err
        self.delete(owner, "harbor", export)
        with owner.admin() as admin:
            admin.platform.documents.commit([_write("tenants/harbor/leads/late", {"n": 1})])
        said = owner("tenant", "import", str(export), "--yes")
        assert said.code == 2 and "documents lie below [tenants/harbor]" in said.err

    def test_a_deletion_is_refused_without_an_export_that_holds(self, owner: Owner) -> None:
        owner.make("harbor")
        owner.make("other")
        mine, others = owner.export("harbor"), owner.export("other")
        handed_over = owner.export("harbor", "--without-keys")
        before = owner.content("harbor")
        for export, words in (
            (others, r"--export holds tenant [other], not [harbor]"),
            (handed_over, "made without keys"),
            (owner.folder / "nowhere", "manifest.json"),
        ):
            said = owner("tenant", "delete", "harbor", "--export", str(export), "--yes")
            assert said.code in (1, 2) and words in said.err, said.err
        said = owner("tenant", "delete", "harbor", "--export", str(mine), "--yes", "--max-age-days", "0")
        assert said.code == 2 and "over [0]" in said.err
        said = owner("tenant", "delete", "harbor", "--export", str(mine), typed="no\n")
        assert said.code == 2 and "nothing was done" in said.err
        assert owner.content("harbor") == before

    def test_what_is_handed_over_holds_no_keys(self, owner: Owner) -> None:
        owner.make("harbor")
        export = owner.export("harbor", "--without-keys")
        assert not (export / "root" / "api_keys.jsonl").exists()
        owner.done("tenant", "verify-export", str(export))

    def test_an_export_goes_to_an_empty_place_alone(self, owner: Owner) -> None:
        owner.make("harbor")
        export = owner.export("harbor")
        said = owner("tenant", "export", "harbor", "--to", str(export))
        assert said.code == 2 and "name an empty place" in said.err

    def test_a_dealership_that_is_not_there_is_named_with_those_that_are(self, owner: Owner) -> None:
        owner.make("harbor")
        said = owner("tenant", "export", "harbour", "--to", str(owner.folder / "x"))
        assert said.code == 1 and "no tenant [harbour]" in said.err
        said = owner("tenant", "show", "harbour")
        assert said.code == 1 and "there is harbor" in said.err

    def test_show_counts_what_it_has(self, owner: Owner) -> None:
        owner.make("harbor", "Harbor Motors")
        shown = dict(line.rsplit("  ", 1) for line in owner.done("tenant", "show", "harbor").splitlines())
        found = {name.strip(): value.strip() for name, value in shown.items()}
        assert found["name"] == "Harbor Motors" and found["documents"] == "26"
        assert found["rows of ledger.money_entry_v1"] == str(ENTRIES + 1)

    def delete(self, owner: Owner, tenant_id: str, export: Path) -> dict[str, Any]:
        words = ("tenant", "delete", tenant_id, "--export", str(export), "--settle-seconds", "0", "--yes")
        receipt: dict[str, Any] = json.loads(owner.done(*words))
        assert json.loads((export / "deletion-receipt.json").read_text()) == receipt
        return receipt


def _write(path: str, data: dict[str, Any]) -> Any:
    from shared.ports import Write

    return Write(path, data)
