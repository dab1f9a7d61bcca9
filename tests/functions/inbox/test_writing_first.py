"""The dealership writes first, under the hours and consent of a text nobody asked for."""

from __future__ import annotations

import pytest

from tests.texting_desk import ADVISOR, ANN, BOB, Desk, repair_order

THREADS = "/api/inbox/threads"


def test_the_advisor_writes_first_to_the_customer_of_an_order(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    sent = desk.call("POST", THREADS, {"repair_order": "RO-1", "text": "It is ready"}, status=201)
    view = sent["thread"]
    assert (view["customer"], view["phone"], view["about"]["id"]) == ("Ann Smith", ANN, "RO-1")
    assert (view["department"], view["state"], view["assigned_staff_id"]) == (
        "service",
        "answered",
        "advisor",
    )
    (text,) = desk.stored("texts", ("to", "==", ANN))
    assert (text["body"], text["purpose"]) == ("It is ready", "service")
    assert desk.said("Great, thanks")["thread_id"] == view["thread_id"]
    assert len(desk.texts_to(ADVISOR)) == 1


def test_it_goes_on_in_the_conversation_there_is(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    thread_id = desk.said("Is it done yet?")["thread_id"]
    sent = desk.call("POST", THREADS, {"repair_order": "RO-1", "text": "It is ready"}, status=201)
    assert sent["thread"]["thread_id"] == thread_id and sent["thread"]["state"] == "answered"


def test_a_number_of_nobody_is_a_new_person_s(desk: Desk) -> None:
    order = {"phone": "312-555-0172", "department": "sales", "text": "You asked about the Camry"}
    sent = desk.call("POST", THREADS, order, persona="sales", status=201)
    assert sent["thread"]["phone"] == BOB and len(desk.stored("persons")) == 1


def test_after_a_stop_nobody_writes_first(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    desk.said("STOP")
    desk.call("POST", THREADS, {"repair_order": "RO-1", "text": "It is ready"}, status=409)


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"text": "x"}, 422),
        ({"phone": "12", "text": "x"}, 422),
        ({"repair_order": "RO-9", "text": "x"}, 404),
        ({"repair_order": "RO-1", "deal": "D-1", "text": "x"}, 422),
        ({"phone": "312-555-0172", "text": " "}, 422),
    ],
)
def test_to_nobody_nothing_is_written(desk: Desk, order: dict[str, str], status: int) -> None:
    desk.call("POST", THREADS, order, status=status)
    assert desk.stored("texts") == []
