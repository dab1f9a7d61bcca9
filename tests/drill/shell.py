"""The owner's command line, as a process of its own against the local cloud."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from shared.manifest import ROOT
from shared.testing.local_cloud import LocalCloud


@dataclass(frozen=True)
class OwnersShell:
    cloud: LocalCloud
    identity_url: str

    def __call__(self, *words: str, code: int = 0) -> str:
        """What it printed. Raises `AssertionError` with everything it said when it ended otherwise."""
        where = ["--project", self.cloud.project, "--bucket", "demo-files", "--as", "drill"]
        command = [sys.executable, "-m", "shared.admin", *words, *where, "--identity-url", self.identity_url]
        done = subprocess.run(
            command, cwd=ROOT, env=self.cloud.environment(), capture_output=True, text=True, timeout=300
        )
        assert done.returncode == code, f"{' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout
