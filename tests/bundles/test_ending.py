"""What the platform ends, ends in time and sends nobody away without a word."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from functions.chat_stream.conversation import RESTARTING
from shared.testing.local_cloud import LocalCloud
from tests.benchmarks.first_request import FirstFrame, FirstRequest, Ground
from tests.bundles.deployed import Place, serving

GRACE_S = 10
"""Cloud Run kills what has not ended by then."""


def test_a_service_told_to_end_sends_its_people_to_another_instance(
    places: Mapping[str, Place], cloud: LocalCloud, ground: Ground
) -> None:
    place = places["chat_stream"]
    asked = ground.first_request(place.manifest)
    assert isinstance(asked, FirstFrame)
    with serving(place, cloud.variables()) as process:
        with connect(f"ws://127.0.0.1:{process.port}{asked.path}") as socket:
            socket.recv(GRACE_S)
            process.process.terminate()
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(GRACE_S)
        process.process.wait(timeout=GRACE_S)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == RESTARTING


def test_a_service_says_nothing_of_its_peoples_tokens(
    places: Mapping[str, Place], cloud: LocalCloud, ground: Ground
) -> None:
    place = places["chat_stream"]
    asked = ground.first_request(place.manifest)
    with serving(place, cloud.variables()) as process:
        assert asked.succeeds(process.port)
        assert FirstRequest("GET", "/_ready?token=abc").succeeds(process.port)
    assert "token" not in place.log.read_text()


@pytest.mark.parametrize("name", ["chat", "outbox_sweeper"])
def test_a_function_told_to_end_is_gone_in_time(
    places: Mapping[str, Place], cloud: LocalCloud, name: str
) -> None:
    with serving(places[name], cloud.variables()) as process:
        process.process.terminate()
        assert process.process.wait(timeout=GRACE_S) == 0
