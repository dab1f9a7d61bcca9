"""Functions served as they are deployed: functions-framework with gunicorn, a process each."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.manifest import FUNCTIONS, ROOT, Manifest
from shared.testing.emulators import free_port

READY_S = 60.0
STOP_S = 5.0


@dataclass(frozen=True)
class FunctionProcess:
    name: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def await_ready(self, timeout_s: float = READY_S) -> None:
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"[{self.name}] ended at its start: {self.log.read_text()[-3000:]}")
            if _answers(self.port):
                return
            time.sleep(0.05)
        raise TimeoutError(
            f"[{self.name}] did not answer within {timeout_s} s: {self.log.read_text()[-3000:]}"
        )

    def kill(self) -> None:
        """As a machine that loses its power: server and workers at once, nothing is finished."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def command(manifest: Manifest, port: int, functions: Path = FUNCTIONS) -> list[str]:
    """How the deployed container starts it; `functions` is the folder that holds its folder."""
    if manifest.kind == "service":
        target = f"functions.{manifest.name}.main:app"
        return [sys.executable, "-m", "uvicorn", target, "--host", "127.0.0.1", "--port", str(port)]
    source = str(functions / manifest.name / "main.py")
    wanted = ["--target", manifest.name, "--source", source, "--host", "127.0.0.1", "--port", str(port)]
    return [sys.executable, "-m", "functions_framework", *wanted]


@contextmanager
def function_processes(
    manifests: Mapping[str, Manifest], environment: Mapping[str, str], folder: Path
) -> Iterator[dict[str, FunctionProcess]]:
    """All of them, each ready. What they log lies in `folder`, one file each."""
    with ExitStack() as stack:
        started = {name: start(manifest, environment, folder) for name, manifest in manifests.items()}
        for one in started.values():
            stack.callback(one.stop)
        for one in started.values():
            one.await_ready()
        yield started


HELLO = "def hello(request):\n    return 'hello'\n"


@contextmanager
def bare_process(
    environment: Mapping[str, str], folder: Path, code: str = HELLO
) -> Iterator[FunctionProcess]:
    """A function `hello` that is no capability, served by the same command; this one only says so."""
    source, port = folder / "hello.py", free_port()
    source.write_text(code)
    wanted = ["--target", "hello", "--source", str(source), "--host", "127.0.0.1", "--port", str(port)]
    started = _spawn(
        "hello", port, [sys.executable, "-m", "functions_framework", *wanted], environment, folder
    )
    try:
        started.await_ready()
        yield started
    finally:
        started.stop()


def start(
    manifest: Manifest,
    environment: Mapping[str, str],
    folder: Path,
    *,
    port: int | None = None,
    functions: Path = FUNCTIONS,
) -> FunctionProcess:
    """Not awaited; on a given port the log of the one before it is continued."""
    port = port or free_port()
    return _spawn(manifest.name, port, command(manifest, port, functions), environment, folder)


def _spawn(
    name: str, port: int, program: list[str], environment: Mapping[str, str], folder: Path
) -> FunctionProcess:
    log = folder / f"{name}-{port}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            program, cwd=ROOT, env=dict(environment), stdout=output, stderr=output, start_new_session=True
        )
    return FunctionProcess(name, port, process, log)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False  # not up yet; the caller's deadline decides when that is a failure
    finally:
        connection.close()
