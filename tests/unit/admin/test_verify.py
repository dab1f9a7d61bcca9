"""A damaged export is never taken for a whole one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.testing.harness import settings_for
from tests.unit.admin.owner import Owner, manifest_of, rewrite


@pytest.fixture
def owner(tmp_path: Path) -> Owner:
    data = tmp_path / "data"
    return Owner(settings_for(data), tmp_path, ("--data-dir", str(data), "--as", "test"))


@pytest.fixture
def export(owner: Owner) -> Iterator[Path]:
    owner.make("harbor")
    yield owner.export("harbor")


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def without_last_line(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def of_another(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"tenants/harbor/", b"tenants/others/"))


LEADS, ROWS, STORED = (
    "documents/leads.jsonl",
    "rows/ledger.money_entry_v1.jsonl",
    "files/tenants/harbor/media/1.jpg",
)


@pytest.mark.parametrize(
    ("key", "damage"),
    [
        (LEADS, flipped),
        (LEADS, without_last_line),
        (LEADS, of_another),
        (LEADS, Path.unlink),
        (ROWS, flipped),
        (ROWS, without_last_line),
        ("root/api_keys.jsonl", without_last_line),
        ("tenant.jsonl", flipped),
        ("files.jsonl", without_last_line),
        (STORED, flipped),
        (STORED, Path.unlink),
    ],
)
def test_damage_is_found_and_its_file_named(
    owner: Owner, export: Path, key: str, damage: Callable[[Path], None]
) -> None:
    owner.done("tenant", "verify-export", str(export))
    damage(export / key)
    said = owner("tenant", "verify-export", str(export))
    assert said.code in (1, 2) and f"[{key}]" in said.err, said.err
    assert owner("tenant", "delete", "harbor", "--export", str(export), "--yes").code == said.code


def test_a_manifest_that_was_edited_is_found(owner: Owner, export: Path) -> None:
    def edit(manifest: dict[str, object]) -> None:
        files = manifest["files"]
        assert isinstance(files, list)
        files.pop()

    rewrite(export, edit)
    said = owner("tenant", "verify-export", str(export))
    assert said.code == 2 and "content_sha256" in said.err


@pytest.mark.parametrize(
    ("content", "words"),
    [("no JSON", "manifest.json"), ("{}", "[tenant_id]"), ('{"format": 2}', "[format]")],
)
def test_a_manifest_that_is_none_is_named(owner: Owner, export: Path, content: str, words: str) -> None:
    (export / "manifest.json").write_text(content)
    said = owner("tenant", "verify-export", str(export))
    assert said.code == 2 and words in said.err


def test_an_export_that_did_not_end_has_no_manifest(owner: Owner, tmp_path: Path) -> None:
    owner.make("harbor")
    (tmp_path / "cut").mkdir()
    said = owner("tenant", "verify-export", str(tmp_path / "cut"))
    assert said.code == 1 and "manifest.json" in said.err


def test_the_manifest_counts_lines_and_bytes(export: Path) -> None:
    for entry in manifest_of(export).files:
        content = (export / entry.key).read_bytes()
        assert (content.count(b"\n"), len(content)) == (entry.count, entry.bytes)
        assert all(json.loads(line) for line in content.splitlines())
