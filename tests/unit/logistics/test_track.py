"""A track is a function of its positions: order, repetition and where they were stored make no difference."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.place import meters_between
from shared.domain.trip.ping import BUCKET_MS, Ping, milliseconds, read_ping
from shared.domain.trip.track import SPARE, WINDOW, Eta, Track, join, track_of
from shared.port_types import Place

START = datetime(2026, 11, 20, 16, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)
HOME, AWAY = Place(41.9, -87.65), Place(41.8, -87.65)

PINGS = st.builds(
    lambda second, key, version, north: Ping(
        milliseconds(START) + second * 1000, key, version, round(41.8 + north / 1000, 6), -87.65
    ),
    st.integers(0, 400),
    st.sampled_from(["a", "b c", ""]),
    st.integers(0, 3),
    st.integers(0, 101),
)


def tracks_of(pings: Sequence[Ping], received_at: datetime = START + timedelta(hours=1)) -> list[Track]:
    return [track_of(ping, received_at=received_at, destination=HOME) for ping in pings]


@given(st.lists(PINGS, max_size=60), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_give_the_same_track(pings: list[Ping], chance: random.Random) -> None:
    again = [*pings, *chance.choices(pings, k=len(pings))] if pings else []
    chance.shuffle(again)
    whole = join(tracks_of(pings))
    assert join(tracks_of(again)) == whole
    assert join(tracks_of(again)).arrived_at == whole.arrived_at


@given(st.lists(PINGS, max_size=60), st.integers(1, 4), st.randoms(use_true_random=False))
def test_several_documents_of_one_trip_say_what_one_would(
    pings: list[Ping], lanes: int, chance: random.Random
) -> None:
    parts: list[list[Track]] = [[] for _ in range(lanes)]
    for track in tracks_of(pings):
        chance.choice(parts).append(track)
    assert join(Track.from_data(join(part).to_data()) for part in parts) == join(tracks_of(pings))


@given(PINGS)
def test_a_position_is_kept_as_a_line_and_read_again(ping: Ping) -> None:
    assert read_ping(ping.line()) == ping


@given(st.lists(PINGS, max_size=40), PINGS)
def test_one_more_position_never_takes_an_arrival_back(pings: list[Ping], more: Ping) -> None:
    before, after = join(tracks_of(pings)).arrived_at, join(tracks_of([*pings, more])).arrived_at
    assert before is None or (after is not None and after <= before)


def test_of_five_seconds_the_last_position_is_kept_and_of_its_versions_the_highest() -> None:
    first = Ping(milliseconds(START), "a", 1, 41.8, -87.65)
    later = replace(first, at_ms=first.at_ms + BUCKET_MS - 1)
    corrected = replace(later, version=2, latitude=41.81)
    assert join(tracks_of([later, corrected, first])).newest() == [corrected]


def minute_by_minute(*places: tuple[int, Place]) -> list[Ping]:
    return [
        Ping(milliseconds(START) + second * 1000, str(second), 1, place.latitude, place.longitude)
        for second, place in places
    ]


def test_it_has_arrived_once_it_stood_at_the_destination_long_enough() -> None:
    way = minute_by_minute((0, AWAY), (600, HOME), (660, HOME))
    assert join(tracks_of(way)).arrived_at is None
    way += minute_by_minute((700, HOME))
    assert join(tracks_of(way)).arrived_at == START + timedelta(seconds=705) - MOMENT


def test_a_trip_that_begins_where_it_ends_has_not_arrived_before_it_left() -> None:
    waiting = minute_by_minute((0, HOME), (300, HOME), (600, HOME))
    assert join(tracks_of(waiting)).arrived_at is None
    round_trip = [*waiting, *minute_by_minute((900, AWAY), (1800, HOME), (1900, HOME))]
    assert join(tracks_of(round_trip)).arrived_at == START + timedelta(seconds=1905) - MOMENT


def test_a_phone_s_clock_that_is_ahead_is_set_right() -> None:
    ping = Ping(milliseconds(START) + 120_000, "a", 1, 41.8, -87.65)
    track = track_of(ping, received_at=START, destination=None)
    assert track.true_time(ping) == START
    assert not track.within(START + timedelta(seconds=1), None).steps
    assert track.within(START, START).steps


def test_what_leaves_the_window_leaves_it_together_and_nothing_is_lost() -> None:
    pings = minute_by_minute(*((second * 5, AWAY) for second in range(WINDOW + SPARE + 1)))
    track = join(tracks_of(pings))
    live, old = track.split()
    assert len(live.steps) == WINDOW and len(old) == SPARE + 1
    assert sorted([*live.newest(), *old]) == sorted(pings)
    assert live.split() == (live, [])


def test_the_newer_of_two_estimates_holds() -> None:
    older = Eta(START, START + timedelta(minutes=9), 900, "great_circle")
    newer = Eta(START + timedelta(minutes=1), START + timedelta(minutes=8), 800, "google_routes")
    assert Track(eta=older).joined(Track(eta=newer)).eta == newer
    assert Track(eta=newer).joined(Track(eta=older)).eta == newer


def test_a_degree_of_the_meridian_has_its_length() -> None:
    """One sixtieth of a degree is a nautical mile, 1,852 m."""
    assert abs(meters_between(Place(41, -87), Place(42, -87)) - 60 * 1852) < 200
    assert meters_between(Place(10, 179.9), Place(10, -179.9)) < 22_000, "across the date line"
