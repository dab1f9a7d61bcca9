"""The engine on plain documents: who is one person, who is not, and why."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.identity.block_keys import MOST_IDS, MOST_KEYS
from shared.domain.identity.engine import MOST_CANDIDATES, IdentityEngine
from shared.domain.identity.identity import Address, Identity, Name
from shared.domain.identity.normalise import address_from_parts
from shared.domain.identity.weights import shipped_weights
from shared.domain.person import master_of
from tests.unit.identity.desk import HOME, PHONE, Desk, who


def test_somebody_unknown_is_a_new_person() -> None:
    person, resolution = Desk().take(who("Jane Roe", emails="jane@example.com"))
    assert resolution.decision.outcome == "new"
    assert person.identity.emails == ("jane@example.com",)


def test_a_known_email_answers_its_person_without_any_name() -> None:
    desk = Desk()
    first, _ = desk.take(who("Jane Roe", emails="jane@example.com", phones=PHONE))
    again, resolution = desk.take(who(emails="jane@example.com"))
    assert again.person_id == first.person_id
    assert resolution.decision.outcome == "merged"
    assert resolution.decision.confidence > 0.9


def test_a_known_email_under_another_name_answers_its_person_and_asks_a_human() -> None:
    desk = Desk()
    first, _ = desk.take(who("Jane Roe", emails="roes@example.com"))
    again, resolution = desk.take(who("Bernard Roe", emails="roes@example.com"))
    assert again.person_id == first.person_id
    assert resolution.decision.outcome == "review"


@pytest.mark.parametrize(
    "second",
    [
        who("Jane Roe", phones=PHONE),
        who("Jayne Roe", phones=PHONE),
        who("Roe Jane", phones=PHONE),
        who("jane roe", birth_dates="19800203", addresses=HOME),
    ],
)
def test_the_same_person_written_another_way_is_merged(second: Identity) -> None:
    first = who("Jane Roe", phones=PHONE, birth_dates="19800203", addresses=HOME)
    assert Desk().outcome(first, second) == "merged"


def test_where_first_names_are_known_to_be_unreliable_one_birth_date_at_one_address_merges() -> None:
    unreliable = shipped_weights().model_copy(update={"has_households": False})
    same = {"addresses": HOME, "birth_dates": "19800203"}
    assert Desk(unreliable).outcome(who("Jane Roe", **same), who("Bernard Roe", **same)) == "merged"
    assert (
        Desk(unreliable).outcome(who("Jane Roe", addresses=HOME), who("Al Miller", addresses=HOME)) == "new"
    )


def test_parent_and_child_of_one_name_are_not_merged_by_themselves() -> None:
    parent = who("John Roe", birth_dates="19600203", emails="john@a.com", phones=PHONE, addresses=HOME)
    child = who("John Roe", birth_dates="19880917", emails="jr@b.com", phones=PHONE, addresses=HOME)
    assert Desk().outcome(parent, child) == "review"


def test_namesakes_of_one_year_with_other_contacts_are_not_merged_by_themselves() -> None:
    one = who("John Smith", birth_dates="19800203", emails="a@a.com", phones=PHONE, addresses=HOME)
    other = who("John Smith", birth_dates="19801117", emails="b@b.com", phones="+13125550199", addresses=HOME)
    assert Desk().outcome(one, other) == "review"


def test_a_name_in_a_town_is_not_enough() -> None:
    town = address_from_parts("", "Austin", "78701")
    assert Desk().outcome(who("John Smith", addresses=town), who("John Smith", addresses=town)) == "review"


def test_a_nameless_lead_from_a_shared_phone_is_left_to_a_human() -> None:
    family = [who("Jane Roe", phones=PHONE), who("Bernard Roe", phones=PHONE)]
    assert Desk().outcome(*family, who(phones=PHONE)) == "review"


def test_a_nameless_lead_that_fits_two_people_equally_well_is_left_to_a_human() -> None:
    family = [who(name, phones=PHONE, addresses=HOME) for name in ("Jane Roe", "Bernard Roe")]
    desk = Desk()
    assert desk.outcome(*family, who(phones=PHONE, addresses=HOME)) == "review"
    assert desk.outcome(who("Jane Roe", phones=PHONE, addresses=HOME)) == "merged"


def test_people_who_have_nothing_in_common_are_new() -> None:
    assert Desk().outcome(who("Jane Roe", phones=PHONE), who("Ada Byron", phones="+13125550143")) == "new"


def test_a_lead_that_proves_two_people_one_joins_them() -> None:
    desk = Desk()
    one, _ = desk.take(who("Jane Roe", emails="jane@example.com"))
    two, _ = desk.take(who("Jane Roe", phones=PHONE))
    assert one.person_id != two.person_id
    bridge = Identity(names=(Name("jane", "roe"),), emails=("jane@example.com",), phones=(PHONE,))
    master, resolution = desk.take(bridge)
    assert [c.person.person_id for c in resolution.decision.joining] == [two.person_id]
    resolved = master_of(desk.store, two.person_id)
    assert resolved is not None
    assert resolved.person_id == master.person_id == one.person_id


def test_a_person_keeps_all_phones_and_is_found_by_each() -> None:
    desk = Desk()
    first, _ = desk.take(who("Jane Roe", emails="jane@example.com", phones=PHONE))
    desk.take(who("Jane Roe", emails="jane@example.com", phones="+13125550199"))
    found, _ = desk.take(who("Jane Roe", phones="+13125550199"))
    assert found.person_id == first.person_id
    assert found.identity.phones == (PHONE, "+13125550199")


def test_every_field_is_explained_and_the_weights_add_up() -> None:
    desk = Desk()
    desk.take(who("Jane Roe", phones=PHONE, addresses=HOME))
    _, resolution = desk.take(who("Bernard Roe", phones=PHONE, addresses=HOME))
    comparison = resolution.decision.explained_by
    assert comparison is not None
    assert sum(item.weight for item in comparison.evidence) == pytest.approx(comparison.weight)
    assert {item.field for item in comparison.evidence} >= {"prior", "first_name", "phone", "household"}
    said = " ".join(item.text for item in comparison.evidence)
    assert "jane" not in said.lower()
    assert PHONE not in said


def test_a_rare_name_says_more_than_a_common_one() -> None:
    common = shipped_weights().model_copy(
        update={"frequencies": {"last_name": {"smith": 0.02, "roe": 0.001}}}
    )
    assert common.rarity_bits("last_name", "smith") < 0 < common.rarity_bits("last_name", "quilliam")


def test_reads_and_key_documents_stay_bounded_however_many_share_a_name_and_place() -> None:
    desk, chance = Desk(), Random(1)
    for number in range(130):
        first, street = ("".join(chance.choices("abcdefghijklmnop", k=9)) for _ in range(2))
        home = address_from_parts(f"{number} {street} St", "", "78701")
        desk.take(who(f"{first} Roe", addresses=home))
    listed = [len(d["ids"]) for path, d in desk.store.data.items() if path.startswith("identity_keys")]
    assert max(listed) == MOST_IDS
    desk.store.reads.clear()
    IdentityEngine(desk.store, desk.weights).resolve_identity(who("Jane Roe", addresses=HOME))
    assert desk.store.reads[0] <= MOST_KEYS
    assert 0 < desk.store.reads[1] <= MOST_CANDIDATES


records = st.lists(
    st.builds(
        lambda name, phone, email, birth: who(name, phones=phone, emails=email, birth_dates=birth),
        st.sampled_from(["Jane Roe", "Jayne Roe", "Bernard Roe", "Ada Byron", ""]),
        st.sampled_from([PHONE, "+13125550143", ""]),
        st.sampled_from(["jane@example.com", "ada@example.com", ""]),
        st.sampled_from(["19800203", "19551117", ""]),
    ).filter(lambda identity: identity.emails or identity.phones),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(records)
def test_every_record_ends_at_exactly_one_standing_person(identities: list[Identity]) -> None:
    desk = Desk()
    taken = [desk.take(identity)[0].person_id for identity in identities]
    for person_id, identity in zip(taken, identities, strict=True):
        master = master_of(desk.store, person_id)
        assert master is not None
        assert master.status == "active"
        assert set(identity.emails) <= set(master.identity.emails)


def one_person(first: str, second: str, third: str) -> list[Identity]:
    """Three records of one person that each share a telling value with the next."""
    return [
        Identity(names=(Name("jane", "roe"),), emails=(first,), birth_dates=("19800203",)),
        Identity(names=(Name("jane", "roe"),), emails=(first, second), phones=(PHONE,)),
        Identity(names=(Name("jane", "roe"),), phones=(PHONE,), addresses=(HOME,)),
        Identity(names=(Name("jane", "roe"),), emails=(third, second), addresses=(Address("", "", "78701"),)),
    ]


@settings(max_examples=24, deadline=None)
@given(st.permutations(one_person("a@example.com", "b@example.com", "c@example.com")))
def test_linked_records_of_one_person_end_together_in_any_order(identities: list[Identity]) -> None:
    desk = Desk()
    taken = [desk.take(identity)[0].person_id for identity in identities]
    masters = {master.person_id for person_id in taken if (master := master_of(desk.store, person_id))}
    assert len(masters) == 1
