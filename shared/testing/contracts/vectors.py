"""What every adapter of the Vectors port keeps."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import InvalidInput
from shared.ports import Scope, StoredVector, Vectors

ANN = Scope(tenant_id="autohaus", person_id="ann")
BEN = Scope(tenant_id="autohaus", person_id="ben")
ANN_ELSEWHERE = Scope(tenant_id="northside", person_id="ann")
SPACE, OTHER_SPACE = "space-a", "space-b"


def pointing(degrees: float) -> list[float]:
    """A direction in the plane: the cosine of two is that of the angle between them."""
    return [math.cos(math.radians(degrees)), math.sin(math.radians(degrees))]


def vector(name: str, degrees: float, model: str = SPACE) -> StoredVector:
    return StoredVector(id=name, model=model, values=pointing(degrees), digest=f"digest of {name}")


def found(vectors: Vectors, scope: Scope, degrees: float = 0, **more: object) -> list[str]:
    model = str(more.pop("model", SPACE))
    limit = int(str(more.pop("limit", 10)))
    return [one.id for one in vectors.search(scope, model=model, values=pointing(degrees), limit=limit)]


class VectorsContract:
    """A subclass gives the fixture `vectors`: an adapter on an empty store."""

    def test_the_most_similar_comes_first_with_its_cosine(self, vectors: Vectors) -> None:
        vectors.upsert(ANN, [vector("far", 90), vector("near", 10), vector("against", 180)])
        nearest = vectors.search(ANN, model=SPACE, values=pointing(0), limit=10)
        assert [one.id for one in nearest] == ["near", "far", "against"]
        cosines = [math.cos(math.radians(angle)) for angle in (10, 90, 180)]
        assert [one.similarity for one in nearest] == pytest.approx(cosines, abs=1e-6)

    def test_no_more_are_found_than_asked_for(self, vectors: Vectors) -> None:
        vectors.upsert(ANN, [vector(f"v{number}", number) for number in range(20)])
        assert found(vectors, ANN, limit=3) == ["v0", "v1", "v2"]

    def test_what_is_equally_near_comes_by_id(self, vectors: Vectors) -> None:
        vectors.upsert(ANN, [vector("b", 20), vector("a", 20), vector("c", 20)])
        assert found(vectors, ANN) == ["a", "b", "c"]

    def test_nobody_finds_what_is_another_persons_or_another_dealerships(self, vectors: Vectors) -> None:
        vectors.upsert(ANN, [vector("hers", 1)])
        vectors.upsert(BEN, [vector("his", 0)])
        vectors.upsert(ANN_ELSEWHERE, [vector("elsewhere", 0)])
        assert found(vectors, ANN) == ["hers"]
        assert found(vectors, BEN) == ["his"]
        assert found(vectors, ANN_ELSEWHERE) == ["elsewhere"]

    def test_spaces_are_never_mixed(self, vectors: Vectors) -> None:
        longer = StoredVector(id="longer", model=OTHER_SPACE, values=[0.0, 0.0, 1.0])
        vectors.upsert(ANN, [vector("here", 80), longer])
        assert found(vectors, ANN) == ["here"]
        asked = vectors.search(ANN, model=OTHER_SPACE, values=[0.0, 0.0, 1.0], limit=10)
        assert [one.id for one in asked] == ["longer"]
        assert found(vectors, ANN, model="space-nobody-wrote") == []

    def test_the_same_id_again_replaces_within_its_scope_alone(self, vectors: Vectors) -> None:
        vectors.upsert(ANN, [vector("one", 0)])
        vectors.upsert(BEN, [vector("one", 45)])
        vectors.upsert(ANN, [vector("one", 60)])
        (hers,) = vectors.search(ANN, model=SPACE, values=pointing(60), limit=10)
        (his,) = vectors.search(BEN, model=SPACE, values=pointing(45), limit=10)
        assert (hers.similarity, his.similarity) == pytest.approx((1, 1), abs=1e-6)

    def test_what_is_held_can_be_read_back(self, vectors: Vectors) -> None:
        vectors.upsert(ANN, [vector("a", 30), vector("b", 40, OTHER_SPACE)])
        b, a = vectors.held(ANN, ["b", "nowhere", "a"])
        assert (a.id, a.model, a.digest) == ("a", SPACE, "digest of a")
        assert (b.id, b.model) == ("b", OTHER_SPACE)
        assert list(a.values) == pytest.approx(pointing(30), abs=1e-6)
        assert vectors.held(BEN, ["a", "b"]) == []
        assert vectors.held(ANN_ELSEWHERE, ["a", "b"]) == []

    def test_what_is_deleted_is_gone_and_only_that(self, vectors: Vectors) -> None:
        vectors.upsert(ANN, [vector("a", 0), vector("b", 1)])
        vectors.upsert(BEN, [vector("a", 0)])
        vectors.delete(ANN, ["a", "a", "never there"])
        assert found(vectors, ANN) == ["b"]
        assert vectors.held(ANN, ["a"]) == []
        assert found(vectors, BEN) == ["a"]

    def test_nothing_to_write_or_delete_is_no_error(self, vectors: Vectors) -> None:
        vectors.upsert(ANN, [])
        vectors.delete(ANN, [])
        assert vectors.held(ANN, []) == []

    @pytest.mark.parametrize("values", [[], [0.0, 0.0], [3.0, 4.0], [float("nan"), 1.0]])
    def test_values_that_are_not_of_length_one_are_refused(
        self, vectors: Vectors, values: Sequence[float]
    ) -> None:
        with pytest.raises(InvalidInput, match="length 1"):
            vectors.upsert(ANN, [StoredVector(id="a", model=SPACE, values=values)])
        with pytest.raises(InvalidInput, match="length 1"):
            vectors.search(ANN, model=SPACE, values=values, limit=1)
        assert vectors.held(ANN, ["a"]) == []

    def test_a_vector_without_a_space_is_refused(self, vectors: Vectors) -> None:
        with pytest.raises(InvalidInput, match="space"):
            vectors.upsert(ANN, [vector("a", 0, "")])

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    @given(
        kept=st.lists(
            st.tuples(
                st.sampled_from(["autohaus", "northside", "a", "a.b"]),
                st.sampled_from(["ann", "ben", "ann|b", "a/n", "S 12%", "ann@x.org"]),
                st.sampled_from(["m1", "m2", "b"]),
                st.integers(0, 359),
            ),
            max_size=12,
        )
    )
    def test_whatever_is_kept_a_search_finds_exactly_its_scope(
        self, vectors: Vectors, kept: list[tuple[str, str, str, int]]
    ) -> None:
        expected: dict[Scope, set[str]] = {}
        space = f"space-{abs(hash(tuple(kept)))}"
        for tenant, person, name, degrees in kept:
            scope = Scope(tenant_id=tenant, person_id=person)
            vectors.upsert(scope, [vector(name, degrees, space)])
            expected.setdefault(scope, set()).add(name)
        for scope, names in expected.items():
            assert set(found(vectors, scope, model=space)) == names
