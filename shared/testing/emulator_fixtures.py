"""pytest fixtures over the emulators: one process a session, a fresh project a test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from shared.testing.emulators import MISSING, find_emulators, firestore_emulator, pubsub_emulator


@pytest.fixture(scope="session")
def firestore_host() -> Iterator[str]:
    _skip_when_missing()
    with firestore_emulator() as emulator:
        yield emulator.host


@pytest.fixture(scope="session")
def pubsub_host() -> Iterator[str]:
    _skip_when_missing()
    with pubsub_emulator() as emulator:
        yield emulator.host


@pytest.fixture(scope="session")
def emulators_here() -> None:
    """For tests that start emulators of their own, to break them."""
    _skip_when_missing()


@pytest.fixture
def project() -> str:
    """An empty database and an empty bus: the emulators keep projects apart."""
    return f"demo-{uuid.uuid4().hex[:16]}"


def _skip_when_missing() -> None:
    if missing := find_emulators().missing:
        pytest.skip(f"{MISSING}: {', '.join(missing)}")
