from __future__ import annotations

from pathlib import Path

import pytest

from shared.manifest import ROOT
from tests.infra import installation
from tests.infra.declared import unused
from tests.infra.offline import TERRAFORM
from tests.infra.workspace import OfflineError, Workspace
from tests.said import nothing


def test_nothing_is_declared_that_nobody_uses() -> None:
    nothing(unused(ROOT / "terraform"))


@pytest.mark.parametrize(
    ("file", "words", "said"),
    [
        ("small/more.tf", 'variable "spare" {}\n', "terraform/small: variable [spare]"),
        ("small/more.tf", "locals {\n  spare = 1 # local.spare\n}\n", "terraform/small: local [spare]"),
        ("part/more.tf", 'output "spare" {\n  value = 1\n}\n', "terraform/part: output [spare]"),
        ("spare/main.tf", "locals {}\n", "terraform/spare: nobody calls this module"),
    ],
)
def test_what_nobody_uses_is_named(small: Path, file: str, words: str, said: str) -> None:
    assert list(unused(small)) == []
    (small / file).parent.mkdir(exist_ok=True)
    (small / file).write_text(words)
    assert list(unused(small)) == [said]


@pytest.mark.parametrize("root", ["foundation", "product"])
def test_terraform_warns_of_nothing(terraform: str, root: str) -> None:
    """Of a deprecated argument above all."""
    assert "Warning" not in Workspace(TERRAFORM, root, installation.variables()).plan_text()


@pytest.mark.parametrize("root", ["foundation", "product"])
def test_a_second_plan_changes_nothing(terraform: str, root: str) -> None:
    assert "No changes." in Workspace(TERRAFORM, root, installation.variables()).steady()


def test_a_value_that_is_another_each_time_is_seen(small: Path) -> None:
    main = small / "small" / "main.tf"
    main.write_text(main.read_text().replace('name     = "billing"', 'name     = "billing-${uuid()}"'))
    with pytest.raises(OfflineError, match=r"billing-"):
        Workspace(small, "small", {"project_id": "p"}).steady()
