"""A check that is skipped says why; where Terraform is at hand, CI does not let it pass."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared.manifest import ROOT

ASKING = "def test_x(terraform): pass\n"
BY_HAND = "import pytest\n@pytest.mark.skip(reason='later')\ndef test_x(): pass\n"


def _run(folder: Path, text: str, **variables: str) -> tuple[int, str]:
    (folder / "test_it.py").write_text(text)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rs",
        "-p",
        "tests.infra.conftest",
        "-p",
        "no:cacheprovider",
    ]
    ended = subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", str(folder), str(folder / "test_it.py")],
        cwd=folder,
        env={**os.environ, "CI": "", "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout


def test_without_terraform_a_check_is_skipped_with_the_reason(tmp_path: Path) -> None:
    status, output = _run(tmp_path, ASKING, CI="true", PATH="/nowhere")
    assert status == 0
    assert "terraform is not on this machine" in output


@pytest.mark.skipif(shutil.which("terraform") is None, reason="the rule holds where terraform is")
def test_on_ci_with_terraform_a_skipped_check_fails_the_run(tmp_path: Path) -> None:
    status, output = _run(tmp_path, BY_HAND, CI="true")
    assert status == 1
    assert "skipped although terraform is here: " in output
    assert _run(tmp_path, BY_HAND)[0] == 0
