"""A dealership's own rules: whole sections, checked before they hold."""

from __future__ import annotations

from typing import Any

import pytest

from shared.ports import Write
from tests.texting_desk import Desk

RULES = "/api/inbox/rules"


def test_a_section_of_its_own_holds_at_once_and_the_others_stay(desk: Desk) -> None:
    shipped = desk.call("GET", RULES)
    own = {"flood": {"most": 2, "minutes": 5, "hold_minutes": 10}, "closed_on": ["2026-12-25"]}
    held = desk.call("PUT", RULES, own, persona="ceo")
    assert held["flood"]["most"] == 2 and held["departments"] == shipped["departments"]
    assert [desk.said(f"brakes {n}")["state"] for n in range(3)] == ["passed_on", "passed_on", "held"]
    assert desk.call("PUT", RULES, {}, persona="operator") == shipped


@pytest.mark.parametrize(
    "own",
    [
        {"hours": {}},
        {"hours": {"monday": ["19:00", "08:00"]}},
        {"hours": {"someday": ["08:00", "19:00"]}},
        {"flood": {"most": 0, "minutes": 5, "hold_minutes": 10}},
        {"departments": {}},
        {"colours": {}},
    ],
)
def test_rules_that_cannot_hold_are_refused_and_nothing_changes(desk: Desk, own: dict[str, Any]) -> None:
    before = desk.call("GET", RULES)
    desk.call("PUT", RULES, own, persona="ceo", status=422)
    assert desk.call("GET", RULES) == before


def test_those_who_answer_may_read_them_and_those_above_set_them(desk: Desk) -> None:
    desk.call("PUT", RULES, {}, persona="advisor", status=403)
    desk.call("GET", RULES, persona="mechanic", status=403)


def test_rules_broken_by_hand_stop_no_text(desk: Desk) -> None:
    desk.product.tenant().documents.commit([Write("inbox_rules/current", {"hours": {}})])
    assert desk.said("I need new brakes")["state"] == "passed_on"
