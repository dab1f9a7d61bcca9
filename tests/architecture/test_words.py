"""No file tells of a machine, a private host or a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.manifest import ROOT
from tests.architecture.words import forbidden_words, tracked_files

HERE = Path(__file__).parent


def test_no_file_holds_a_forbidden_word() -> None:
    found = [
        problem
        for path in tracked_files(ROOT)
        if path != Path(__file__)
        for problem in forbidden_words(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", 'DATA = "/ro' + 'ot/project/data"'),
        ("a.md", "see /home/" + "ann/notes"),
        ("a.yaml", "host: 10.1." + "2.3"),
        ("a.yaml", "url: http://packages.example" + ".internal/simple"),
        ("a.pem", "-----BEGIN RSA " + "PRIVATE KEY-----"),
        ("a.py", "TOKEN = 'ghp" + "_abcdefghijklmnopqrstuvwxyz'"),
        ("package-lock.json", '"resolved": "https://mirror.example.com/react.tgz"'),
        ("requirements.lock", "--index-url https://mirror.example.com/simple"),
    ],
)
def test_a_seeded_word_is_noticed(name: str, text: str) -> None:
    assert forbidden_words(Path(name), text) != []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "GET /api/work/orders and https://example.com/root/x and ../work/a"),
        ("package-lock.json", '"name": "react", "homepage": "https://react.dev"'),
    ],
)
def test_ordinary_words_are_let_through(name: str, text: str) -> None:
    assert forbidden_words(Path(name), text) == []
