"""Reminders, the end of a quote, and red items that come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.adapters.embedded.documents import SqliteDocuments
from shared.errors import Unavailable
from shared.ports import Document, Query
from shared.testing.harness import running
from tests.functions.quotes.desk import PHONE, Desk


def run(desk: Desk) -> dict[str, Any]:
    answer = desk.product.product.run("quote_expiry")
    assert answer.status == 200, answer.text
    return dict(answer.json()["result"]["autohaus"])


def asked(desk: Desk, kind: str) -> list[dict[str, Any]]:
    found = [event["data"] for event in desk.product.events("attention-requested")]
    return [data for data in found if data["kind"] == kind]


def test_before_anything_is_due_nothing_happens(desk: Desk) -> None:
    desk.quote()
    assert run(desk) == {"quotes": 0, "refusals": 0}
    assert len(desk.texts("service")) == 1


def test_an_unanswered_quote_is_brought_to_mind_once(desk: Desk) -> None:
    made = desk.quote()
    desk.later(made["quote_id"], next_step_at=timedelta(days=13))
    assert run(desk)["quotes"] == 1 and run(desk)["quotes"] == 0
    [_, reminder] = desk.texts("service")
    assert reminder["to"] == PHONE and made["url"] in reminder["body"] and "ends on" in reminder["body"]
    assert desk.shown(made["uuid"])["state"] == "open"


def test_a_quote_nobody_was_texted_is_not_brought_to_mind(desk: Desk) -> None:
    made = desk.quote(repair_order="RO-1", send=False)
    desk.later(made["quote_id"], next_step_at=timedelta(days=13))
    assert run(desk)["quotes"] == 1 and desk.texts("service") == []


def test_at_its_end_a_quote_expires_and_its_flags_are_open_again(desk: Desk) -> None:
    made = desk.quote()
    assert desk.state_of("f1") == "quoted"
    desk.later(made["quote_id"], valid_until=timedelta(days=15), next_step_at=timedelta(days=15))
    run(desk)
    assert desk.stored(f"quotes/{made['quote_id']}")["state"] == "expired"
    assert desk.page(made["uuid"]).status == 410
    assert (desk.state_of("f1"), desk.state_of("f2")) == ("open", "open")
    [attention] = asked(desk, "safety_flag")
    assert attention["safety"] is True and attention["staff_ids"] == ["S1"]


def test_what_expired_without_anything_red_bothers_nobody(desk: Desk) -> None:
    desk.flag({**desk.stored("twin_flags/f1"), "severity": "yellow"})
    made = desk.quote()
    desk.later(made["quote_id"], valid_until=timedelta(days=15), next_step_at=timedelta(days=15))
    run(desk)
    assert asked(desk, "safety_flag") == []


def test_a_decided_quote_never_comes_due(desk: Desk) -> None:
    made = desk.quote()
    desk.decide(made["uuid"])
    assert desk.stored(f"quotes/{made['quote_id']}")["next_step_at"] is None
    assert run(desk) == {"quotes": 0, "refusals": 0}


def due(desk: Desk) -> dict[str, Any]:
    """The refusal of the declined rotor, as if its day had come."""
    made = desk.quote()
    desk.decide(made["uuid"], brake_pads_rotors="decline")
    [refusal] = desk.every("informed_refusals")
    now = desk.product.platform.clock.now()
    desk.put((f"informed_refusals/{refusal['refusal_id']}", {**refusal, "next_step_at": now}))
    return dict(refusal)


def test_a_declined_red_item_comes_back_to_the_advisor_on_its_day_once(desk: Desk) -> None:
    refusal = due(desk)
    assert run(desk)["refusals"] == 1 and run(desk)["refusals"] == 0
    [attention] = asked(desk, "informed_refusal")
    assert attention["subject"] == f"informed_refusals/{refusal['refusal_id']}"
    assert "Brake rotor, front left" in attention["summary"] and attention["staff_ids"] == ["S1"]
    assert desk.stored(attention["subject"])["state"] == "due"


def test_what_was_repaired_meanwhile_is_not_followed_up(desk: Desk) -> None:
    due(desk)
    desk.flag({**desk.stored("twin_flags/f1"), "state": "repaired"})
    run(desk)
    assert asked(desk, "informed_refusal") == []
    assert [one["state"] for one in desk.every("informed_refusals")] == ["resolved"]


class Away(SqliteDocuments):
    """Answers no query for quotes while it is away."""

    is_away = False

    def query(self, query: Query) -> list[Document]:
        if self.is_away and query.collection.endswith("/quotes"):
            raise Unavailable("the store is away")
        return super().query(query)


def test_a_store_that_is_away_for_a_moment_costs_a_run_and_no_step(tmp_path: Any) -> None:
    documents = Away(tmp_path / "away.db")
    with running(tmp_path / "data", replaced={"documents": lambda _: documents}, delivering=False) as product:
        desk = Desk(product)
        desk.open_shop()
        made = desk.quote()
        desk.later(made["quote_id"], next_step_at=timedelta(days=13))
        documents.is_away = True
        assert product.product.run("quote_expiry").status == 500
        documents.is_away = False
        assert run(desk)["quotes"] == 1 and len(desk.texts("service")) == 2
