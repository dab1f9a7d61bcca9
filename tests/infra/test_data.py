"""Where data lies and how long it can be had back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.infra.installation import REGION
from tests.infra.offline import TERRAFORM, Plan
from tests.said import nothing

DAY = 24 * 3600


def without_backups(plan: Plan) -> list[str]:
    """What docs/operations/backup-and-restore.md counts on and Firestore would not keep."""
    kept = {
        kind: int(one["retention"].removesuffix("s")) // DAY
        for one in (found.values for found in plan.of("google_firestore_backup_schedule"))
        for kind in ("daily_recurrence", "weekly_recurrence")
        if one[kind]
    }
    wanted = {"daily_recurrence": 14, "weekly_recurrence": 14 * 7}
    return [
        f"backups of [{kind}] are kept [{kept.get(kind, 0)}] days, not [{days}]"
        for kind, days in wanted.items()
        if kept.get(kind) != days
    ]


def test_documents_are_backed_up_as_the_way_back_says(foundation: Plan) -> None:
    nothing(without_backups(foundation))
    lacking = [one for one in foundation.resources if one.type != "google_firestore_backup_schedule"]
    assert len(without_backups(replace(foundation, resources=tuple(lacking)))) == 2


def elsewhere(plan: Plan) -> list[str]:
    """Data that would lie in another region than the installation's. A table lies where its dataset does."""
    return [
        f"{one.address} lies in [{place}], not in [{REGION}]"
        for one in plan.resources
        if one.type != "google_bigquery_table"
        for place in _places(one.values)
        if str(place).lower() not in (REGION, "global")
    ]


def _places(found: Mapping[str, Any]) -> list[str]:
    own = [found[name] for name in ("location", "location_id", "region") if found.get(name)]
    return own + [
        region
        for policy in found.get("message_storage_policy") or []
        for region in policy["allowed_persistence_regions"]
    ]


def test_all_data_lies_in_the_region_that_was_asked_for(foundation: Plan, product: Plan) -> None:
    nothing(elsewhere(foundation) + elsewhere(product))
    topic = foundation.of("google_pubsub_topic")[0]
    wrong = {"message_storage_policy": [{"allowed_persistence_regions": ["europe"]}]}
    seeded = replace(foundation, resources=(replace(topic, values=topic.values | wrong),))
    assert len(elsewhere(seeded)) == 1 and "lies in [europe]" in elsewhere(seeded)[0]


def forgotten(plan: Plan) -> list[str]:
    """Buckets that delete what is in use: all but uploads of the pipeline and exports keep it."""
    return [
        f"[{one.values['name']}] deletes what begins with {condition['matches_prefix'] or 'anything'}"
        for one in plan.of("google_storage_bucket")
        for rule in one.values["lifecycle_rule"]
        for condition in rule["condition"]
        if condition["with_state"] != "ARCHIVED"
        and not one.values["name"].endswith("-exports")
        and condition["matches_prefix"] != ["source/"]
    ]


def test_no_bucket_deletes_what_is_in_use(foundation: Plan) -> None:
    nothing(forgotten(foundation))
    seeded = next(one for one in foundation.of("google_storage_bucket") if "files" in one.values["name"])
    rule = {"condition": [{"with_state": "LIVE", "matches_prefix": []}]}
    wrong = replace(seeded, values=seeded.values | {"lifecycle_rule": [rule]})
    assert (
        "-files] deletes what begins with anything" in forgotten(replace(foundation, resources=(wrong,)))[0]
    )


def test_nobody_makes_an_account_by_oneself(foundation: Plan) -> None:
    """Accounts carry their dealership and roles; an administrator makes them."""
    (sign_in,) = foundation.of("google_identity_platform_config")
    assert sign_in.values["client"][0]["permissions"] == [
        {"disabled_user_signup": True, "disabled_user_deletion": True}
    ]
    assert sign_in.values["sign_in"][0]["allow_duplicate_emails"] is False
    assert not sign_in.values["sign_in"][0].get("anonymous")


_VALUE = re.compile(
    r'"google_secret_manager_secret_version"|^variable "\w*(?:token|password|secret|credential)\w*"', re.M
)


def secret_values(terraform: Path) -> list[str]:
    """Credentials that would pass through Terraform, and so lie in its state."""
    return [
        f"{path.relative_to(terraform.parent)}: {found} holds a credential's value; see foundation/secrets.tf"
        for path in sorted(terraform.rglob("*.tf"))
        for found in _VALUE.findall(path.read_text(encoding="utf-8"))
    ]


def test_no_credential_passes_through_terraform(tmp_path: Path) -> None:
    nothing(secret_values(TERRAFORM))
    (tmp_path / "terraform").mkdir()
    (tmp_path / "terraform" / "a.tf").write_text(
        'variable "twilio_token" {}\nresource "google_secret_manager_secret_version" "this" {\n}\n'
    )
    assert len(secret_values(tmp_path / "terraform")) == 2
