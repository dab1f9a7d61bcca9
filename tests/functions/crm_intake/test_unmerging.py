"""A wrong merge is undone: both stand again, and what came later goes where it fits."""

from __future__ import annotations

from typing import Any

PHONE = "312-555-0142"
HOME = {"street": "45 McCulloch St", "city": "Austin", "postal_code": "78701"}


def merged_pair(desk: Any, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """John Roe and John Roe, his son at the same address and phone, whom nothing yet tells apart."""
    father = desk.take(name="John Roe", phone=PHONE, address=HOME, email="john@example.com", **more)
    son = desk.take(name="John Roe", phone=PHONE, address=HOME, birth_date="1999-05-06")
    assert son["master_person_id"] == father["master_person_id"]
    return father, son


def test_both_stand_again_as_they_were(desk: Any) -> None:
    father = desk.take(name="John Roe", phone=PHONE, address=HOME, email="john@example.com")
    [before] = desk.stored("persons")
    son = desk.take(name="John Roe", phone=PHONE, address=HOME, birth_date="1999-05-06")
    status, answer = desk.unmerge(son["person_id"])
    assert status == 200
    assert answer == {
        "master_person_id": father["master_person_id"],
        "restored_person_id": son["person_id"],
        "moved_lead_ids": [],
    }
    after = {person["person_id"]: person for person in desk.standing()}
    assert set(after) == {father["master_person_id"], son["person_id"]}
    assert after[father["master_person_id"]]["identity"] == before["identity"]
    assert after[son["person_id"]]["identity"]["birth_dates"] == ["19990506"]
    leads = {lead["lead_id"]: lead["person_id"] for lead in desk.stored("leads")}
    assert leads == {father["lead_id"]: father["master_person_id"], son["lead_id"]: son["person_id"]}


def test_a_merged_away_id_keeps_resolving_to_its_master(desk: Any) -> None:
    father, son = merged_pair(desk)
    shown = desk.person(son["person_id"])
    assert shown["person_id"] == father["master_person_id"]
    assert [link["person_id"] for link in shown["links"]] == [son["person_id"]]


def test_asked_of_the_master_the_last_merge_is_undone(desk: Any) -> None:
    father, son = merged_pair(desk)
    _, answer = desk.unmerge(father["master_person_id"])
    assert answer["restored_person_id"] == son["person_id"]


def test_what_came_after_the_merge_goes_to_whom_it_fits(desk: Any) -> None:
    father, son = merged_pair(desk)
    to_son = desk.take(name="John Roe", phone=PHONE, birth_date="1999-05-06", comments="about the Civic")
    to_father = desk.take(name="John Roe", email="john@example.com", comments="about the truck")
    _, answer = desk.unmerge(son["person_id"])
    assert answer["moved_lead_ids"] == [to_son["lead_id"]]
    owner = {lead["lead_id"]: lead["person_id"] for lead in desk.stored("leads")}
    assert owner[to_son["lead_id"]] == son["person_id"]
    assert owner[to_father["lead_id"]] == father["master_person_id"]
    assert desk.person(to_son["person_id"])["person_id"] == son["person_id"]
    assert desk.person(to_father["person_id"])["person_id"] == father["master_person_id"]


def test_the_pair_is_never_merged_by_itself_again(desk: Any) -> None:
    father, son = merged_pair(desk)
    desk.unmerge(son["person_id"])
    both = desk.take(
        name="John Roe", phone=PHONE, address=HOME, email="john@example.com", birth_date="1999-05-06"
    )
    assert both["merged_person_ids"] == []
    standing = {person["person_id"]: person for person in desk.standing()}
    assert {father["master_person_id"], son["person_id"]} <= set(standing)
    assert son["person_id"] in standing[father["master_person_id"]]["distinct_from"]
    assert "distinct" in {pair["status"] for pair in desk.stored("duplicate_candidates")}


def test_the_restored_person_is_recognised_by_their_own_values(desk: Any) -> None:
    _, son = merged_pair(desk)
    desk.take(name="John Roe", phone=PHONE, birth_date="1999-05-06", email="jr@example.com")
    desk.unmerge(son["person_id"])
    assert desk.take(email="jr@example.com")["master_person_id"] == son["person_id"]
    assert desk.take(email="john@example.com")["master_person_id"] != son["person_id"]


def test_the_master_is_no_longer_listed_under_what_only_the_other_had(desk: Any) -> None:
    father, son = merged_pair(desk)
    desk.unmerge(son["person_id"])
    listed = {key["kind"]: key["ids"] for key in desk.stored("identity_keys")}
    assert listed["birth_date"] == [son["person_id"]]
    assert set(listed["phone"]) == {father["master_person_id"], son["person_id"]}


def test_a_refusal_outlives_merge_and_unmerge_and_a_permission_does_not_spread(desk: Any) -> None:
    father, son = merged_pair(desk, consent={"sms": "granted", "email": "denied"})
    [together] = desk.standing()
    assert together["consent"] == {"sms": "granted", "email": "denied"}
    desk.take(
        name="John Roe", phone=PHONE, comments="stop calling", consent={"call": "denied", "sms": "denied"}
    )
    desk.unmerge(son["person_id"])
    consent = {person["person_id"]: person["consent"] for person in desk.standing()}
    assert consent[father["master_person_id"]] == {"sms": "denied", "email": "denied", "call": "denied"}
    assert consent[son["person_id"]] == {"sms": "denied", "email": "denied", "call": "denied"}


def test_a_permission_given_by_one_is_not_the_others_after_the_unmerge(desk: Any) -> None:
    _, son = merged_pair(desk, consent={"sms": "granted"})
    desk.unmerge(son["person_id"])
    [restored] = [p for p in desk.standing() if p["person_id"] == son["person_id"]]
    assert restored["consent"] == {}


def test_two_people_joined_by_a_third_record_are_taken_apart_whole(desk: Any) -> None:
    one = desk.take(name="Jane Roe", email="jane@example.com")
    two = desk.take(name="Jane Roe", phone=PHONE)
    bridge = desk.take(name="Jane Roe", phone=PHONE, email="jane@example.com")
    assert bridge["merged_person_ids"] == [two["master_person_id"]]
    status, answer = desk.unmerge(two["master_person_id"])
    assert status == 200
    assert answer["restored_person_id"] == two["master_person_id"]
    assert {p["person_id"] for p in desk.standing()} == {one["master_person_id"], two["master_person_id"]}


def test_a_record_deep_in_a_merged_person_is_taken_out_of_every_master_above(desk: Any) -> None:
    two = desk.take(name="Jane Roe", phone=PHONE)
    deep = desk.take(name="Jane Roe", phone=PHONE, birth_date="1980-02-03")
    one = desk.take(name="Jane Roe", email="jane@example.com")
    desk.take(name="Jane Roe", phone=PHONE, email="jane@example.com")
    top = desk.person(deep["person_id"])["person_id"]
    assert top == one["master_person_id"] == desk.person(two["person_id"])["person_id"]
    desk.unmerge(deep["person_id"])
    persons = {person["person_id"]: person for person in desk.stored("persons")}
    assert persons[deep["person_id"]]["status"] == "active"
    assert "birth_dates" not in persons[top]["identity"]
    assert deep["person_id"] in persons[top]["distinct_from"]


def test_there_is_nothing_to_undo_for_a_person_of_one_record(desk: Any) -> None:
    answer = desk.take(name="Jane Roe", phone=PHONE)
    assert desk.unmerge(answer["master_person_id"])[0] == 409
    assert desk.unmerge("nobody")[0] == 404


def test_an_unmerge_sent_twice_undoes_once(desk: Any) -> None:
    _, son = merged_pair(desk)
    assert desk.unmerge(son["person_id"])[0] == 200
    assert desk.unmerge(son["person_id"])[0] == 409
    assert len(desk.standing()) == 2


def test_the_person_graph_says_what_was_undone(desk: Any) -> None:
    _, son = merged_pair(desk)
    desk.unmerge(son["person_id"])
    desk.product.settle()
    rows = [event["data"] for event in desk.product.events("person-linked")]
    merged, unlinked = rows[1], rows[2]
    assert unlinked["outcome"] == "unlinked"
    assert unlinked["undoes_link_id"] == merged["link_id"]
    assert unlinked["master_person_id"] == son["person_id"]
    assert unlinked["decided_by"].startswith("users/")


def test_a_person_of_another_tenant_does_not_exist(desk: Any) -> None:
    _, son = merged_pair(desk)
    path = f"/api/crm/persons/{son['person_id']}"
    assert desk.product.call("GET", path, persona="ceo", tenant="northside").status == 404
    assert desk.product.call("POST", f"{path}/unmerge", persona="ceo", tenant="northside").status == 404
    assert desk.product.call("GET", path).status == 401
