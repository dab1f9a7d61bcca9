"""The script that is served with a receipt, run as a customer runs it: bare Python, no site packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from functions.quotes.verification import SCRIPT
from functions.quotes.verify_receipt import FIRST, content_hash
from tests.unit.quotes.test_verify_receipt import KEY, PDF, content, receipt


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii"},
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "receipt.json").write_bytes(receipt())
    (tmp_path / "receipt.pdf").write_bytes(PDF)
    return tmp_path


def test_a_good_receipt_is_valid(folder: Path) -> None:
    code, said = run(folder, "receipt.json", "--pdf", "receipt.pdf", "--key", KEY.upper())
    assert code == 0 and said.endswith("VALID\n") and "FAILED" not in said, said


def test_without_a_key_it_shows_the_one_to_compare(folder: Path) -> None:
    code, said = run(folder, "receipt.json")
    assert code == 0 and KEY in said


def test_a_changed_receipt_is_not_valid(folder: Path) -> None:
    (folder / "receipt.json").write_bytes(receipt().replace(b"AutoHaus", b"AutoHouse"))
    code, said = run(folder, "receipt.json")
    assert code == 1 and said.endswith("NOT VALID\n") and "CHANGED" in said


def test_receipts_are_checked_as_a_chain(folder: Path) -> None:
    (folder / "second.json").write_bytes(receipt(sequence=2, previous=content_hash(content())))
    (folder / "wrong.json").write_bytes(receipt(sequence=2, previous=FIRST))
    assert run(folder, "receipt.json", "second.json")[0] == 0
    assert run(folder, "receipt.json", "wrong.json")[0] == 1


def test_called_wrongly_it_says_how(folder: Path) -> None:
    assert run(folder)[0] == 2
    assert run(folder, "receipt.json", "receipt.json", "--pdf", "receipt.pdf")[0] == 2
