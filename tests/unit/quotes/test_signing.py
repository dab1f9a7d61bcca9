"""What a customer sends to decide."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from functions.quotes.signing import DecisionRequest, LineChoice, choices_for
from shared.errors import InvalidInput
from tests.unit.quotes.samples import finding, lines_of

LINES = lines_of(finding("f1", "brake_rotor", "front_left"), finding("f2", "wiper", "front", "yellow"))
ROTOR, WIPER = (line.line_id for line in LINES)
STROKE = {"points": [100, 100, 300, 250]}


def choice(line_id: str, decision: str = "approve", reason: str | None = None) -> LineChoice:
    return LineChoice.model_validate({"line_id": line_id, "decision": decision, "reason": reason})


def request(**changes: Any) -> DecisionRequest:
    whole = {
        "version": 1,
        "code": "123456",
        "lines": [{"line_id": ROTOR, "decision": "approve"}],
        "signature": {"name": "Ann Miller", "strokes": [STROKE]},
    }
    return DecisionRequest.model_validate({**whole, **changes})


def signature(**changes: Any) -> dict[str, Any]:
    return {"signature": {"name": "Ann Miller", "strokes": [STROKE], **changes}}


def test_every_line_is_decided_and_to_decline_takes_a_reason() -> None:
    found = choices_for(LINES, [choice(WIPER, "decline", "next time"), choice(ROTOR)])
    assert {line_id: one.decision for line_id, one in found.items()} == {ROTOR: "approve", WIPER: "decline"}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ([choice(ROTOR)], f"[{WIPER}] has no decision"),
        ([choice(ROTOR), choice(WIPER), choice(ROTOR, "defer", "no")], "decided twice"),
        ([choice(ROTOR), choice(WIPER), choice("other")], "[other] is no line of this quote"),
        ([choice(ROTOR), choice(WIPER, "decline")], "a [reason] is needed to decline"),
        ([choice(ROTOR), choice(WIPER, "defer")], "a [reason] is needed to defer"),
    ],
)
def test_a_decision_that_does_not_fit_the_quote_says_where(sent: list[LineChoice], said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        choices_for(LINES, sent)
    assert said in " ".join(error.message for error in refused.value.errors)


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "12345"},
        {"code": "１２３４５６"},
        {"version": 0},
        {"lines": []},
        {"lines": [{"line_id": ROTOR, "decision": "yes"}]},
        {"extra": 1},
        {"approved_total_usd": "1.234"},
        signature(name=" "),
        signature(name="Ann\x00Miller"),
        signature(name="x" * 121),
        signature(strokes=[]),
        signature(strokes=[{"points": [1, 2]}]),
        signature(strokes=[{"points": [1, 2, 3]}]),
        signature(strokes=[{"points": [1, 2, 3, 1001]}]),
        signature(strokes=[{"points": [1, 2, 3, -1]}]),
        signature(strokes=[{"points": [1, 2, 3, 2.5]}]),
        signature(strokes=[{"points": [5, 5, 5, 5]}]),
        signature(strokes=[STROKE] * 61),
        signature(strokes=[{"points": [0, 1000] * 800}, {"points": [0, 1000] * 800}]),
    ],
    ids=str,
)
def test_what_is_no_decision_or_no_signature_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        request(**changes)


def test_the_same_decision_is_known_again_and_any_other_is_another() -> None:
    assert request().digest() == request().digest()
    others = [
        request(version=2),
        request(code="654321"),
        request(lines=[{"line_id": ROTOR, "decision": "defer", "reason": "later"}]),
        request(**signature(name="Bob Miller")),
        request(approved_total_usd="1.00"),
    ]
    assert len({one.digest() for one in others} | {request().digest()}) == 6
