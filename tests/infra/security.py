"""checkov on terraform/, offline, in its own environment (`make infra` installs it).

Skips stand in terraform/.checkov.yaml, one a line with its reason, or beside the resource they are for.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infra.provider_schema import BUILD

PROGRAM = BUILD / "checkov-venv" / "bin" / "checkov"
SETTINGS = ".checkov.yaml"
_SKIP = re.compile(r"^  - (CKV\w+)(?: +# (\S.*))?$", re.M)
_BESIDE = re.compile(r"checkov:skip=(CKV\w+)(?::[ ]*(\S.*))?")
_LEAST_REASON = 20


@dataclass(frozen=True)
class Finding:
    """A check a resource does not pass; `file` counts from terraform/."""

    check: str
    meaning: str
    file: str
    line: int
    resource: str

    def __str__(self) -> str:
        return f"terraform{self.file}:{self.line}: {self.resource}: {self.check} {self.meaning}"


def findings(terraform: Path) -> list[Finding]:
    """Everything checkov finds, whatever .checkov.yaml skips; skips beside a resource hold."""
    with tempfile.TemporaryDirectory(prefix="checkov-") as folder:
        copy = Path(folder) / "terraform"
        # Without its settings, which checkov would take from the folder: what is skipped shall be found too.
        shutil.copytree(terraform, copy, ignore=shutil.ignore_patterns(SETTINGS, ".terraform"))
        answer = _checkov(copy)
    return sorted(set(_failed(answer)), key=str)


def _checkov(folder: Path) -> Any:
    command = [str(PROGRAM), "-d", str(folder), "--framework", "terraform", "--compact", "--quiet"]
    ended = subprocess.run(
        [*command, "-o", "json", "--skip-download", "--soft-fail"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(f"checkov ended with [{ended.returncode}]: {ended.stderr[-1000:]}")
    return json.loads(ended.stdout)


def _failed(answer: Any) -> Iterator[Finding]:
    for report in answer if isinstance(answer, list) else [answer]:
        for found in report.get("results", {}).get("failed_checks", []):
            yield Finding(
                check=found["check_id"],
                meaning=found["check_name"],
                file=found["file_path"],
                line=found["file_line_range"][0],
                resource=found["resource"],
            )


def skipped(terraform: Path) -> dict[str, str]:
    """Check → the reason it is skipped everywhere."""
    return dict(_SKIP.findall((terraform / SETTINGS).read_text()))


def not_skipped(found: list[Finding], terraform: Path) -> list[str]:
    """What has to be mended, or skipped with a reason."""
    return [str(one) for one in found if one.check not in skipped(terraform)]


def skips_without_reason(terraform: Path) -> list[str]:
    places = [(terraform / SETTINGS, _SKIP), *((path, _BESIDE) for path in sorted(terraform.rglob("*.tf")))]
    return [
        f"{path.relative_to(terraform.parent)}: [{check}] is skipped without a reason"
        for path, pattern in places
        for check, reason in pattern.findall(path.read_text())
        if len(reason) < _LEAST_REASON
    ]


def skips_without_effect(found: list[Finding], terraform: Path) -> list[str]:
    """Skips of checks that nothing fails: they would hide the first mistake."""
    failing = {one.check for one in found}
    return [
        f"{terraform.name}/{SETTINGS}: nothing fails [{check}], remove it"
        for check in skipped(terraform)
        if check not in failing
    ]
