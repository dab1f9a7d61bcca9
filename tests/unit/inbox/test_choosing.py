"""Which conversation a text belongs to, by what it names, by its words and by what was talked of last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.inbox.choose import Choice, Target, Thing, choose, is_number, question_text, read_answer
from shared.inbox.department import meant_department
from shared.inbox.rules import DEPARTMENTS, Department, shipped_rules
from shared.inbox.thread import Thread

RULES = shipped_rules()
NOW = datetime(2026, 11, 17, 18, tzinfo=UTC)
ORDER = Thing("repair_order", "RO-58001", "service", "2003 Honda Accord in service (RO-58001)", "advisor",
              names=("RO-58001", "1HGCM82633A004352", "Honda Accord", "Accord", "Honda"))  # fmt: skip
CAMRY = Thing("deal", "D-7", "sales", "Purchase of 2019 Toyota Camry (D-7)", "sales",
              names=("D-7", "Toyota Camry", "Camry", "Toyota"))  # fmt: skip


def thread(name: str, department: Department, *, ago: float) -> Thread:
    at = NOW - timedelta(minutes=ago)
    return Thread(name, 10, "+1", "p", department, created_at=at, updated_at=at, last_inbound_at=at)


def chosen(text: str, threads: list[Thread] | None = None, things: list[Thing] | None = None) -> Choice:
    return choose(text, threads or [], things or [], now=NOW, rules=RULES)


@pytest.mark.parametrize(
    ("text", "department"),
    [
        ("My brakes squeal", "service"),
        ("is my truck ready", "service"),
        ("Check engine light came on this morning", "service"),
        ("can I drop it off at 8", "service"),
        ("Is the blue RAV4 still available?", "sales"),
        ("what's my trade-in worth", "sales"),
        ("Can I get an interest rate quote on the loan", "sales"),
        ("do you have floor mats for a 2019 civic", "parts"),
        ("looking for an OEM key fob", "parts"),
        ("I'd like to rent a van this weekend", "rental"),
        ("extend my booking please", "rental"),
        ("hi", None),
        ("Thanks!", None),
        ("part of the family", None),
        ("I already told you", None),
        ("", None),
    ],
)
def test_the_words_of_a_text_say_its_department(text: str, department: str | None) -> None:
    assert meant_department(text, RULES) == department


def test_as_many_words_of_two_departments_say_nothing() -> None:
    assert meant_department("brakes or financing", RULES) is None


@given(st.text(max_size=300))
def test_any_text_has_a_department_or_none(text: str) -> None:
    assert meant_department(text, RULES) in (None, *DEPARTMENTS)


def test_a_thing_that_is_named_is_what_it_is_about_even_in_another_conversation() -> None:
    running = thread("t1", "sales", ago=1)
    found = chosen("how is the accord", [running], [ORDER, CAMRY])
    assert found.target and found.target.thing == ORDER and found.target.thread_id == ""


def test_a_number_says_more_than_a_make() -> None:
    other = Thing(
        "repair_order",
        "RO-9",
        "service",
        "Honda Civic (RO-9)",
        names=("RO-9", "Honda Civic", "Civic", "Honda"),
    )
    found = chosen("the honda, RO-9", things=[ORDER, other])
    assert found.target and found.target.thing == other


def test_a_word_of_a_department_nobody_talked_of_begins_a_conversation_there() -> None:
    found = chosen("and do you have winter floor mats?", [thread("t1", "service", ago=1)])
    assert found.target == Target("parts", "Parts and accessories")


def test_one_conversation_that_is_alive_goes_on() -> None:
    found = chosen("ok thanks", [thread("t1", "service", ago=60), thread("t2", "sales", ago=600)], [ORDER])
    assert found.target and found.target.thread_id == "t1"


def test_two_of_the_same_minutes_are_asked_about() -> None:
    found = chosen("ok thanks", [thread("t1", "service", ago=5), thread("t2", "sales", ago=10)])
    assert [one.thread_id for one in found.options] == ["t1", "t2"]


def test_an_old_conversation_counts_less_than_what_is_open_now() -> None:
    found = chosen("hello", [thread("t1", "sales", ago=60 * 24 * 30)], [ORDER])
    assert {one.department for one in found.options} == {"sales", "service"}


def test_one_open_thing_needs_no_question() -> None:
    found = chosen("hello", things=[ORDER])
    assert found.target and found.target.thing == ORDER


def test_nothing_known_asks_for_the_department() -> None:
    assert [one.department for one in chosen("hello").options] == list(DEPARTMENTS)


# answers

OPTIONS = [Target("service", ORDER.label, thing=ORDER), Target("sales", CAMRY.label, thing=CAMRY)]


@pytest.mark.parametrize(
    ("text", "option"),
    [("1", 0), ("2", 1), ("2.", 1), ("No. 2", 1), ("the camry", 1), ("Honda", 0), ("RO-58001", 0),
     ("my brakes", 0), ("service", 0), ("3", None), ("12", None), ("yes", None), ("both", None),
     ("honda or toyota", None), ("", None)],
)  # fmt: skip
def test_an_answer_is_a_number_a_name_or_a_department(text: str, option: int | None) -> None:
    assert read_answer(text, OPTIONS, RULES) == (None if option is None else OPTIONS[option])


def test_an_answer_may_be_a_department_that_was_not_offered() -> None:
    assert read_answer("I want to rent a van", OPTIONS, RULES) == Target("rental", "Rental")


@given(st.text(max_size=40))
def test_any_answer_is_read_or_not(text: str) -> None:
    read_answer(text, OPTIONS, RULES)
    assert is_number(text) is is_number(text.strip()) or "\n" in text


def test_the_question_is_made_of_records_alone() -> None:
    assert question_text(OPTIONS, "AutoHaus") == (
        "AutoHaus: what is your message about? Reply with a number:\n"
        "1 2003 Honda Accord in service (RO-58001)\n2 Purchase of 2019 Toyota Camry (D-7)"
    )
