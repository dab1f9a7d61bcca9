"""The catalogue of components and operations."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.domain.components import COMPONENTS_FILE, catalogue
from shared.errors import Misconfigured


def test_every_component_has_an_operation_that_mends_it() -> None:
    known = catalogue()

    assert known.component("brake_rotor").operations[0] == "brake_pads_rotors"
    assert known.operation("brake_pads_rotors").per == "axle"


def test_brakes_tires_and_seat_belts_are_matters_of_safety_and_paint_is_none() -> None:
    known = catalogue()

    assert [known.component(name).safety for name in ("brake_pad", "tire", "seat_belt", "paint")] == [
        True,
        True,
        True,
        False,
    ]


def test_a_component_that_is_in_one_place_only_says_so() -> None:
    assert catalogue().component("battery").only_zone == "engine_bay"
    assert catalogue().component("tire").only_zone is None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("operations: [horn]", "operations: [hoot]", "unknown operation [hoot]"),
        ("words: [horn]", "words: [tire]", "word [tire] names two"),
        ("{id: horn,", "{id: tire,", "id stands twice"),
        ("zones: [roof]", "zones: [attic]", "zones"),
    ],
)
def test_a_list_that_does_not_hold_together_is_refused(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    written = COMPONENTS_FILE.read_text()
    assert before in written
    broken = tmp_path / "components.yaml"
    broken.write_text(written.replace(before, after, 1))

    with pytest.raises(Misconfigured) as refused:
        catalogue(broken)

    assert said in str(refused.value)
