"""Positions nobody could have driven to are not believed, unless several agree."""

from __future__ import annotations

import pytest

from shared.domain.trip.path import AGREEING, path_of
from shared.domain.trip.ping import Ping

STEP_M = 1 / 111_195
"""Degrees north to a meter."""


def ping(second: int, meters: float) -> Ping:
    return Ping(second * 1000, str(second), 1, 41.8 + meters * STEP_M, -87.65)


def test_an_ordinary_drive_is_believed_and_its_speed_is_observed() -> None:
    drive = [ping(second, second * 20) for second in range(0, 120, 5)]
    path = path_of(drive)
    assert path.believed == tuple(drive) and not path.jumps
    assert path.speed_mps == pytest.approx(20, rel=0.01)


def test_one_jump_is_not_believed_and_not_shown() -> None:
    drive = [ping(second, second * 20) for second in range(0, 60, 5)]
    jump = ping(32, 90_000)
    path = path_of(sorted([*drive, jump]))
    assert path.jumps == (jump,) and path.believed == tuple(drive)


def test_the_newest_position_is_not_the_place_when_it_jumps() -> None:
    path = path_of([ping(0, 0), ping(5, 100), ping(10, 50_000)])
    assert path.believed[-1] == ping(5, 100)


def test_several_that_agree_are_believed_however_far() -> None:
    """The first fix after a ferry, or a first fix that was wrong."""
    far = [ping(10 + 5 * n, 50_000 + 10 * n) for n in range(AGREEING)]
    path = path_of([ping(0, 0), *far])
    assert path.believed == tuple(far)


def test_jumps_to_different_places_do_not_agree() -> None:
    path = path_of([ping(0, 0), ping(5, 50_000), ping(10, 90_000), ping(15, 20_000), ping(20, 300)])
    assert path.believed == (ping(0, 0), ping(20, 300)) and len(path.jumps) == 3


def test_a_long_gap_lets_a_car_get_far() -> None:
    assert len(path_of([ping(0, 0), ping(3600, 100_000)]).believed) == 2


def test_a_moment_is_no_speed() -> None:
    assert path_of([]).speed_mps is None
    assert path_of([ping(0, 0), ping(5, 100)]).speed_mps is None
