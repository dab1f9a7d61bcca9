"""What a socket that comes back, or a second one, sees: everything missed, in order, once."""

from __future__ import annotations

import threading
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.chat_stream.rig import Client, Service


def texts(client: Client, count: int) -> list[str]:
    return [client.hear()["text"] for _ in range(count)]


def begun(service: Service, client: Client) -> dict[str, object]:
    known = len(service.harness.events("message-received"))
    client.say(text="hello")
    return service.message(known + 1)


def test_a_returning_socket_gets_what_it_missed_once(service: Service) -> None:
    with service.socket() as client:
        message = begun(service, client)
        service.answer(message, "seen")
        assert texts(client, 1) == ["seen"]
    service.answer(message, "missed 1")
    service.answer(message, "missed 2")
    session_id = message["session_id"]
    with service.socket(session_id=session_id) as client:
        assert texts(client, 2) == ["missed 1", "missed 2"]
        assert client.hears_nothing()
    with service.socket() as client:
        client.say(session_id=session_id)
        assert client.hears_nothing()
        service.answer(message, "live")
        assert texts(client, 1) == ["live"]


def test_a_socket_that_left_before_the_answer_gets_it_when_it_comes_back(service: Service) -> None:
    with service.socket() as client:
        message = begun(service, client)
    service.answer(message, "late")
    with service.socket(session_id=message["session_id"]) as client:
        assert texts(client, 1) == ["late"]


def test_closing_on_a_frame_and_coming_back_at_once_does_not_show_it_twice(service: Service) -> None:
    with service.socket() as client:
        message = begun(service, client)
        service.answer(message, "0")
        assert texts(client, 1) == ["0"]
    for number in range(1, 15):
        with service.socket(session_id=message["session_id"]) as client:
            service.answer(message, str(number))
            assert texts(client, 1) == [str(number)]


def test_a_client_that_tells_its_number_gets_everything_after_it(service: Service) -> None:
    with service.socket() as client:
        message = begun(service, client)
        for number in range(12):
            service.answer(message, str(number))
        assert texts(client, 12) == [str(number) for number in range(12)]
    with service.socket(session_id=message["session_id"], after=3) as client:
        assert texts(client, 9) == [str(number) for number in range(3, 12)]
        assert client.hears_nothing()
    with service.socket() as client:
        client.say(session_id=message["session_id"], after=11)
        assert texts(client, 1) == ["11"]


def test_a_number_the_session_has_not_reached_is_refused(service: Service) -> None:
    with service.socket() as client:
        message = begun(service, client)
    with service.socket(session_id=message["session_id"], after=5) as client:
        assert "after is [5]" in client.hear()["text"]


def test_two_sockets_of_one_session_both_hear_it_live(service: Service) -> None:
    with service.socket() as first:
        message = begun(service, first)
        with service.socket(session_id=message["session_id"]) as second:
            second.say(text="me too", session_id=message["session_id"])
            service.message(2)
            service.answer(message, "one")
            service.answer(message, "two")
            assert texts(first, 2) == texts(second, 2) == ["one", "two"]
    assert service.cursor(str(message["session_id"])) == 2


def test_a_message_by_http_is_answered_on_the_open_socket(service: Service) -> None:
    with service.socket() as client:
        message = begun(service, client)
        service.post("more", str(message["session_id"]))
        service.answer(service.message(2), "to the second")
        assert texts(client, 1) == ["to the second"]


def test_a_burst_from_several_writers_arrives_in_order_and_once(service: Service) -> None:
    with service.socket() as client:
        message = begun(service, client)

        def write(name: str) -> None:
            for number in range(15):
                service.answer(message, f"{name}{number}")

        writers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
        for writer in writers:
            writer.start()
        frames = [client.hear() for _ in range(45)]
        for writer in writers:
            writer.join()
        assert client.hears_nothing()
    assert [frame["seq"] for frame in frames] == list(range(1, 46))
    assert len({frame["text"] for frame in frames}) == 45


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["answer", "leave", "come"]), min_size=3, max_size=14))
def test_whenever_it_leaves_and_comes_back_each_frame_is_seen_once_in_order(
    service: Service, steps: list[str]
) -> None:
    with service.socket() as client:
        message = begun(service, client)
    answered, seen = 0, 0
    client_open = None
    for step in [*steps, "come", "answer"]:
        if step == "answer":
            service.answer(message, str(answered))
            answered += 1
        elif step == "leave" and client_open is not None:
            client_open.__exit__(None, None, None)
            client_open = None
        elif step == "come" and client_open is None:
            client_open = service.socket(session_id=message["session_id"])
            client = client_open.__enter__()
        while client_open is not None and seen < answered:
            assert client.hear()["text"] == str(seen)
            seen += 1
    assert client.hears_nothing(0.05)
    assert client_open is not None
    client_open.__exit__(None, None, None)


def test_a_client_that_takes_nothing_holds_up_nobody_and_misses_nothing(service: Service) -> None:
    with service.socket() as slow:
        message = begun(service, slow)
        with service.socket(session_id=message["session_id"]) as quick:
            quick.say(session_id=message["session_id"])
            for number in range(60):
                service.answer(message, f"{number}" + "x" * 200_000)
            started = time.monotonic()
            assert [text[:2].strip("x") for text in texts(quick, 60)] == [str(n) for n in range(60)]
            assert time.monotonic() - started < 10
        assert [text[:2].strip("x") for text in texts(slow, 60)] == [str(n) for n in range(60)]
