"""The rules by which indexes are derived are those of Google's own planner, query by query."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.deploy.firestore_indexes import Index, needed_indexes
from shared.deploy.firestore_shapes import Shape, recorded
from shared.ports import Query
from shared.testing.emulators import find_emulators
from shared.testing.recording_documents import shape_of
from tests.firestore.planner import Planner, can_be_asked, planner
from tests.firestore.test_index_rules import BY_ITSELF, NEEDED

INDEXES = list(needed_indexes(recorded().queries).items())
ASKABLE = [shape for query, _ in NEEDED if can_be_asked(shape := shape_of(query))]
ALL, NONE = "all", "none"


def worlds() -> dict[str, list[Index]]:
    """With all the product's indexes, with all but one, with none, and with the one that a rule asks for."""
    every = [index for index, _ in INDEXES]
    without = {f"without_{number}": every[:number] + every[number + 1 :] for number in range(len(every))}
    needed = {f"needed_{number}": list(needed_indexes([shape])) for number, shape in enumerate(ASKABLE)}
    return {ALL: every, NONE: [], **without, **needed}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    found = find_emulators()
    if not (found.java and found.datastore_jar):
        pytest.skip("emulator not on this machine: gcloud components install cloud-datastore-emulator")
    with planner(tmp_path_factory.mktemp("planner"), worlds()) as running:
        yield running


@pytest.mark.parametrize("shape", sorted(filter(can_be_asked, recorded().queries)), ids=str)
def test_every_query_of_the_product_is_answered_by_the_derived_indexes(asked: Planner, shape: Shape) -> None:
    assert asked.answers(shape, ALL)


@pytest.mark.parametrize("number", range(len(INDEXES)))
def test_without_one_of_them_a_query_is_refused(asked: Planner, number: int) -> None:
    """But for one that the others of its collection make up for, merged: one of its own reads less. Lists
    beside other fields are not planned as Firestore plans them (ADR 18); those are declared anyway."""
    _, (shape, *_) = INDEXES[number]
    if shape.contains:
        assert asked.answers(shape, ALL)
        return
    assert not asked.answers(shape, f"without_{number}") or is_merged_from_others(shape, number)


def is_merged_from_others(shape: Shape, number: int) -> bool:
    """Others of the same order hold, together, all that is asked to be equal."""
    wanted, order = {*shape.equal, *shape.contains}, [name for name, _ in shape.order]
    covered: set[str] = set()
    for other, (index, _) in enumerate(INDEXES):
        paths = [path for path, _ in index.fields]
        equal = set(paths[: len(paths) - len(order)])
        is_beside = other != number and index.collection == INDEXES[number][0].collection
        if is_beside and paths[len(paths) - len(order) :] == order and equal <= wanted:
            covered |= equal
    return covered == wanted


@pytest.mark.parametrize("query", [query for query in BY_ITSELF if can_be_asked(shape_of(query))], ids=str)
def test_what_the_rules_leave_to_the_automatic_indexes_needs_no_other(asked: Planner, query: Query) -> None:
    assert asked.answers(shape_of(query), NONE)


@pytest.mark.parametrize("number", range(len(ASKABLE)), ids=lambda number: str(ASKABLE[number]))
def test_what_the_rules_ask_an_index_for_needs_just_that_one(asked: Planner, number: int) -> None:
    shape = ASKABLE[number]
    assert (asked.answers(shape, NONE), asked.answers(shape, f"needed_{number}")) == (False, True)
