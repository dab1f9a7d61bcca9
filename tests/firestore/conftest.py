from __future__ import annotations

import pytest

from shared.testing.recording_documents import Seen
from tests.firestore.record import watched_before

pytest.register_assert_rewrite("tests.firestore.web_client")


@pytest.fixture(scope="session")
def seen() -> Seen:
    """What the function tests, the journeys and the plates ask and keep; watched anew when it changed."""
    return watched_before()
