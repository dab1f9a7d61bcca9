from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shared.manifest import ROOT
from tests.infra import security
from tests.infra.offline import Plan
from tests.infra.security import Finding, findings, not_skipped, skips_without_effect, skips_without_reason

TERRAFORM = ROOT / "terraform"
PUBLIC_BUCKET = """
resource "google_storage_bucket_iam_member" "everybody" {
  bucket = "photos"
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}
"""


@pytest.fixture(scope="module")
def checkov() -> str:
    if not security.PROGRAM.exists():
        pytest.skip("checkov is not installed: make infra installs it")
    return str(security.PROGRAM)


@pytest.fixture(scope="module")
def found(checkov: str) -> list[Finding]:
    return findings(TERRAFORM)


def _with_settings(folder: Path, words: str) -> Path:
    (folder / security.SETTINGS).write_text(f"skip-check:\n{words}\n")
    return folder


def test_checkov_finds_nothing_that_is_not_skipped_with_a_reason(found: list[Finding]) -> None:
    assert not_skipped(found, TERRAFORM) == []


def test_every_skip_has_a_reason() -> None:
    assert skips_without_reason(TERRAFORM) == []


def test_every_skip_has_an_effect(found: list[Finding]) -> None:
    assert skips_without_effect(found, TERRAFORM) == []


def test_a_public_bucket_is_seen(checkov: str, small: Path) -> None:
    (small / "small" / "photos.tf").write_text(PUBLIC_BUCKET)
    shutil.copy(TERRAFORM / security.SETTINGS, small)
    assert [one.partition(" CKV")[0] for one in not_skipped(findings(small), small)] == [
        "terraform/small/photos.tf:2: google_storage_bucket_iam_member.everybody:"
    ]


def test_a_skip_without_a_reason_is_seen(tmp_path: Path) -> None:
    folder = _with_settings(tmp_path, "  - CKV_GCP_62\n  - CKV_GCP_83 # no")
    (folder / "main.tf").write_text(
        "# checkov:skip=CKV_GCP_84\n# checkov:skip=CKV_GCP_80: that is how it should be\n"
    )
    assert [one.split(" ")[1] for one in skips_without_reason(folder)] == [
        "[CKV_GCP_62]",
        "[CKV_GCP_83]",
        "[CKV_GCP_84]",
    ]


def test_a_skip_without_an_effect_is_seen(tmp_path: Path) -> None:
    folder = _with_settings(tmp_path, "  - CKV_GCP_62 # a reason that is long enough")
    other = Finding("CKV_GCP_83", "keys", "/main.tf", 1, "google_pubsub_topic.this")
    assert "nothing fails [CKV_GCP_62]" in skips_without_effect([other], folder)[0]
    assert skips_without_effect([Finding("CKV_GCP_62", "logs", "/a.tf", 1, "b")], folder) == []


def test_known_exploits_are_refused_as_the_skip_says(product_plan: Plan) -> None:
    (policy,) = product_plan.of("google_compute_security_policy")
    refused = {
        rule["match"][0]["expr"][0]["expression"]
        for rule in policy.values["rule"]
        if rule["action"] == "deny(403)" and not rule["preview"] and rule["match"][0]["expr"]
    }
    assert any("cve-canary" in expression for expression in refused)
