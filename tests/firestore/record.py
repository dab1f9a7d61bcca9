"""Watches the function tests, the journeys and every plate, and writes down what they ask Firestore.

python -m tests.firestore.record        writes shared/deploy/firestore_recorded.json (`make record`)
"""

from __future__ import annotations

import hashlib
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from shared.deploy.firestore_shapes import RECORDED, Carries, Recorded, as_text
from shared.manifest import ROOT
from shared.testing.recording_documents import TENANTS_PORTS, Place, Seen
from tests.firestore.sites import passing_functions

WATCHED = (
    "tests/functions",
    "tests/journeys/test_embedded.py",
    "tests/firestore/administration_asked.py",
    "tests/firestore/plates_asked_every_way.py",
)
EVERYBODYS = TENANTS_PORTS | {"shared/runtime/work.py"}
"""Handles through which everybody asks."""
RUNTIME = "shared/runtime/"
TIMEOUT_S = 1500
KEPT = ROOT / "build" / "firestore"
READ = ("functions", "shared", "sql", "tests/functions", "tests/journeys", "tests/firestore")
"""What the watched tests are made of."""


class RecordingFailed(Exception):
    """A watched test failed, so not everything was seen; the message has the tests' own words."""


def watch(tests: Sequence[str] = WATCHED) -> Seen:
    """Runs the tests in a process of their own, for it is the whole process that is watched."""
    with tempfile.TemporaryDirectory(prefix="recording-") as folder:
        seen = Path(folder) / "seen"
        options = ["-q", "-p", "no:cacheprovider", "-p", "tests.firestore.watching", "--seen", str(seen)]
        command = [sys.executable, "-m", "pytest", *options, *tests]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
        if done.returncode:
            raise RecordingFailed(done.stdout[-4000:] + done.stderr[-2000:])
        found = pickle.loads(seen.read_bytes())
        assert isinstance(found, Seen), "the plugin writes nothing else"
        return found


def watched_before() -> Seen:
    """What was seen of just this code; watches it when nobody did."""
    kept = KEPT / f"seen-{_content()}"
    if not kept.is_file():
        found = watch()
        shutil.rmtree(KEPT, ignore_errors=True)
        KEPT.mkdir(parents=True)
        kept.write_bytes(pickle.dumps(found))
    known = pickle.loads(kept.read_bytes())
    assert isinstance(known, Seen), "nothing else is kept there"
    return known


def _content() -> str:
    """The hash of every file that has a say in what is seen."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(path for folder in READ for path in (ROOT / folder).rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and path != RECORDED:
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>"})
"""Calls of their own up to Python 3.11, part of their function from 3.12 on."""


def recorded_from(seen: Seen, root: Path = ROOT) -> Recorded:
    """What was seen, as it is written down: without lines, which move with every edit."""
    passing = passing_functions(root)
    queries = {shape: tuple(sorted(_asker(stacks, passing))) for shape, stacks in seen.asked.items()}
    named = _words(root)
    kept = {path: kinds for path, kinds in seen.kept.items() if path.rpartition("/")[2] in named}
    return Recorded(queries, {path: _carries(kinds) for path, kinds in kept.items()})


def _asker(stacks: Iterable[Sequence[Place]], passing: set[tuple[str, str]]) -> set[str]:
    """The files that say what is asked: of a function that only fills in what it is given, its callers'."""
    found = set()
    for stack in stacks:
        own = [
            place for place in stack if place.file not in EVERYBODYS and place.function not in COMPREHENSIONS
        ]
        hands_on = (_module(own[0].file), own[0].function) in passing and len(own) > 1
        caller = own[1] if hands_on else own[0]
        found.add(own[0].file if caller.file.startswith(RUNTIME) else caller.file)
    return found


def _carries(kinds: set[str]) -> Carries:
    """A TTL policy heeds a time alone; anything else in the field is as good as nothing."""
    return "always" if kinds == {"time"} else "sometimes" if "time" in kinds else "never"


def _words(root: Path) -> set[str]:
    """Every word in a string of the code: a collection that only a test's own handler writes is not in it."""
    return {
        word
        for folder in ("functions", "shared")
        for path in (root / folder).rglob("*.py")
        for word in re.findall(r"[\"'/]([a-z_]+)(?=[\"'/])", path.read_text(encoding="utf-8"))
    }


def _module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def main() -> int:
    recorded = recorded_from(watch())
    RECORDED.write_text(as_text(recorded), encoding="utf-8")
    found = f"{len(recorded.queries)} queries and {len(recorded.collections)} collections"
    print(f"{found} written; run `make docs`")
    return 0


if __name__ == "__main__":
    sys.exit(main())
