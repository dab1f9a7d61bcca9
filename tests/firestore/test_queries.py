"""Firestore has exactly the indexes the code's queries need: the code is watched, not read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from shared.deploy.firestore_indexes import indexes_data, unindexed_fields
from shared.deploy.firestore_shapes import TTL_FIELD, Recorded, Shape, as_text, recorded
from shared.manifest import ROOT
from shared.testing.recording_documents import Place, Seen
from tests.firestore.comparing import unlike_needed, unlike_seen
from tests.firestore.record import recorded_from
from tests.firestore.sites import Site, query_sites, unseen

INDEXES = json.loads((ROOT / "terraform" / "derived" / "indexes.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.timeout(1560)


def lines(problems: list[str]) -> str:
    """A failed test then shows every one of them."""
    return "\n".join(problems)


def test_every_place_that_asks_was_seen_asking(seen: Seen) -> None:
    assert lines(unseen(query_sites(ROOT), seen)) == ""


def test_what_is_written_down_is_what_is_asked(seen: Seen) -> None:
    assert lines(unlike_seen(recorded(), recorded_from(seen))) == ""


def test_every_composite_query_has_its_index_and_every_index_its_query(seen: Seen) -> None:
    assert lines(unlike_needed(INDEXES["composite"], seen.asked)) == ""


def test_what_is_not_indexed_is_kept_and_nobody_asks_for_it(seen: Seen) -> None:
    kept = {(path.rpartition("/")[2], name) for path, names in seen.fields.items() for name in names}
    for one in unindexed_fields():
        assert (one.collection, one.field) in kept
    asked = {(shape.collection_id, name.partition(".")[0]) for shape in seen.asked for name in shape.fields}
    unindexed = {(one["collection_group"], one["field"]) for one in [*INDEXES["ttl"], *INDEXES["unindexed"]]}
    assert asked & unindexed == set()


# seeded mistakes

EFFECTS = Shape("tenants/*/effects", equal=("state",), order=(("claimed_at", False),))
TENANTS = Shape("tenants")


def test_a_query_without_its_index_is_noticed() -> None:
    (problem,) = unlike_needed([], [EFFECTS, TENANTS])
    assert "[effects (state ASCENDING, claimed_at ASCENDING)]" in problem and "lacks" in problem


def test_an_index_nobody_needs_is_noticed() -> None:
    declared = indexes_data(Recorded({EFFECTS: ("a.py",)}, {}))["composite"]
    assert unlike_needed(declared, [EFFECTS]) == []
    (problem,) = unlike_needed(declared, [TENANTS])
    assert "index on [effects] ['state', 'claimed_at'] is needed by no query" in problem


def test_an_index_in_the_wrong_direction_is_two_mistakes() -> None:
    newest_first = replace(EFFECTS, order=(("claimed_at", True),), is_descending=True)
    declared = indexes_data(Recorded({newest_first: ("a.py",)}, {}))["composite"]
    assert len(unlike_needed(declared, [EFFECTS])) == 2


@pytest.mark.parametrize(
    ("written", "seen", "word"),
    [
        (Recorded({}, {}), Recorded({EFFECTS: ("functions/a.py",)}, {}), "functions/a.py"),
        (Recorded({EFFECTS: ("functions/a.py",)}, {}), Recorded({}, {}), "nobody asks it any more"),
        (Recorded({EFFECTS: ("a.py",)}, {}), Recorded({EFFECTS: ("b.py",)}, {}), "asked by ['b.py']"),
        (Recorded({}, {}), Recorded({}, {"quotes": "never"}), "collection [quotes]"),
        (Recorded({}, {"quotes": "never"}), Recorded({}, {}), "not written"),
        (
            Recorded({}, {"quotes": "always"}),
            Recorded({}, {"quotes": "never"}),
            f"carries {TTL_FIELD} [never]",
        ),
    ],
)
def test_a_record_that_is_not_what_was_seen_is_noticed(written: Recorded, seen: Recorded, word: str) -> None:
    (problem,) = unlike_seen(written, seen)
    assert word in problem


def test_the_record_reads_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "recorded.json"
    path.write_text(as_text(recorded()), encoding="utf-8")
    assert recorded(path) == recorded()


MAIN = "functions/one/main.py"
UNSEEN = (9, 9, 12, 12, 16, 17, 22)
"""Lines of `CODE`: where a query is made and where it is sent, and the calls that fill one in."""

CODE = """
from shared.ports import Query

def find(work, kind: str):
    return work.query(Query(kind, (("vin", "==", "1"),)))

class Lists:
    def of(self, kind: str):
        return self.documents.query(Query(kind))

def pages(documents, kind: str):
    yield from documents.query(Query(kind))

def all_of(work, lists):
    a = find(work, "deals")
    b = lists.of("orders")
    for page in pages(work, "trips"):
        print(page)
    return work.warehouse.query("plates/x_v1", {})

def later(work, run):
    return run(work.query, kind)
"""


@pytest.fixture
def sites(tmp_path: Path) -> list[Site]:
    path = tmp_path / MAIN
    path.parent.mkdir(parents=True)
    (tmp_path / "shared").mkdir()
    path.write_text(CODE, encoding="utf-8")
    return query_sites(tmp_path)


def test_whoever_fills_a_query_in_makes_its_callers_places_too(sites: list[Site]) -> None:
    assert {site.place.line for site in sites} == {5, 9, 12, 15, 16, 17, 22}


def test_a_place_nobody_was_seen_at_is_named_with_its_line(sites: list[Site]) -> None:
    asking = (Place(MAIN, 5, 11), Place(MAIN, 15, 8))
    problems = unseen(sites, Seen(asked={Shape("deals"): {asking}}, made={(Place(MAIN, 5, 22),)}))
    assert [problem.partition(" ")[0] for problem in problems] == [f"{MAIN}:{line}:" for line in UNSEEN]
    assert all("no test made this query" in problem for problem in problems)


def test_a_generator_is_seen_at_the_line_that_takes_from_it(sites: list[Site]) -> None:
    taking = (Place(MAIN, 12, 15), Place(MAIN, 17, 16))
    assert not any(":17:" in problem for problem in unseen(sites, Seen(asked={Shape("trips"): {taking}})))
