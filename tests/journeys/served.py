"""The product as a process of its own, to be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from shared.manifest import ROOT
from shared.testing.harness import model_folder


class ServedProduct:
    """`python -m shared.local serve` on a folder and port of its own, without the sample."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.starts = 0

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("COS_")},
            "COS_DATA_DIR": str(self._folder),
            "COS_MODEL_DIR": str(model_folder()),
            "COS_SAMPLE": "none",
            "COS_LOG_LEVEL": "ERROR",
            "PORT": str(self.port),
        }
        with (self._folder.parent / "served.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "shared.local", "serve"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )
        self.starts += 1
        self._await_answer()

    def kill(self) -> None:
        """`kill -9`: nothing gets a chance to tidy up."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ctrl-C; answers the exit code."""
        return self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        code = self._process.wait(timeout=30)
        self._process = None
        return code

    def _await_answer(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self._process and self._process.poll() is not None:
                log = (self._folder.parent / "served.log").read_text()[-2000:]
                raise RuntimeError(f"the product ended at its start: {log}")
            try:
                httpx.get(self.url + "/", timeout=2)
                return
            except httpx.TransportError:
                time.sleep(0.05)
        raise TimeoutError("the product did not answer within 60 s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
