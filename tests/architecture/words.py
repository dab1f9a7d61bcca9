"""What must not stand in any file: places of one machine, private hosts, secrets."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

OUR_HOSTS = {"localhost", "127.0.0.1"}
LOCK_FILES = {
    "requirements.lock",
    "requirements-bench.lock",
    "requirements-checkov.lock",
    "package-lock.json",
    "pyproject.toml",
    ".npmrc",
    "pip.conf",
}

FORBIDDEN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a path of one machine", re.compile(r"(?<![\w.:/-])/(?:work|root|home/\w+|Users/\w+|mnt|opt)/\w")),
    ("a path of one machine", re.compile(r"\b[A-Z]:\\\\?Users\b")),
    (
        "an address of a private network",
        re.compile(r"\b(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+\b"),
    ),
    ("a private host", re.compile(r"https?://[\w.-]+\.(?:internal|corp|lan|local)\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")),
    ("a Google API key", re.compile(r"\bAIza[\w-]{35}\b")),
    ("a Twilio secret", re.compile(r"\b(?:SK|AC)[0-9a-f]{32}\b")),
    ("a token", re.compile(r"\b(?:ghp|gho|glpat|sk-[a-z]+)[-_][A-Za-z0-9_-]{20,}")),
)
_SOURCE = re.compile(
    r"(?:\"resolved\": \"|--(?:extra-)?index-url[ =]|--find-links[ =]|registry=|index-url ?= ?|url = \")https?://([\w.-]+)"
)


def tracked_files(root: Path) -> list[Path]:
    """Text files git keeps."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    paths = [root / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096]]


def forbidden_words(path: Path, text: str) -> list[str]:
    """One line per place. Files that pin packages say which and by what hash, never from where."""
    found = [
        f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {name}"
        for name, pattern in FORBIDDEN
        for match in pattern.finditer(text)
    ]
    if path.name in LOCK_FILES:
        others = set(_SOURCE.findall(text)) - OUR_HOSTS
        found += [f"{path}: packages come from [{host}]" for host in sorted(others)]
    return found
