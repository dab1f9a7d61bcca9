"""Names, dates, addresses and numbers as people write them, and how well two of them agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.identity.identity import Address, Identity, Name
from shared.domain.identity.levels import LEVELS, agreement
from shared.domain.identity.normalise import address_from_parts, name_from_full, name_from_parts

texts = st.text(alphabet="abcdé '-", max_size=8)
names = st.builds(Name, texts, texts)
identities = st.builds(
    Identity,
    names=st.lists(names, max_size=3).map(tuple),
    birth_dates=st.lists(st.sampled_from(["19800102", "19800201", "19900303"]), max_size=2).map(tuple),
    emails=st.lists(st.sampled_from(["ann.lee@a.com", "ann.lee@b.com", "b@c.de"]), max_size=2).map(tuple),
    addresses=st.lists(st.builds(Address, texts, texts, st.just("78701")), max_size=2).map(tuple),
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jane Roe", Name("jane", "roe")),
        ("Dr. John Q. van der Berg Jr.", Name("john", "van der berg")),
        ("Smith, Anna", Name("anna", "smith")),
        ("John Smith, Jr.", Name("john", "smith")),
        ("  JOSÉ   Núñez ", Name("jose", "nunez")),
        ("Søren O'Neil", Name("soren", "oneil")),
        ("Cher", Name("cher", "")),
        ("Dr", Name("dr", "")),
        ("?!", Name("", "")),
    ],
)
def test_a_whole_name_is_taken_apart(text: str, name: Name) -> None:
    assert name_from_full(text) == name


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("jane", "jane", "exact"),
        ("bob", "robert", "variant"),
        ("matthew", "mathew", "variant"),
        ("mary ann", "mary", "variant"),
        ("j", "jane", "initial"),
        ("k", "jane", "different"),
        ("pia", "pai", "close"),
        ("tom", "tim", "different"),
        ("jane", "robert", "different"),
    ],
)
def test_first_names_agree_as_far_as_people_would_say(one: str, other: str, level: str) -> None:
    found = agreement(Identity(names=(Name(one, "roe"),)), Identity(names=(Name(other, "roe"),)))
    assert found["first_name"] == level


def test_a_name_known_in_part_agrees_the_same_from_both_sides() -> None:
    whole = Identity(names=(Name("a", "aaa"),))
    parts = Identity(names=(Name("-", ""), Name("", "a")))
    assert agreement(whole, parts) == agreement(parts, whole)


def test_names_the_other_way_round_are_seen() -> None:
    found = agreement(Identity(names=(Name("roe", "jane"),)), Identity(names=(Name("jane", "roe"),)))
    assert found == {"first_name": "swapped", "last_name": "swapped"}


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("19800203", "19800203", "exact"),
        ("19800203", "19800302", "close"),
        ("19800203", "19800204", "close"),
        ("19800203", "19801117", "same_year"),
        ("19800203", "19551117", "different"),
    ],
)
def test_birth_dates_forgive_one_slip_and_day_for_month(one: str, other: str, level: str) -> None:
    assert agreement(Identity(birth_dates=(one,)), Identity(birth_dates=(other,)))["birth_date"] == level


@pytest.mark.parametrize(
    ("street", "level"),
    [
        ("45 McCulloch Street", "exact"),
        ("45 mcculoch st.", "close"),
        ("46 McCulloch St", "close"),
        ("1210 McCulloch St", "same_street"),
        ("45 Elm Avenue", "same_number"),
        ("9 Elm Avenue", "different"),
    ],
)
def test_streets_are_compared_by_number_and_name(street: str, level: str) -> None:
    here, there = address_from_parts("45 McCulloch St", "", ""), address_from_parts(street, "", "")
    assert agreement(Identity(addresses=(here,)), Identity(addresses=(there,)))["street"] == level


def test_a_zip_plus_four_is_its_five_digits() -> None:
    assert address_from_parts("", "", "78701-1234").postal_code == "78701"


def test_what_one_side_does_not_know_says_nothing() -> None:
    one = Identity(emails=("a@b.co",), phones=("+13125550142",))
    assert agreement(one, Identity(phones=("+13125550142",))) == {"phone": "exact"}


def test_the_best_of_several_values_counts() -> None:
    one = Identity(phones=("+13125550142", "+13125550143"))
    other = Identity(phones=("+13125559999", "+13125550143"))
    assert agreement(one, other)["phone"] == "exact"


def test_a_first_name_is_not_taken_from_one_name_and_the_last_from_another() -> None:
    household = Identity(names=(Name("jane", "roe"), Name("bob", "miller")))
    assert agreement(Identity(names=(Name("jane", "miller"),)), household) != {
        "first_name": "exact",
        "last_name": "exact",
    }


@given(identities, identities)
def test_agreement_is_the_same_from_both_sides_and_uses_known_levels(one: Identity, other: Identity) -> None:
    there, back = agreement(one, other), agreement(other, one)
    assert set(there) == set(back)
    assert all(level in LEVELS[field] for field, level in there.items())


@given(identities)
def test_an_identity_survives_its_document(identity: Identity) -> None:
    assert Identity.from_data(identity.to_data()) == identity


@given(identities, identities)
def test_knowing_more_never_loses_what_was_known(one: Identity, other: Identity) -> None:
    both = one.with_(other)
    assert set(one.birth_dates) <= set(both.birth_dates)
    assert both.with_(other) == both


@given(st.text(max_size=60))
def test_any_text_is_a_name_and_reading_it_twice_changes_nothing(text: str) -> None:
    name = name_from_full(text)
    assert name_from_parts(name.first, name.last) == name
