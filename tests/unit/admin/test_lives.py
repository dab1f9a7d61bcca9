from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.testing.harness import settings_for
from shared.testing.identity_stub import identity_stub
from shared.testing.local_cloud import BUCKET, local_cloud
from tests.unit.admin.lives import TenantLives
from tests.unit.admin.owner import Owner


class TestEmbeddedLives(TenantLives):
    @pytest.fixture
    def owner(self, tmp_path: Path) -> Owner:
        data = tmp_path / "data"
        return Owner(settings_for(data), tmp_path, ("--data-dir", str(data), "--as", "test"))


class TestGoogleLives(TenantLives):
    @pytest.fixture
    def owner(self, tmp_path: Path, firestore_host: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Owner]:
        with (
            local_cloud(tmp_path, firestore_host=firestore_host, pubsub_host="127.0.0.1:9") as cloud,
            identity_stub() as identity,
        ):
            for name, value in cloud.variables().items():
                monkeypatch.setenv(name, value)
            where = ("--project", cloud.project, "--bucket", BUCKET, "--as", "test")
            whole = (*where, "--identity-url", identity.url)
            yield Owner(cloud.settings(), tmp_path, whole, identity.url)

    def test_an_export_lies_in_a_bucket_as_in_a_folder(self, owner: Owner) -> None:
        owner.make("harbor")
        place, wanted = f"gs://{BUCKET}/exports/harbor-1", owner.content("harbor")
        assert wanted in owner.done("tenant", "export", "harbor", "--to", place)
        assert wanted in owner.done("tenant", "verify-export", place)
        said = owner("tenant", "export", "harbor", "--to", place)
        assert said.code == 2 and f"[{place}] holds" in said.err
        words = ("tenant", "delete", "harbor", "--export", place, "--settle-seconds", "0", "--yes")
        assert json.loads(owner.done(*words))["export"] == place
        owner.done("tenant", "import", place, "--yes", "--with-accounts")
        assert owner.content("harbor") == wanted
