"""The official Firestore and Pub/Sub emulators, started directly with Java on free loopback ports.

The gcloud wrapper takes seconds; Java alone is ready in about half of one. Nothing here is imported by
the product: tests, `make test-google` and the benchmarks use it.
"""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

FIXTURES = frozenset({"firestore_host", "pubsub_host", "emulators_here"})
"""The pytest fixtures of `emulator_fixtures`: a test that asks for one needs an emulator."""

MISSING = "emulator not on this machine"
_SMALL_JVM = ("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Duser.language=en")
_FIRESTORE_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
_DATASTORE_MAIN = "com.google.cloud.datastore.emulator.CloudDatastore"
_OPEN_RULES = """rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents { match /{document=**} { allow read, write: if true; } }
}
"""


class EmulatorError(Exception):
    """An emulator is not on the machine, ended, or did not answer in time."""


@dataclass(frozen=True)
class Found:
    """What of the emulators is on this machine; `missing` says what is not, in words."""

    java: str | None = None
    firestore_jar: Path | None = None
    pubsub_jar: Path | None = None
    missing: tuple[str, ...] = field(default=())
    datastore_jar: Path | None = None
    """Of use to one check alone, which says so when it is not there: never `missing`."""


def find_emulators() -> Found:
    """Looks for Java and both emulators; costs at most one short `gcloud` call."""
    java = shutil.which("java")
    sdk = _sdk_root()
    firestore = _first(sdk, "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar")
    pubsub = _first(sdk, "platform/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar")
    wanted = {
        "java (install a JRE 11 or newer)": java,
        "the Firestore emulator (gcloud components install cloud-firestore-emulator)": firestore,
        "the Pub/Sub emulator (gcloud components install pubsub-emulator)": pubsub,
    }
    missing = tuple(name for name, path in wanted.items() if path is None)
    datastore = _first(sdk, "platform/cloud-datastore-emulator/CloudDatastore.jar")
    return Found(java, firestore, pubsub, missing, datastore)


@dataclass(frozen=True)
class Emulator:
    """A running emulator; `host` is `127.0.0.1:port`."""

    host: str
    pid: int


@contextmanager
def firestore_emulator(
    rules: Path | None = None, *, port: int | None = None, seed: Path | None = None
) -> Iterator[Emulator]:
    """`rules` is a security rules file for web clients; the default lets everything through. `seed` is an
    export of another one (`export_firestore`): each project begins with its documents, in new versions."""
    found = find_emulators()
    if found.java is None or found.firestore_jar is None:
        raise EmulatorError(f"Missing: {', '.join(found.missing)}")
    with tempfile.TemporaryDirectory(prefix="firestore-emulator-") as folder:
        rules = rules or _written(Path(folder) / "open.rules", _OPEN_RULES)
        program = [found.java, *_SMALL_JVM, "-cp", str(found.firestore_jar), _FIRESTORE_MAIN, "start"]
        options = [f"--rules={rules}", "--database-mode=firestore-native"]
        options += [f"--seed_from_export={seed}"] if seed else []
        with _running([*program, *options], Path(folder), port) as emulator:
            yield emulator


@contextmanager
def datastore_emulator(indexes: Path) -> Iterator[Emulator]:
    """Refuses a query for which the `index.yaml` has no index, as the Firestore emulator does not."""
    found = find_emulators()
    if found.java is None or found.datastore_jar is None:
        raise EmulatorError(
            "Missing: the Datastore emulator (gcloud components install cloud-datastore-emulator)"
        )
    with tempfile.TemporaryDirectory(prefix="datastore-emulator-") as folder:
        program = [found.java, *_SMALL_JVM, "-cp", str(found.datastore_jar), _DATASTORE_MAIN, "start"]
        options = ["--testing", "--require_indexes", f"--index_file={indexes}"]
        with _running([*program, *options], Path(folder)) as emulator:
            yield emulator


def export_firestore(host: str, project: str, folder: Path) -> Path:
    """Writes what the emulator holds of the project to `folder`; answers what a new one is seeded with."""
    name = "export"
    asked = {
        "database": f"projects/{project}/databases/(default)",
        "export_directory": str(folder),
        "export_name": name,
    }
    connection = http.client.HTTPConnection(host, timeout=30)
    body = json.dumps(asked).encode()
    connection.request(
        "POST", f"/emulator/v1/projects/{project}:export", body, {"Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    if answer.status != 200:
        raise EmulatorError(f"Export of [{project}] answered [{answer.status}]: {answer.read()!r}")
    connection.close()
    return folder / name / f"{name}.overall_export_metadata"


@contextmanager
def pubsub_emulator(*, port: int | None = None) -> Iterator[Emulator]:
    """Keeps everything in memory: one started again knows no topic and no message."""
    found = find_emulators()
    if found.java is None or found.pubsub_jar is None:
        raise EmulatorError(f"Missing: {', '.join(found.missing)}")
    with tempfile.TemporaryDirectory(prefix="pubsub-emulator-") as folder:
        program = [found.java, *_SMALL_JVM, "-jar", str(found.pubsub_jar)]
        with _running(program, Path(folder), port) as emulator:
            yield emulator


@contextmanager
def _running(command: Sequence[str], folder: Path, port: int | None = None) -> Iterator[Emulator]:
    port = port or free_port()
    log = folder / "emulator.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*command, "--host=127.0.0.1", f"--port={port}"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
        ) as process,
    ):
        try:
            _wait_ready(process, port, log)
            yield Emulator(f"127.0.0.1:{port}", process.pid)
        finally:
            _stop(process)


def _wait_ready(process: subprocess.Popen[bytes], port: int, log: Path, timeout_s: float = 30.0) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EmulatorError(f"Emulator ended with [{process.returncode}]: {log.read_text()[-2000:]}")
        if _answers(port):
            return
        time.sleep(0.05)
    raise EmulatorError(f"No answer on port [{port}] within [{timeout_s}] s: {log.read_text()[-2000:]}")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False  # not up yet; the caller's deadline decides when that is a failure
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _sdk_root() -> Path | None:
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        return None
    beside = Path(gcloud).resolve().parent.parent
    if (beside / "platform").is_dir():
        return beside
    command = [gcloud, "info", "--format=value(installation.sdk_root)"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
    except (subprocess.SubprocessError, OSError):
        return None  # a gcloud that cannot tell is the same as none: reported as missing
    return Path(answer.stdout.strip())


def _first(root: Path | None, pattern: str) -> Path | None:
    return next(iter(sorted(root.glob(pattern))), None) if root else None


def _written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path
