from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.adapters.google.bus import PubSubBus
from shared.adapters.google.bus_operations import PubSubBusOperations
from shared.adapters.system import SystemClock
from shared.errors import Misconfigured, Unavailable
from shared.ports import Message
from shared.testing import push_rig
from shared.testing.contracts.bus import BusContract, Deliver
from shared.testing.emulators import free_port
from shared.testing.http_stub import Reply, Request, serve


class PubSubRig:
    def __init__(self, project: str, host: str, url: str, consumers: dict[str, Deliver]) -> None:
        self._project, self._host, self._url, self._consumers = project, host, url, consumers
        self.bus = PubSubBus(project=project, emulator_host=host)
        self.operations = PubSubBusOperations(
            project=project, bus=self.bus, clock=SystemClock(), emulator_host=host, quiet_s=0.5
        )

    def declare(self, topic: str, deliver: dict[str, Deliver], *, ordered: bool = False) -> None:
        self._consumers.update(deliver)
        consumers = [
            push_rig.Consumer(name, topic, f"{self._url}/{name}", ordered=ordered) for name in deliver
        ]
        push_rig.build(project=self._project, emulator_host=self._host, topics=[topic], consumers=consumers)


class TestPubSubBus(BusContract):
    knows_reasons = False

    @pytest.fixture
    def rig(self, pubsub_host: str, project: str) -> Iterator[PubSubRig]:
        consumers: dict[str, Deliver] = {}

        def push(request: Request) -> Reply:
            status, reason = consumers[request.path.strip("/")](request.body)
            return Reply(status, reason.encode())

        with serve(push) as url:
            rig = PubSubRig(project, pubsub_host, url, consumers)
            yield rig
            rig.operations.close()
            rig.bus.close()


def test_a_missing_topic_names_itself(pubsub_host: str, project: str) -> None:
    bus = PubSubBus(project=project, emulator_host=pubsub_host)
    with pytest.raises(Misconfigured, match=r"\[lead-received\]"):
        bus.publish([Message("lead-received", b"x")])
    bus.close()


def test_a_bus_that_does_not_answer_is_unavailable_in_time() -> None:
    bus = PubSubBus(project="demo-x", emulator_host=f"127.0.0.1:{free_port()}", timeout_s=0.5)
    with pytest.raises(Unavailable, match=r"\[lead-received\]"):
        bus.publish([Message("lead-received", b"x"), Message("lead-received", b"x", {}, "k")])
    bus.close()


def test_a_row_that_bigquery_refused_is_listed_with_what_bigquery_said(
    pubsub_host: str, project: str
) -> None:
    nobody = push_rig.Consumer("sums--warehouse", "sums", "http://127.0.0.1:9/never")
    push_rig.build(project=project, emulator_host=pubsub_host, consumers=[nobody])
    bus = PubSubBus(project=project, emulator_host=pubsub_host)
    operations = PubSubBusOperations(
        project=project, bus=bus, clock=SystemClock(), emulator_host=pubsub_host, quiet_s=0.5
    )
    said = {
        "CloudPubSubDeadLetterSourceDeliveryCount": "100",
        "CloudPubSubDeadLetterSourceDeliveryErrorMessage": "amount is no NUMERIC",
    }
    bus.publish([Message("sums--warehouse--dead-letters", b"{}", {"ce-id": "e1", **said})])
    (letter,) = operations.dead_letters()
    assert (letter.reason, letter.attempts) == ("amount is no NUMERIC", 100)
    assert (letter.message.topic, letter.message.attributes) == ("sums", {"ce-id": "e1"})
    operations.close()
    bus.close()
