from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stress.dealership import Dealership, open_dealership
from tests.stress.fleet import Fleet, running_fleet


@pytest.fixture(scope="session")
def whole_fleet(emulators_here: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with running_fleet(tmp_path_factory.mktemp("fleet")) as fleet:
        yield fleet


@pytest.fixture
def fleet(whole_fleet: Fleet) -> Iterator[Fleet]:
    """The session's fleet, left as it was found."""
    yield whole_fleet
    whole_fleet.wires.mend()
    whole_fleet.front.forward()
    whole_fleet.front.copies = lambda: 1


@pytest.fixture
def dealership(fleet: Fleet) -> Dealership:
    return open_dealership(fleet)
