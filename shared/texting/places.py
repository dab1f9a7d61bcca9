"""Where a recipient may be: the time zones that come into question, and the states whose rules hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from shared.yaml_file import read_yaml

NORTH_AMERICA = "+1"
MOST_ZONES = 8
"""A number that may be in more of them, such as a toll-free one, says nothing of where it is."""


@dataclass(frozen=True)
class Whereabouts:
    """Every zone in `zones` is possible, so a moment must suit all of them. `states` (such as `FL`) are those
    whose rules on texts hold: of the address and of the number's area code, for laws look at either."""

    zones: tuple[str, ...]
    states: tuple[str, ...]
    known_by: Literal["address", "number", "dealership"]


@dataclass(frozen=True)
class _Places:
    zones_of_state: Mapping[str, tuple[str, ...]]
    state_of_postal: Mapping[str, str]
    state_of_area: Mapping[int, str]
    zone_of_area: Mapping[int, str]


def whereabouts(*, postal_codes: Sequence[str], phone: str, dealership_zone: str) -> Whereabouts:
    """From the addresses, else the number, else where the dealership is.

    A number tells where it was bought, not where its owner lives now; that is why the address goes first.
    """
    places = _places()
    by_address = _distinct(places.state_of_postal.get(code.strip()[:3], "") for code in postal_codes)
    by_number = _distinct([places.state_of_area.get(_area(phone), "")])
    states = _distinct([*by_address, *by_number])
    if by_address:
        zones = _distinct(zone for state in by_address for zone in places.zones_of_state[state])
        return Whereabouts(zones, states, "address")
    if zones := _zones_of_number(places, phone):
        return Whereabouts(zones, states, "number")
    return Whereabouts((dealership_zone,), states, "dealership")


def _zones_of_number(places: _Places, phone: str) -> tuple[str, ...]:
    area = _area(phone)
    if area in places.zone_of_area:
        return (places.zone_of_area[area],)
    if area in places.state_of_area:
        return places.zones_of_state[places.state_of_area[area]]
    return _zones_abroad(phone)


def _zones_abroad(phone: str) -> tuple[str, ...]:
    # Only a few numbers come from elsewhere, and the number plans take their time to import.
    import phonenumbers
    from phonenumbers import timezone

    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return ()
    known = tuple(zone for zone in found if zone != timezone.UNKNOWN_TIMEZONE)
    return known if len(known) <= MOST_ZONES else ()


def _area(phone: str) -> int:
    digits = phone.removeprefix(NORTH_AMERICA)
    return (
        int(digits[:3]) if phone.startswith(NORTH_AMERICA) and len(digits) == 10 and digits.isdigit() else 0
    )


def _distinct(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


@lru_cache(maxsize=1)
def _places() -> _Places:
    written = read_yaml(Path(__file__).with_name("places.yaml"))
    states = written["states"]
    return _Places(
        zones_of_state={state: tuple(said["zones"]) for state, said in states.items()},
        state_of_postal={
            prefix: state
            for state, said in states.items()
            for part in said["postal"]
            for prefix in _prefixes(part)
        },
        state_of_area={area: state for state, said in states.items() for area in said["areas"]},
        zone_of_area={area: zone for zone, areas in written["area_zones"].items() for area in areas},
    )


def _prefixes(part: str) -> list[str]:
    """`350-352` is 350, 351 and 352."""
    first, _, last = part.partition("-")
    return [f"{number:03d}" for number in range(int(first), int(last or first) + 1)]
