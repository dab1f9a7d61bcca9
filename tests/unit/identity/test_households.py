"""Families share homes, phones and last names: nobody in them becomes somebody else by that alone."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.identity.identity import Identity
from shared.domain.identity.normalise import address_from_parts
from tests.unit.identity.desk import HOME, PHONE, Desk, named, who

HOUSEHOLDS = [{"phones": PHONE}, {"addresses": HOME}, {"phones": PHONE, "addresses": HOME}]


@pytest.mark.parametrize("shared", HOUSEHOLDS)
def test_another_first_name_in_a_household_is_a_new_person_with_a_hint(shared: dict[str, Any]) -> None:
    desk = Desk()
    desk.take(who("Jane Roe", **shared))
    # Nearer by weight than a housemate, and still nobody's first thought.
    desk.take(who("Bernard Miller", addresses=address_from_parts("9 Elm Ave", "Austin", "78701")))
    _, resolution = desk.take(who("Bernard Roe", **shared))
    assert (resolution.decision.outcome, resolution.decision.reviewed) == ("new", ())
    comparison = resolution.decision.explained_by
    assert comparison is not None
    assert "household" in {item.field for item in comparison.evidence}


@pytest.mark.parametrize("birth_date", ["19990506", "19990605"])
def test_another_first_name_with_one_birth_date_is_left_to_a_human(birth_date: str) -> None:
    twin = who("Jane Roe", phones=PHONE, addresses=HOME, birth_dates="19990506")
    other = who("Bernard Roe", phones=PHONE, addresses=HOME, birth_dates=birth_date)
    assert Desk().outcome(twin, other) == "review"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Charles Quimby", "Caleb Quimby"),
        ("John Kelsoe", "Joshua Kelsoe"),
        ("Lauren Weaver", "Karen Weaver"),
        ("Diane Gray", "Danielle Gray"),
        ("Christine Cox", "Christina Cox"),
        ("Eric Cox", "Erica Cox"),
        ("Paul Cox", "Paula Cox"),
        ("Mario Cox", "Maria Cox"),
        ("Joseph Cox", "Josephine Cox"),
        ("Christian Cox", "Christina Cox"),
        ("William Cox", "Liam Cox"),
        ("Mary Ann Cox", "Mary Beth Cox"),
        ("Stanislav Cox", "Stanislava Cox"),
    ],
)
@pytest.mark.parametrize("shared", HOUSEHOLDS)
@pytest.mark.parametrize("contacts", [True, False])
def test_similar_first_names_never_merge_in_a_household(
    one: str, other: str, shared: dict[str, Any], contacts: bool
) -> None:
    ones, others = Identity(names=(named(one),)), Identity(names=(named(other),))
    if contacts:
        ones, others = ones.with_(who(emails="a@a.com")), others.with_(who(emails="b@b.com"))
    household = who(**shared)
    assert Desk().outcome(ones.with_(household), others.with_(household)) in ("new", "review")


@pytest.mark.parametrize("personal", [{"emails": "cox@example.com"}, {"birth_dates": "19800203"}])
def test_alike_names_merge_when_something_personal_agrees(personal: dict[str, Any]) -> None:
    shared = {"phones": PHONE, "addresses": HOME, **personal}
    assert Desk().outcome(who("Christine Cox", **shared), who("Christina Cox", **shared)) == "merged"


def test_alike_names_of_one_household_are_left_to_a_human() -> None:
    shared = {"phones": PHONE, "addresses": HOME}
    assert Desk().outcome(who("Christine Cox", **shared), who("Christina Cox", **shared)) == "review"


@pytest.mark.parametrize("second", ["Chrsitine Cox", "Christinne Cox", "Chris Cox", "Kristine Cox", "C Cox"])
def test_a_slip_or_short_form_in_a_household_is_the_same_person(second: str) -> None:
    shared = {"phones": PHONE, "addresses": HOME}
    assert Desk().outcome(who("Christine Cox", **shared), who(second, **shared)) == "merged"


def test_one_name_at_one_address_with_no_contact_in_common_is_left_to_a_human() -> None:
    father = who("John Roe", addresses=HOME, phones=PHONE, emails="john@example.com")
    son = who("John Roe", addresses=HOME, phones="+13125550199", emails="jr@example.com")
    assert Desk().outcome(father, son) == "review"
    born = who(birth_dates="19800203")
    assert Desk().outcome(father.with_(born), son.with_(born)) == "merged"
    assert Desk().outcome(father, who("John Roe", addresses=HOME)) == "merged"


def test_a_known_email_under_wholly_another_name_and_phone_is_left_to_a_human() -> None:
    desk = Desk()
    first, _ = desk.take(who("Jane Roe", emails="office@example.com", phones=PHONE))
    again, resolution = desk.take(who("Ada Byron", emails="office@example.com", phones="+13125550143"))
    assert (again.person_id, resolution.decision.outcome) == (first.person_id, "review")


def test_a_phone_the_family_shares_does_not_make_father_and_son_of_one_name_one_person() -> None:
    father, son = (
        who("John Roe", phones=PHONE, emails="a@a.com"),
        who("John Roe", phones=PHONE, emails="b@b.com"),
    )
    assert Desk().outcome(father, son) == "merged"
    mother = who("Wanda Roe", phones=PHONE, emails="c@c.com")
    assert Desk().outcome(father, mother, son) == "review"
    assert Desk().outcome(father, mother, who("John Roe", phones=PHONE)) == "merged"
