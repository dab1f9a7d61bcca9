"""A pytest plugin: whatever store of documents a test's product opens is watched, and what was seen is kept.

python -m pytest -p tests.firestore.watching --seen FILE tests/functions …
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.platform import Factory
from shared.ports import Query
from shared.testing.emulators import FIXTURES
from shared.testing.recording_documents import RecordingDocuments, Seen, calling
from shared.wiring import EMBEDDED

LEFT_OUT = (
    # Seconds of computing or waiting each, and no query that others do not ask.
    "test_a_poison_event_goes_to_the_dead_letters",
    "records_intake/test_interruptions.py",
    "plate_composer/test_examples.py",
    "plate_composer/test_promised.py",
    "chat_stream/test_giving_up.py",
    "test_a_client_that_takes_nothing_holds_up_nobody",
    "membrane/test_refining.py",
    "test_functions_that_are_first_used_at_the_same_time",
    *(
        f"identity_training/test_training.py::test_{name}"
        for name in ("a_register", "a_tenant_with", "an_odd")
    ),
    *(f"identity_training/test_training.py::test_{name}" for name in ("customers", "learned", "what_is")),
)

_seen = Seen()
_patches = pytest.MonkeyPatch()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seen", required=True, help="Where to keep what was seen.")


def pytest_configure() -> None:
    _patches.setitem(EMBEDDED, "documents", _watched(EMBEDDED["documents"]))
    _patches.setattr(Query, "__init__", _noting(Query.__init__))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Examples made by chance would see something else each time; the emulators are another store."""
    left_out = [item for item in items if _is_left_out(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_sessionfinish(session: pytest.Session) -> None:
    _patches.undo()
    Path(session.config.getoption("--seen")).write_bytes(pickle.dumps(_seen))


def _is_left_out(item: pytest.Item) -> bool:
    is_by_chance = item.get_closest_marker("hypothesis") is not None
    needs_emulator = bool(FIXTURES & set(getattr(item, "fixturenames", ())))
    return is_by_chance or needs_emulator or any(part in item.nodeid for part in LEFT_OUT)


def _watched(factory: Factory) -> Factory:
    return lambda platform: RecordingDocuments(factory(platform), _seen)


def _noting(make: Callable[..., None]) -> Callable[..., None]:
    def init(query: Query, *args: Any, **kwargs: Any) -> None:
        if stack := calling():
            _seen.made.add(stack)
        make(query, *args, **kwargs)

    return init
