"""What got stuck is seen and delivered again, by operators, within their own tenant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.embedded.bus import SqliteBus, Subscription
from shared.errors import InvalidInput
from shared.manifest import Manifest
from shared.ports import Write
from shared.runtime.cause import Cause
from shared.runtime.inject import read_signature
from shared.runtime.push import Consumer
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork
from shared.testing.harness import Harness, envelope_of, running
from tests.unit.runtime.rig import BellRung

LETTERS = "/api/operations/dead-letters"


class Desk:
    """A product with one consumer that fails at what it is told to fail at."""

    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.broken: dict[str, Exception] = {}
        self.handled: list[tuple[str, str]] = []
        consumer = Consumer(harness.platform, MANIFEST, read_signature(self.handler()))

        def deliver(body: bytes) -> tuple[int, str]:
            verdict = consumer.handle(body)
            return verdict.status, verdict.reason

        assert isinstance(harness.platform.bus, SqliteBus)
        harness.platform.bus.subscribe(Subscription("listener", "bell-rung", deliver, min_backoff_s=0.001))

    def handler(self) -> Any:
        def listen(event: BellRung, work: UnitOfWork) -> None:
            if event.name in self.broken:
                raise self.broken[event.name]
            self.handled.append((work.tenant.tenant_id, event.name))

        return listen

    def say(self, text: str, tenant: str = "autohaus") -> None:
        cause = Cause(self.harness.platform.ids.new(), "test", tenant, "test")
        run_unit(self.harness.platform, cause, lambda work: work.emit(BellRung(name=text)))
        self.harness.settle()

    def forget(self, tenant: str, event_id: str) -> None:
        path = f"leases/listener:{event_id}"
        self.harness.tenant(tenant).documents.commit([Write(path, None)])

    def letters(self, tenant: str = "autohaus") -> list[dict[str, Any]]:
        found = self.harness.call("GET", LETTERS, persona="operator", tenant=tenant).json()["letters"]
        return [letter for letter in found if letter["function"] == "listener"]

    def replay(self, letter: dict[str, Any], tenant: str = "autohaus") -> int:
        path = f"{LETTERS}/{letter['letter_id']}/replay"
        status = self.harness.call("POST", path, persona="operator", tenant=tenant).status
        self.harness.settle()
        return status

    def replay_window(self, tenant: str = "autohaus", **changes: Any) -> Any:
        now = datetime.now(UTC)
        window = {"since": now - timedelta(hours=1), "until": now + timedelta(hours=1), **changes}
        body = {"subscription": "listener", **{name: str(value) for name, value in window.items()}}
        answer = self.harness.call(
            "POST", "/api/operations/replay", json=body, persona="operator", tenant=tenant
        )
        self.harness.settle()
        return answer


MANIFEST = Manifest.model_validate(
    {
        "name": "listener",
        "meaning": "Listens to messages and fails at some.",
        "primitive": "listener",
        "kind": "event",
        "subscribes": "bell-rung",
        "handler": "listen",
    }
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with running(tmp_path) as harness:
        yield Desk(harness)


def test_a_message_given_up_is_listed_with_its_reason_and_age(desk: Desk) -> None:
    desk.broken["poison"] = RuntimeError("secret words")
    desk.say("poison")
    desk.say("good")
    (letter,) = desk.letters()
    assert (letter["kind"], letter["function"], letter["topic"]) == ("dead", "listener", "bell-rung")
    assert letter["attempts"] == 5
    assert letter["reason"] == "RuntimeError"  # a foreign error's words may quote a person
    assert 0 <= letter["age_seconds"] < 60
    assert desk.handled == [("autohaus", "good")]


def test_a_message_given_up_is_handled_once_when_replayed_after_the_repair(desk: Desk) -> None:
    desk.broken["poison"] = RuntimeError()
    desk.say("poison")
    (letter,) = desk.letters()
    desk.broken.clear()
    assert desk.replay(letter) == 200
    assert desk.letters() == []
    assert desk.handled == [("autohaus", "poison")]
    assert desk.replay(letter) == 404
    assert desk.handled == [("autohaus", "poison")]


def test_a_rejected_message_is_listed_and_handled_when_replayed_after_the_repair(desk: Desk) -> None:
    desk.broken["odd"] = InvalidInput("the lane [Z] does not exist")
    desk.say("odd")
    (letter,) = desk.letters()
    assert (letter["kind"], letter["reason"]) == ("rejected", "the lane [Z] does not exist")
    assert letter["topic"] == "bell-rung"
    desk.broken.clear()
    assert desk.replay(letter) == 200
    assert desk.letters() == []
    assert desk.handled == [("autohaus", "odd")]


def test_a_message_rejected_again_is_a_letter_again(desk: Desk) -> None:
    desk.broken["odd"] = InvalidInput("no")
    desk.say("odd")
    (letter,) = desk.letters()
    assert desk.replay(letter) == 200
    assert len(desk.letters()) == 1
    assert desk.handled == []


def test_a_message_that_calls_itself_something_else_stays_a_letter_when_replayed(desk: Desk) -> None:
    bell = envelope_of(BellRung(name="odd"), tenant="autohaus", cause="odd", now=datetime.now(UTC))
    message = bell.to_message()
    attributes = {**message.attributes, "ce-type": "nobody-reads-this"}
    desk.harness.platform.bus.publish([replace(message, attributes=attributes)])
    desk.harness.settle()
    (letter,) = desk.letters()
    assert desk.replay(letter) == 200
    assert len(desk.letters()) == 1
    assert desk.handled == []


@pytest.mark.parametrize("failure", [RuntimeError(), InvalidInput("no")])
def test_another_tenants_letters_can_neither_be_seen_nor_replayed(desk: Desk, failure: Exception) -> None:
    desk.broken["poison"] = failure
    desk.say("poison")
    (letter,) = desk.letters()
    assert desk.letters("northside") == []
    desk.broken.clear()
    assert desk.replay(letter, "northside") == 404
    assert desk.handled == []
    assert desk.letters() != []


def test_a_window_is_replayed_for_the_callers_tenant_alone_and_doubles_nothing(desk: Desk) -> None:
    desk.say("ours")
    desk.say("theirs", "northside")
    desk.broken["lost"] = RuntimeError()
    desk.say("lost")
    before = list(desk.handled)
    answer = desk.replay_window("northside")
    assert (answer.status, answer.json()) == (200, {"count": 1})
    assert desk.handled == before


def test_a_window_heals_what_lost_its_effect(desk: Desk) -> None:
    desk.say("ours")
    desk.say("theirs", "northside")
    for tenant in ("autohaus", "northside"):  # the leases' marks are lost, as after a restored backup
        for event in desk.harness.events("bell-rung"):
            desk.forget(tenant, event["id"])
    assert desk.replay_window().json() == {"count": 1}
    assert desk.handled == [("autohaus", "ours"), ("northside", "theirs"), ("autohaus", "ours")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-11-20T09:00:00"}, "since"),
        ({"since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}, "body"),
        ({"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"}, "body"),
        ({"subscription": "../x"}, "subscription"),
    ],
)
def test_a_window_that_is_none_is_refused_with_its_field(
    desk: Desk, changes: dict[str, Any], field: str
) -> None:
    answer = desk.replay_window(**changes)
    assert answer.status == 422
    assert answer.json()["detail"].startswith(f"{field}:")


def test_an_unknown_subscription_is_not_found(desk: Desk) -> None:
    assert desk.replay_window(subscription="nobody").status == 404


@pytest.mark.parametrize("persona", ["sales", "mechanic", "advisor", "driver"])
def test_only_operators_and_the_ceo_may(desk: Desk, persona: str) -> None:
    assert desk.harness.call("GET", LETTERS, persona=persona).status == 403
    assert desk.harness.call("GET", LETTERS, api_key=True).status == 401
    assert desk.harness.call("POST", f"{LETTERS}/x/replay", persona=persona).status == 403
    assert desk.harness.call("POST", "/api/operations/replay", json={}, persona=persona).status == 403


def test_every_replay_is_in_the_ledger(desk: Desk) -> None:
    desk.broken["odd"] = InvalidInput("no")
    desk.say("odd")
    desk.replay(desk.letters()[0])
    desk.replay_window()
    rows = [event["data"] for event in desk.harness.events("audit-recorded")]
    assert {("letter.replayed", "users/operator"), ("window.replayed", "users/operator")} <= {
        (row["type"], row["actor"]) for row in rows
    }
