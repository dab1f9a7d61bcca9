"""No customer waits unnoticed: another colleague, then those above, within opening hours."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.errors import Unavailable
from shared.ports import Write
from tests.texting_desk import ADVISOR, ADVISOR_2, ANN, Desk, open_desk, repair_order


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    desk.records("repair_orders", repair_order())
    desk.said("Is it done yet?")
    return desk


def unanswered(desk: Desk) -> list[dict[str, object]]:
    return [one for one in desk.attention() if one["kind"] == "unanswered_customer"]


def test_before_its_time_nothing_happens(waiting: Desk) -> None:
    waiting.clock.wait(minutes=14)
    assert waiting.watch() == {} and unanswered(waiting) == []


def test_after_its_time_another_colleague_has_it_and_is_told(waiting: Desk) -> None:
    waiting.clock.wait(minutes=16)
    assert waiting.watch() == {"reassigned": 1}
    (thread,) = waiting.threads()
    assert (thread.assigned_staff_id, thread.state) == ("advisor-2", "open")
    assert thread.reassigned[0]["from"] == "advisor" and thread.reassigned[0]["reason"] == "unanswered"
    (told,) = waiting.texts_to(ADVISOR_2, "staff_message")
    assert told.startswith(f"#{thread.number} Ann Smith") and "Is it done yet?" in told
    (asked,) = unanswered(waiting)
    assert (asked["staff_ids"], asked["urgency"], asked["subject"]) == (["advisor-2"], "normal", thread.path)
    assert asked["due_at"] and ANN not in str(asked) and "Ann" not in str(asked)


def test_a_second_look_at_once_does_nothing_more(waiting: Desk) -> None:
    waiting.clock.wait(minutes=16)
    waiting.watch()
    assert waiting.watch() == {} and len(waiting.texts_to(ADVISOR_2, "staff_message")) == 1


def test_an_answer_in_time_ends_it(waiting: Desk) -> None:
    waiting.said(f"#{waiting.threads()[0].number} Soon", sender=ADVISOR)
    waiting.clock.wait(minutes=60)
    assert waiting.watch() == {}


def test_it_never_goes_round_in_a_circle_and_in_the_end_those_above_are_told(waiting: Desk) -> None:
    done = []
    for _ in range(4):
        waiting.clock.wait(minutes=16)
        done.append(waiting.watch())
    assert done == [{"reassigned": 1}, {"escalated": 1}, {"escalated": 1}, {"escalated": 1}]
    assert waiting.threads()[0].assigned_staff_id == "advisor-2"
    assert unanswered(waiting)[-1]["roles"] == ["operator", "ceo"]
    groups = {one["group"] for one in unanswered(waiting)}
    assert len(groups) == 1, "one matter, told again while it stands"


def test_who_is_away_is_not_given_it(waiting: Desk) -> None:
    waiting.call("PUT", "/api/inbox/presence", {"state": "away", "staff_id": "advisor-2"}, persona="ceo")
    waiting.clock.wait(minutes=16)
    assert waiting.watch() == {"escalated": 1}


def test_at_night_nobody_is_woken_and_in_the_morning_there_is_time_to_answer(tmp_path: Path) -> None:
    with open_desk(tmp_path, now=datetime(2026, 11, 18, 4, tzinfo=UTC)) as desk:
        desk.records("repair_orders", repair_order())
        desk.said("Is it done yet?")
        assert desk.threads()[0].due_at == datetime(2026, 11, 18, 14, 15, tzinfo=UTC)
        desk.clock.wait(hours=8)
        assert desk.watch() == {}
        desk.clock.set(datetime(2026, 11, 18, 14, 16, tzinfo=UTC))
        assert desk.watch() == {"told": 1}
        assert desk.watch() == {"reassigned": 1}


def test_at_night_no_phone_rings_and_in_the_morning_one_text_has_it_all(tmp_path: Path) -> None:
    with open_desk(tmp_path, now=datetime(2026, 11, 18, 4, tzinfo=UTC)) as desk:
        desk.records("repair_orders", repair_order())
        assert desk.said("Is it done yet?")["state"] == "waits"
        assert desk.said("hello?")["state"] == "waits"
        assert desk.texts_to(ADVISOR) == [] and desk.watch() == {}
        desk.clock.set(datetime(2026, 11, 18, 14, 0, 30, tzinfo=UTC))
        assert desk.watch() == {"told": 1} and desk.watch() == {}
        (told,) = desk.texts_to(ADVISOR, "staff_message")
        assert "Is it done yet?\nhello?" in told
        desk.said(f"#{desk.threads()[0].number} Yes", sender=ADVISOR)
        assert desk.texts_to(ANN) == ["Yes"]


def test_what_waited_for_the_morning_goes_with_a_text_that_comes_before_the_watch(
    tmp_path: Path,
) -> None:
    with open_desk(tmp_path, now=datetime(2026, 11, 18, 4, tzinfo=UTC)) as desk:
        desk.records("repair_orders", repair_order())
        desk.said("Is it done yet?")
        desk.clock.set(datetime(2026, 11, 18, 14, 0, 10, tzinfo=UTC))
        assert desk.said("hello?")["state"] == "passed_on"
        (told,) = desk.texts_to(ADVISOR, "staff_message")
        assert "Is it done yet?\nhello?" in told and desk.watch() == {}


def test_who_said_until_when_they_are_there_is_told_at_any_hour(tmp_path: Path) -> None:
    with open_desk(tmp_path, now=datetime(2026, 11, 18, 4, tzinfo=UTC)) as desk:
        desk.records("repair_orders", repair_order())
        said = {"state": "available", "until": "2026-11-18T06:00:00Z"}
        desk.call("PUT", "/api/inbox/presence", said)
        assert desk.said("Is it done yet?")["state"] == "passed_on"
        assert len(desk.texts_to(ADVISOR, "staff_message")) == 1


def test_what_was_answered_in_the_night_is_not_told_again(tmp_path: Path) -> None:
    with open_desk(tmp_path, now=datetime(2026, 11, 18, 4, tzinfo=UTC)) as desk:
        desk.records("repair_orders", repair_order())
        thread_id = desk.said("Is it done yet?")["thread_id"]
        desk.call("POST", f"/api/inbox/threads/{thread_id}/reply", {"text": "Yes"})
        desk.clock.set(datetime(2026, 11, 18, 14, 0, 30, tzinfo=UTC))
        assert desk.watch() == {} and desk.texts_to(ADVISOR) == []


def test_what_fell_due_before_closing_waits_for_the_morning(waiting: Desk) -> None:
    waiting.clock.set(datetime(2026, 11, 18, 2, tzinfo=UTC))
    assert waiting.watch() == {}
    waiting.clock.set(datetime(2026, 11, 18, 14, 1, tzinfo=UTC))
    assert waiting.watch() == {"reassigned": 1}


def test_a_merged_conversation_is_looked_at_once(waiting: Desk) -> None:
    waiting.said("do you have floor mats")
    one, other = waiting.threads()
    waiting.call("POST", f"/api/inbox/threads/{one.thread_id}/merge", {"into": other.thread_id})
    waiting.clock.wait(minutes=40)
    assert sum(waiting.watch().values()) == 1


class Failing(SqliteDocuments):
    fails = False

    def commit(self, writes):  # type: ignore[no-untyped-def]  # as its base
        if self.fails and any("/threads/" in one.path for one in writes):
            raise Unavailable("the store is away")
        return super().commit(writes)


def test_while_the_store_is_away_the_run_fails_and_the_next_does_it_all(tmp_path: Path) -> None:
    store = Failing(tmp_path / "documents.db")
    with open_desk(tmp_path / "data", replaced={"documents": lambda _: store}) as desk:
        desk.records("repair_orders", repair_order())
        desk.said("Is it done yet?")
        desk.clock.wait(minutes=16)
        store.fails = True
        assert desk.product.product.run("unanswered_watch").status == 500
        assert desk.texts_to(ADVISOR_2, "staff_message") == []
        store.fails = False
        assert desk.watch() == {"reassigned": 1}


def test_rules_of_its_own_hold_for_a_dealership(waiting: Desk) -> None:
    own = {"hours": {"sunday": ["08:00", "09:00"]}}
    waiting.product.tenant().documents.commit([Write("inbox_rules/current", own)])
    waiting.clock.wait(hours=5)
    assert waiting.watch() == {}


def test_many_who_wait_are_not_all_given_to_one(desk: Desk) -> None:
    others = [
        {"staff_id": f"advisor-{n}", "name": f"A{n}", "role": "advisor", "departments": ["service"]}
        for n in (3, 4)
    ]
    desk.records("staff", *others)
    for number in range(6):
        customer = f"+1312555018{number}"
        desk.records("repair_orders", repair_order(f"RO-{number}", customer_phone=customer))
        desk.said("Is it done yet?", sender=customer)
    desk.clock.wait(minutes=16)
    assert desk.watch() == {"reassigned": 6}
    given = sorted(one["assigned_staff_id"] for one in desk.stored("threads"))
    assert given == ["advisor-2"] * 2 + ["advisor-3"] * 2 + ["advisor-4"] * 2
