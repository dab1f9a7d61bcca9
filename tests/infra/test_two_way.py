"""Code and Terraform say the same; each check is seen to fail on seeded mistakes."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from shared.manifest import ROOT
from tests.infra import offline, two_way_mistakes_of_messages, two_way_mistakes_of_rights, two_way_names
from tests.infra.code_facts import read_code
from tests.infra.offline import Plan
from tests.infra.seeded import installed, with_function
from tests.infra.two_way import CHECKS, World
from tests.infra.two_way_seeds import fact
from tests.said import nothing

MISTAKES = {**two_way_mistakes_of_rights.MISTAKES, **two_way_mistakes_of_messages.MISTAKES}


@pytest.fixture(scope="module")
def world(foundation: Plan, product: Plan) -> World:
    return World(foundation, product, read_code())


@pytest.mark.parametrize("check", CHECKS)
def test_code_and_terraform_say_the_same(world: World, check: str) -> None:
    nothing(CHECKS[check](world))


def test_what_holds_data_is_kept_from_deletion() -> None:
    nothing(two_way_names.unprotected(ROOT / "terraform"))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_seen_and_named(world: World, mistake: str) -> None:
    check, seed, words = MISTAKES[mistake]
    assert [one for one in CHECKS[check](seed(world)) if words in one], list(CHECKS[check](seed(world)))


def test_each_check_has_a_mistake_it_sees() -> None:
    assert {check for check, _, _ in MISTAKES.values()} == set(CHECKS)


def test_a_credential_terraform_is_told_of_is_mounted_where_the_code_looks(
    world: World, tmp_path: Path
) -> None:
    tree = with_function(tmp_path, "chat", secrets=["twilio_auth_token"])
    told = dataclasses.replace(
        fact("chat", secrets=["twilio_auth_token"])(world),
        product=offline.applied("product", installed(), terraform=tree),
    )
    assert [one for one in CHECKS["secrets"](told) if "Secret Manager" not in one] == []
    assert [one for one in CHECKS["secrets"](dataclasses.replace(told, code=world.code)) if "chat" in one]


def test_a_table_that_could_be_deleted_is_seen(tmp_path: Path) -> None:
    tree = Path(shutil.copytree(ROOT / "terraform" / "foundation", tmp_path / "terraform" / "foundation"))
    path = tree / "warehouse.tf"
    path.write_text(path.read_text().replace("prevent_destroy = true", "prevent_destroy = false"))
    found = list(two_way_names.unprotected(tree.parent))
    assert "terraform/foundation/warehouse.tf: google_bigquery_table.this has no prevent_destroy" in found
