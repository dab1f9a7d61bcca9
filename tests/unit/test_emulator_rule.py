from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.testing.emulators import EmulatorError, find_emulators, pubsub_emulator

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = "import pytest\ndef test_x(pubsub_host): pass\n"
SKIPPED_BY_HAND = "import pytest\n@pytest.mark.skip(reason='later')\ndef test_x(pubsub_host): pass\n"
PASSED = "def test_x(): pass\n"


def _run(folder: Path, text: str, **variables: str) -> tuple[int, str]:
    (folder / "test_it.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "tests.conftest", "-p", "no:cacheprovider"]
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


def test_without_emulators_a_test_is_skipped_with_the_reason_and_counted(tmp_path: Path) -> None:
    status, output = _run(tmp_path, SKIPPED, CI="true", PATH="/nowhere")
    assert status == 0
    assert "emulator not on this machine: java (install a JRE" in output
    assert "emulator tests: 0 ran, 1 skipped" in output


@pytest.mark.skipif(bool(find_emulators().missing), reason="the rule holds where the emulators are")
def test_on_ci_with_the_emulators_a_skipped_test_fails_the_run(tmp_path: Path) -> None:
    assert _run(tmp_path, SKIPPED_BY_HAND, CI="true")[0] == 1
    assert _run(tmp_path, SKIPPED_BY_HAND)[0] == 0


def test_a_run_without_emulator_tests_says_nothing_of_them(tmp_path: Path) -> None:
    status, output = _run(tmp_path, PASSED, CI="true")
    assert status == 0
    assert "emulator" not in output


def test_a_missing_emulator_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(EmulatorError, match=r"Missing: java .*pubsub-emulator"), pubsub_emulator():
        pass
