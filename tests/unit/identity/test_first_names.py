"""First names: which two may be one person's, and which are two people's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.identity.first_names import first_name_level, is_established, is_slip
from shared.domain.identity.given_names import GIVEN_NAMES
from shared.domain.identity.levels import LEVELS

SAME = ("exact", "variant", "close")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("douglas", "duglas"),
        ("mark", "mrak"),
        ("mark", "maark"),
        ("agnieszka", "angieszka"),
        ("christopher", "christohper"),
        ("alexander", "aelxandr"),
        ("mei", "meii"),
        ("joe", "joee"),
        ("sara", "sarah"),
        ("kathryn", "katherine"),
        ("steven", "stephen"),
        ("liz", "elizabeth"),
        ("mary ann", "mary"),
        ("mary ann", "maryann"),
        ("mary ann", "mary a"),
    ],
)
def test_slips_spellings_and_short_forms_may_be_one_person(one: str, other: str) -> None:
    assert first_name_level(one, other) in SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("christine", "christina"),
        ("eric", "erica"),
        ("paul", "paula"),
        ("mario", "maria"),
        ("joan", "jean"),
        ("julia", "julie"),
        ("joseph", "josephine"),
        ("mary ann", "mary beth"),
        ("amir", "amit"),
        ("stanislav", "stanislava"),
        ("graziano", "graziana"),
    ],
)
def test_names_that_look_alike_and_are_two_are_alike(one: str, other: str) -> None:
    assert first_name_level(one, other) == "alike"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("charles", "caleb"),
        ("john", "joshua"),
        ("diane", "danielle"),
        ("lauren", "karen"),
        ("brian", "brandon"),
        ("amy", "mary"),
        ("tom", "tim"),
        ("ron", "don"),
    ],
)
def test_two_names_in_their_own_right_are_different(one: str, other: str) -> None:
    assert first_name_level(one, other) == "different"


def test_the_other_first_letter_or_gender_is_no_slip() -> None:
    assert not is_slip("tarik", "farik")
    assert not is_slip("dragan", "dragana")
    assert is_slip("kristof", "cristof")


words = st.one_of(st.sampled_from(sorted(GIVEN_NAMES)), st.text(alphabet="abcé -ж", min_size=1, max_size=9))


@given(words, words)
def test_first_names_agree_the_same_from_both_sides(one: str, other: str) -> None:
    level = first_name_level(one, other)
    assert level == first_name_level(other, one)
    assert level in LEVELS["first_name"]


def test_listed_names_are_folded_words_and_never_slips_of_one_another() -> None:
    assert all(name.isascii() and name.isalpha() and name.islower() for name in GIVEN_NAMES)
    assert is_established("bob") and is_established("robert") and not is_established("robrt")
    assert first_name_level("maria", "marla") not in SAME
