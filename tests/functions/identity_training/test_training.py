"""Weights are learned from a tenant's own people, within bounds, and likely duplicates are listed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.identity_training.estimate import TOO_MANY_BITS, TooLittleToLearnError, estimate
from shared.domain.identity.identity import Address, Identity, Name
from shared.domain.identity.levels import LEVELS
from shared.domain.identity.weights import shipped_weights, weights_from
from shared.domain.person import Person
from shared.ports import Query, Write
from shared.testing.harness import Harness, running

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FIRSTS = ["jane", "bernard", "ada", "oliver", "wanda", "hector", "priya", "yusuf", "chloe", "igor"]


def dealership(size: int, seed: int, *, wrong_first_names: bool = False) -> list[Identity]:
    """People with two records each, the second with slips; every other one has somebody at home."""
    chance = random.Random(seed)
    found: list[Identity] = []
    for number in range(size):
        last = "smith" if number % 10 == 0 else "".join(chance.choices("bcdfglmnprst", k=3)) + "aker"
        home = Address(
            f"{chance.randrange(1, 999)} {chance.choice('abcdef')}lm st", "austin", f"787{number % 40:02d}"
        )
        person = someone(chance, last, home)
        found += [person, with_slips(chance, person, wrong_first_names)]
        if number % 2 and not wrong_first_names:
            found.append(replace(someone(chance, last, home), phones=person.phones))
    return found


def someone(chance: random.Random, last: str, home: Address) -> Identity:
    first = chance.choice(FIRSTS)
    return Identity(
        names=(Name(first, last),),
        birth_dates=(
            f"{chance.randrange(1940, 2005)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}",
        ),
        emails=(f"{first}.{last}{chance.randrange(10_000)}@example.com",),
        phones=(f"+1312{chance.randrange(2_000_000, 9_999_999)}",),
        addresses=(home,),
    )


def with_slips(chance: random.Random, person: Identity, wrong_first_names: bool) -> Identity:
    name = person.names[0]
    first = chance.choice(FIRSTS) if wrong_first_names else name.first
    last = name.last[:-1] if chance.random() < 0.2 else name.last
    emails = () if chance.random() < 0.5 else person.emails
    return replace(person, names=(Name(first, last),), emails=emails)


def without_contacts(records: list[Identity]) -> list[Identity]:
    return [replace(record, emails=(), phones=()) for record in records]


def test_learned_weights_are_complete_and_know_which_names_are_common() -> None:
    learned = estimate(dealership(400, seed=1), shipped_weights(), version="learned-1")
    assert learned.version == "learned-1"
    assert learned.bits("birth_date", "exact") > 5 > 0 > learned.bits("birth_date", "different")
    assert learned.rarity_bits("last_name", "smith") < learned.rarity_bits("last_name", "quilliam")
    assert learned.rarity_bits("city", "austin") <= 0


def test_what_is_learned_depends_on_the_records_alone() -> None:
    once, again = (estimate(dealership(300, seed=2), shipped_weights(), version="x") for _ in range(2))
    assert once == again


def test_a_tenant_with_households_keeps_the_household_guard() -> None:
    assert estimate(dealership(800, seed=3), shipped_weights(), version="x").has_households


def test_a_register_where_one_family_at_one_address_has_one_birth_date_has_wrong_first_names() -> None:
    records = without_contacts(dealership(800, seed=4, wrong_first_names=True))
    assert not estimate(records, shipped_weights(), version="x").has_households


def test_a_register_of_families_keeps_the_household_guard() -> None:
    records = without_contacts(dealership(800, seed=4))
    assert estimate(records, shipped_weights(), version="x").has_households


@pytest.mark.parametrize("wrong_first_names", [True, False])
def test_customers_one_can_reach_keep_the_household_guard_even_when_a_form_gives_all_one_birth_date(
    wrong_first_names: bool,
) -> None:
    records = dealership(400, seed=4, wrong_first_names=wrong_first_names)
    by_default = [replace(record, birth_dates=("19700101",)) for record in records]
    for known in (by_default, [*without_contacts(by_default[:-20]), *by_default[-20:]]):
        assert estimate(known, shipped_weights(), version="x").has_households


def test_too_few_records_teach_nothing() -> None:
    with pytest.raises(TooLittleToLearnError, match="records"):
        estimate(dealership(20, seed=5), shipped_weights(), version="x")


def _word(chance: random.Random) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=8))


def test_a_tenant_without_duplicates_teaches_nothing() -> None:
    chance = random.Random(6)
    strangers = [
        someone(chance, _word(chance), Address(f"{n} {_word(chance)} st", _word(chance), f"{n:05d}"))
        for n in range(600)
    ]
    with pytest.raises(TooLittleToLearnError, match="one person"):
        estimate(strangers, shipped_weights(), version="x")


odd_values = st.sampled_from(["+13125550142", "+13125550143", ""])


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000), odd_values, st.booleans(), st.booleans())
def test_an_odd_tenant_cannot_learn_nonsense(seed: int, phone: str, one_city: bool, one_name: bool) -> None:
    """One phone for all, one address for all, one name for all: call centres, imports gone wrong."""
    odd = [
        replace(
            record,
            phones=(phone,) if phone else record.phones,
            addresses=(Address("1 elm st", "austin", "78701"),) if one_city else record.addresses,
            names=(Name("test", "test"),) if one_name else record.names,
        )
        for record in dealership(150, seed=seed)
    ]
    shipped = shipped_weights()
    try:
        learned = estimate(odd, shipped, version="x")
    except TooLittleToLearnError:
        return
    for field, levels in LEVELS.items():
        for level in levels:
            assert abs(learned.bits(field, level) - shipped.bits(field, level)) <= TOO_MANY_BITS
    assert -24 <= learned.prior_bits <= -6
    assert learned.has_households


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Harness]:
    with running(tmp_path) as harness:
        yield harness


def store_people(product: Harness, identities: list[Identity], tenant: str = "autohaus") -> list[Person]:
    people = [
        Person(f"p{n:05d}", NOW, NOW, identity=identity, founded_with=identity)
        for n, identity in enumerate(identities)
    ]
    for start in range(0, len(people), 200):
        product.tenant(tenant).documents.commit(
            [Write(person.path, person.to_data()) for person in people[start : start + 200]]
        )
    return people


def trained(product: Harness) -> dict[str, Any]:
    response = product.product.run("identity_training")
    assert response.status == 200, response.body
    answer: dict[str, Any] = json.loads(response.body)["result"]
    return answer


def test_a_night_writes_a_version_and_the_intake_uses_it(product: Harness) -> None:
    store_people(product, dealership(300, seed=7))
    answer = trained(product)["autohaus"]
    stored = product.tenant().documents.get("identity_models/current")
    assert stored is not None
    assert weights_from(stored.data).version == answer["weights"] != shipped_weights().version
    assert product.tenant().documents.get(f"identity_models/{answer['weights']}") is not None
    lead = {"source": "WEB_LEAD", "name": "Ada Byron", "phone": "312-555-0142"}
    again = {**lead, "comments": "again"}
    for body in (lead, again):
        response = product.call("POST", "/api/crm/intake", json=body, api_key=True)
    [prior] = [i for i in json.loads(response.body)["explanation"] if i["field"] == "prior"]
    assert prior["weight"] == round(weights_from(stored.data).prior_bits, 2) != shipped_weights().prior_bits


def test_a_tenant_with_too_little_keeps_the_shipped_weights(product: Harness) -> None:
    store_people(product, dealership(300, seed=8))
    answer = trained(product)["northside"]
    assert answer["weights"] == shipped_weights().version
    assert product.tenant("northside").documents.get("identity_models/current") is None


def test_likely_duplicates_are_listed_once_and_never_those_told_apart(product: Harness) -> None:
    jane = Identity(names=(Name("jane", "roe"),), phones=("+13125550142",))
    told_apart = Identity(names=(Name("ada", "byron"),), phones=("+13125550143",))
    people = store_people(product, [jane, jane, told_apart, told_apart])
    product.tenant().documents.commit(
        [Write(people[2].path, replace(people[2], distinct_from=(people[3].person_id,)).to_data())]
    )
    for _ in range(2):
        assert trained(product)["autohaus"]["listed_pairs"] == 1
    [pair] = product.tenant().documents.query(Query("duplicate_candidates"))
    assert pair.data["person_ids"] == ["p00000", "p00001"]
    assert pair.data["status"] == "pending"


def test_a_pair_a_human_decided_on_is_not_opened_again(product: Harness) -> None:
    jane = Identity(names=(Name("jane", "roe"),), phones=("+13125550142",))
    store_people(product, [jane, jane])
    trained(product)
    [pair] = product.tenant().documents.query(Query("duplicate_candidates"))
    product.tenant().documents.commit([Write(pair.path, {**pair.data, "status": "dismissed"})])
    assert trained(product)["autohaus"]["listed_pairs"] == 0
