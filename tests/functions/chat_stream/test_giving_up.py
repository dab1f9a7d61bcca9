"""What happens when no answer comes, a store fails, or the service goes down."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError

from functions.chat_stream.patience import NO_ANSWER, give_up
from shared.adapters.embedded.documents import SqliteDocuments
from shared.domain.session import is_past, owes_answer
from shared.errors import Unavailable
from shared.platform import Platform
from shared.ports import Write
from shared.testing.harness import running
from tests.functions.chat_stream.rig import Service, serving


def test_a_message_nobody_answers_is_answered_with_an_error(impatient: Service) -> None:
    with impatient.socket() as client:
        client.say(text="hello?")
        frame = client.hear()
    message = impatient.message()
    assert (frame["type"], frame["text"], frame["seq"]) == ("ERROR", NO_ANSWER, 1)
    assert frame["message_id"] == message["message_id"]


def test_the_error_waits_for_a_socket_that_left(impatient: Service) -> None:
    with impatient.socket() as client:
        client.say(text="hello?")
        message = impatient.message()
    time.sleep(0.8)
    with impatient.socket(session_id=message["session_id"]) as client:
        assert client.hear()["text"] == NO_ANSWER
        assert client.hears_nothing()


def test_an_answer_in_time_is_followed_by_no_error(impatient: Service) -> None:
    with impatient.socket() as client:
        client.say(text="hello?")
        impatient.answer(impatient.message(), "here")
        assert client.hear()["text"] == "here"
        assert client.hears_nothing(0.9)


def test_one_error_however_many_sockets_wait(impatient: Service) -> None:
    with impatient.socket() as first:
        first.say(text="hello?")
        session_id = impatient.message()["session_id"]
        with impatient.socket(session_id=session_id) as second:
            assert first.hear()["seq"] == second.hear()["seq"] == 1
            assert first.hears_nothing(0.8)
            assert second.hears_nothing(0)


def test_a_message_left_by_an_earlier_process_is_given_up_too(impatient: Service) -> None:
    message = impatient.post("asked before the restart")
    with impatient.socket(session_id=message["session_id"]) as client:
        assert client.hear()["message_id"] == message["message_id"]


def test_giving_up_twice_answers_once(service: Service) -> None:
    message = service.post("hello?")
    for _ in range(2):
        give_up(service.harness.platform, "autohaus", message["session_id"], 1)
    session = service.harness.tenant().documents.get(f"sessions/{message['session_id']}")
    assert session is not None
    assert (session.data["frame_seq"], session.data["answered_seq"]) == (1, 1)


def test_whoever_was_told_that_no_answer_came_is_not_told_again_when_the_message_is_given_up(
    service: Service,
) -> None:
    message = service.post("hello?")
    give_up(service.harness.platform, "autohaus", message["session_id"], 1)
    session = service.harness.tenant().documents.get(f"sessions/{message['session_id']}")
    assert session is not None
    # What the router and the composer ask before they apologise; a late answer is still shown.
    assert not owes_answer(session.data, "handled_seq", 1)
    assert not owes_answer(session.data, "answered_seq", 1)
    assert not is_past(session.data, "handled_seq", 1)


class FailingDocuments(SqliteDocuments):
    """Refuses every commit while `down`."""

    down = False

    def commit(self, writes: Sequence[Write]) -> list[str]:
        if self.down:
            raise Unavailable("the store is down")
        return super().commit(writes)


def failing(platform: Platform) -> FailingDocuments:
    return FailingDocuments(platform.settings.data_dir / "documents.db")


def test_while_the_store_is_down_the_person_is_told_and_may_try_again(tmp_path: Path) -> None:
    with (
        running(tmp_path, delivering=False, replaced={"documents": failing}) as harness,
        serving(harness) as service,
        service.socket() as client,
    ):
        documents: Any = harness.platform.documents
        documents.down = True
        client.say(text="hello")
        assert "Not available right now" in client.hear()["text"]
        documents.down = False
        client.say(text="hello again")
        assert service.message()["text"] == "hello again"


def test_a_service_that_goes_down_sends_its_sockets_away_to_come_back(tmp_path: Path) -> None:
    with running(tmp_path, delivering=False) as harness:
        with serving(harness) as service:
            socket = service.socket()
            client = socket.__enter__()
            client.say(text="hello")
            message = service.message()
        with pytest.raises(ConnectionClosedError) as closed:
            client.hear()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
        service.answer(message, "meanwhile")
        with serving(harness) as service, service.socket(session_id=message["session_id"]) as client:
            assert client.hear()["text"] == "meanwhile"
