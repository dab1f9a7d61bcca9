"""What a person at a socket sees."""

from __future__ import annotations

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect

from functions.chat_stream.conversation import MOST_SESSIONS
from tests.functions.chat_stream.rig import Service


def test_a_message_without_a_session_begins_one_and_its_answer_arrives(service: Service) -> None:
    with service.socket() as client:
        client.say(text="Show me the financials for Lane A")
        message = service.message()
        service.answer(message, "here")
        frame = client.hear()
    assert frame["type"] == "HANDOFF"
    assert frame["text"] == "here"
    assert frame["session_id"] == message["session_id"]
    assert frame["message_id"] == message["message_id"]
    assert frame["seq"] == 1
    assert "expires_at" not in frame


def test_the_token_may_stand_in_the_query(service: Service) -> None:
    with service.socket(in_query=True) as client:
        client.say(text="hello")
        assert service.message()["user_id"] == "ceo"
        assert service.message()["roles"] == ["ceo"]


@pytest.mark.parametrize("query", ["", "?token=nonsense"])
def test_nobody_gets_in_without_a_good_token(service: Service, query: str) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(service.address + query):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("raw", "field", "words"),
    [
        ("{", None, "no valid JSON"),
        ("[]", "text", ""),
        ("{}", "text", "text or session_id"),
        ('{"text": ""}', "text", "at least 1 character"),
        ('{"text": "   "}', "text", "at least 1 character"),
        ('{"text": 7}', "text", "valid string"),
        ('{"text": "hi", "session_id": "../other"}', "session_id", "match pattern"),
        ('{"session_id": 7}', "session_id", "valid string"),
        ('{"text": "hi", "after": -1}', "after", "greater than or equal to 0"),
        ('{"session_id": "s", "after": 99999999999999999999}', "after", "less than or equal"),
    ],
)
def test_a_bad_message_is_answered_with_its_field_and_the_socket_stays_open(
    service: Service, raw: str, field: str | None, words: str
) -> None:
    with service.socket() as client:
        client.connection.send(raw)
        frame = client.hear()
        assert frame["type"] == "ERROR"
        assert frame.get("field") == field
        assert words in frame["text"]
        assert frame["seq"] is None
        client.say(text="still here")
        assert service.message()["text"] == "still here"
    assert len(service.harness.events("message-received")) == 1


def test_a_text_over_4000_characters_is_refused_and_4000_are_taken(service: Service) -> None:
    with service.socket() as client:
        client.say(text="x" * 4001)
        assert client.hear()["field"] == "text"
        client.say(text="\N{AUTOMOBILE}" * 4000)
        assert len(service.message()["text"]) == 4000


def test_a_binary_message_is_refused_in_words(service: Service) -> None:
    with service.socket() as client:
        client.connection.send(b"\x00\x01")
        assert "binary" in client.hear()["text"]


@pytest.mark.parametrize("size", [70_000, 1_000_000])
def test_an_oversized_message_closes_the_socket(service: Service, size: int) -> None:
    with service.socket() as client:
        client.connection.send("x" * size)
        with pytest.raises(ConnectionClosedError) as closed:
            client.hear()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


@pytest.mark.parametrize(("persona", "tenant"), [("sales", "autohaus"), ("ceo", "northside")])
def test_a_foreign_session_does_not_exist(service: Service, persona: str, tenant: str) -> None:
    session = service.post("mine")
    service.answer({**session, "seq": 1}, "secret")
    with service.socket(persona=persona, tenant=tenant, session_id=session["session_id"]) as client:
        assert "there is no session" in client.hear()["text"]
        client.say(session_id=session["session_id"], after=0)
        assert "there is no session" in client.hear()["text"]
        client.say(text="let me in", session_id=session["session_id"])
        assert "there is no session" in client.hear()["text"]
        assert client.hears_nothing()
    assert len(service.harness.events("message-received")) == 1


def test_messages_of_one_socket_keep_their_order(service: Service) -> None:
    with service.socket() as client:
        client.say(text="0")
        session_id = service.message()["session_id"]
        for number in range(1, 10):
            client.say(text=str(number), session_id=session_id)
        told = [service.message(number + 1) for number in range(10)]
    assert [message["text"] for message in told] == [str(number) for number in range(10)]
    assert [message["seq"] for message in told] == list(range(1, 11))


def test_a_socket_that_begins_many_sessions_lets_the_first_go_and_can_take_it_up_again(
    service: Service,
) -> None:
    with service.socket() as client:
        for number in range(MOST_SESSIONS + 1):
            client.say(text="hello")
            service.message(number + 1)
        first, last = service.message(1), service.message(MOST_SESSIONS + 1)
        service.answer(first, "to the first")
        service.answer(last, "to the last")
        assert client.hear()["text"] == "to the last"
        client.say(session_id=first["session_id"])
        assert client.hear()["text"] == "to the first"
