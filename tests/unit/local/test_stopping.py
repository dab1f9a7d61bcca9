"""Ctrl-C ends the product quietly, however early it comes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from shared.manifest import ROOT

INTERRUPTED = """
import runpy, sys

class CtrlC:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            raise KeyboardInterrupt

sys.meta_path.insert(0, CtrlC())
runpy.run_module("shared.local", run_name="__main__")
"""


@pytest.mark.parametrize("moment", ["shared.local.commands", "shared.errors", "shared.local.product"])
def test_a_start_that_is_interrupted_at_an_import_prints_no_traceback(moment: str) -> None:
    command = [sys.executable, "-c", INTERRUPTED, moment, "serve"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stderr) == (130, "")
