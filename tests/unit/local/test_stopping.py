"""Ctrl-C ends the product quietly, however early it comes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared.manifest import ROOT


@pytest.mark.parametrize("moment", ["shared.errors", "shared.local.commands"])
def test_a_start_that_is_interrupted_prints_no_traceback(tmp_path: Path, moment: str) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "shared.local", "serve"]
    environment = {"COS_DATA_DIR": str(tmp_path), "COS_SAMPLE": "none", "PORT": "0", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        said = []
        for line in process.stderr:
            said.append(line)
            if line.rstrip().endswith(moment):
                process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    assert "Traceback" not in "".join(said)
