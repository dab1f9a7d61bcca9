"""What a crash leaves behind is published, once for whoever listens."""

from __future__ import annotations

from datetime import timedelta

from shared.events.conversation import MessageReceived
from shared.manifest import Manifest
from shared.runtime.inject import read_signature
from shared.runtime.push import Consumer
from shared.runtime.work import UnitOfWork
from shared.testing.harness import push_of
from tests.functions.outbox_sweeper.rig import Broken

LATER = timedelta(minutes=2)

COUNTER = Manifest.model_validate(
    {
        "name": "counter",
        "meaning": "Counts how often a message had an effect.",
        "primitive": "counter",
        "kind": "event",
        "subscribes": "message-received",
        "handler": "count",
    }
)


def count(event: MessageReceived, work: UnitOfWork) -> None:
    """A consumer whose effect can be counted."""
    found = work.get(f"counts/{event.message_id}")
    work.put(f"counts/{event.message_id}", {"times": (found.data["times"] if found else 0) + 1})


def effects(broken: Broken, message_id: str) -> int:
    """How often the message had an effect, when everything ever published is delivered (again)."""
    consumer = Consumer(broken.harness.platform, COUNTER, read_signature(count))
    for stored in broken.harness.platform.bus_operations.recent("message-received", 1_000):
        assert consumer.handle(push_of(stored.message)).status == 200
    found = broken.harness.tenant().documents.get(f"counts/{message_id}")
    return found.data["times"] if found else 0


def say(broken: Broken, text: str = "hello") -> str:
    answered = broken.harness.call("POST", "/api/chat", json={"text": text}, persona="ceo")
    assert answered.status == 202  # committed is committed, whatever the bus does
    message_id: str = answered.json()["message_id"]
    return message_id


def test_what_was_committed_and_not_published_arrives_exactly_once(broken: Broken) -> None:
    broken.bus.down = True
    message_id = say(broken)
    broken.bus.down = False
    assert effects(broken, message_id) == 0
    broken.clock.ahead = LATER
    assert broken.sweep()["published"] == 2  # the message and its ledger row
    assert effects(broken, message_id) == 1
    assert broken.sweep()["published"] == 0
    assert effects(broken, message_id) == 1


def test_what_was_published_and_not_forgotten_has_its_effect_once(broken: Broken) -> None:
    broken.bus.dies_after = True
    message_id = say(broken)
    assert effects(broken, message_id) == 1
    broken.clock.ahead = LATER
    assert broken.sweep()["published"] == 0  # the sweeper died after its publish as well
    broken.bus.dies_after = False
    assert broken.sweep()["published"] >= 2  # the message, its ledger row, the consumer's ledger row
    assert effects(broken, message_id) == 1
    told = [event["data"]["message_id"] for event in broken.harness.events("message-received")]
    assert told == [message_id] * 3


def test_a_publish_under_way_is_left_alone(broken: Broken) -> None:
    broken.bus.down = True
    say(broken)
    broken.bus.down = False
    assert broken.sweep() == {"published": 0, "waiting": 1, "asked": 0, "failed": 0}


def test_a_message_the_bus_refuses_holds_up_no_other(broken: Broken) -> None:
    broken.bus.down = True
    say(broken, "poison")
    good = [say(broken, str(number)) for number in range(3)]
    broken.bus.down, broken.bus.poison = False, "poison"
    broken.clock.ahead = LATER
    swept = broken.sweep()
    assert (swept["published"], swept["waiting"]) == (6, 1)
    told = {event["data"]["message_id"] for event in broken.harness.events("message-received")}
    assert told == set(good)


def test_a_caller_without_a_service_token_starts_nothing(broken: Broken) -> None:
    from shared.local.wsgi_call import call_wsgi

    response = call_wsgi(broken.harness.product.app("outbox_sweeper"), "POST", "/", headers={})
    assert response.status == 401
