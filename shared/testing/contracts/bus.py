"""The bus: durable, at least once, in order by key, and what an operator does with it.

An adapter's test gives a `rig` fixture: a bus whose subscriptions can be declared in the test.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Protocol

import pytest

from shared.errors import NotFound
from shared.ports import Bus, BusOperations, DeadLetter, Message

Deliver = Callable[[bytes], tuple[int, str]]
ACCEPTED = (204, "")
NO_VIN = (500, "cannot read VIN")
REPLAY_ATTRIBUTE = "replay-for"


class BusRig(Protocol):
    bus: Bus
    operations: BusOperations

    def declare(self, topic: str, deliver: dict[str, Deliver], *, ordered: bool = False) -> None:
        """Makes the topic and a push subscription per name, with quick back-off and 5 attempts."""


class Inbox:
    """A consumer that remembers; `verdict` decides what it answers to a message's text."""

    def __init__(self, name: str, verdict: Callable[[str], tuple[int, str]] = lambda _: ACCEPTED) -> None:
        self._name = name
        self._verdict = verdict
        self._lock = threading.Lock()
        self.bodies: list[dict[str, Any]] = []
        self.accepted: list[str] = []

    def deliver(self, body: bytes) -> tuple[int, str]:
        pushed = json.loads(body)
        if pushed["message"].get("attributes", {}).get(REPLAY_ATTRIBUTE, self._name) != self._name:
            return ACCEPTED  # meant for another consumer, as the runtime decides too
        text = base64.b64decode(pushed["message"]["data"]).decode()
        status, reason = self._verdict(text)
        with self._lock:
            self.bodies.append(pushed)
            if status < 300:
                self.accepted.append(text)
        return status, reason


class BusContract:
    knows_reasons = True
    """Whether the bus itself sees why a consumer failed."""

    def test_a_message_reaches_every_subscription_as_a_push_body(self, rig: BusRig) -> None:
        first, second = Inbox("first"), Inbox("second")
        rig.declare("lead-received", {"first": first.deliver, "second": second.deliver})
        before = datetime.now(UTC)
        rig.bus.publish([Message("lead-received", "Ærø".encode(), {"ce-id": "1", "ce-type": "x"})])
        _until(lambda: bool(first.bodies and second.bodies))
        (body,) = first.bodies
        assert body["subscription"].rsplit("/", 1)[-1] == "first"
        assert base64.b64decode(body["message"]["data"]).decode() == "Ærø"
        assert body["message"]["attributes"] == {"ce-id": "1", "ce-type": "x"}
        assert body["message"]["messageId"]
        published = datetime.fromisoformat(body["message"]["publishTime"])
        assert abs(published - before) < timedelta(seconds=5)

    def test_topics_do_not_mix(self, rig: BusRig) -> None:
        leads, deals = Inbox("leads"), Inbox("deals")
        rig.declare("lead-received", {"leads": leads.deliver})
        rig.declare("deal-opened", {"deals": deals.deliver})
        rig.bus.publish([Message("deal-opened", b"d"), Message("lead-received", b"l")])
        _until(lambda: bool(leads.accepted and deals.accepted))
        assert (leads.accepted, deals.accepted) == (["l"], ["d"])

    def test_nothing_to_publish_is_fine(self, rig: BusRig) -> None:
        rig.bus.publish([])

    def test_a_large_batch_arrives_whole(self, rig: BusRig) -> None:
        inbox = Inbox("all")
        rig.declare("lead-received", {"all": inbox.deliver})
        rig.bus.publish([Message("lead-received", str(n).encode()) for n in range(1_200)])
        _until(lambda: len(inbox.accepted) >= 1_200, timeout_s=30)
        assert set(inbox.accepted) == {str(n) for n in range(1_200)}

    def test_a_refused_message_comes_again_until_accepted(self, rig: BusRig) -> None:
        answers = [(500, "crash"), (503, "busy"), ACCEPTED]
        inbox = Inbox("retrying", lambda _: answers.pop(0) if len(answers) > 1 else answers[0])
        rig.declare("lead-received", {"retrying": inbox.deliver})
        rig.bus.publish([Message("lead-received", b"once", {"ce-id": "7"})])
        _until(lambda: bool(inbox.accepted))
        assert len(inbox.bodies) == 3
        assert len({body["message"]["messageId"] for body in inbox.bodies}) == 1
        assert rig.operations.dead_letters() == []

    def test_messages_of_one_key_arrive_in_order(self, rig: BusRig) -> None:
        inbox = Inbox("ordered")
        rig.declare("message-received", {"ordered": inbox.deliver}, ordered=True)
        for start in range(0, 30, 6):
            rig.bus.publish(
                [
                    Message("message-received", f"{n % 3}:{n:02}".encode(), {}, f"k{n % 3}")
                    for n in range(start, start + 6)
                ]
            )
        _until(lambda: len(inbox.accepted) >= 30)
        for key in "012":
            arrived = [text for text in inbox.accepted if text.startswith(key)]
            assert arrived == sorted(arrived)

    def test_poison_stops_nobody_and_is_replayed_to_the_one_that_gave_up(self, rig: BusRig) -> None:
        cured = threading.Event()
        sick = Inbox("sick", lambda text: ACCEPTED if cured.is_set() or text != "poison" else NO_VIN)
        healthy = Inbox("healthy")
        rig.declare("lead-received", {"sick": sick.deliver, "healthy": healthy.deliver})
        rig.bus.publish([Message("lead-received", b"poison", {"ce-id": "p"}, "k1")])
        rig.bus.publish([Message("lead-received", f"ok {n}".encode(), {}, f"o{n}") for n in range(5)])
        _until(lambda: len(sick.accepted) == 5 and len(healthy.accepted) == 6)
        letter = self._letter(rig)
        assert len(sick.bodies) - len(sick.accepted) >= 5
        cured.set()
        rig.operations.replay_dead_letter(letter.letter_id)
        _until(lambda: sick.accepted[5:] == ["poison"])
        assert len(healthy.accepted) == 6
        assert rig.operations.dead_letters() == []
        with pytest.raises(NotFound, match=r"\["):
            rig.operations.replay_dead_letter(letter.letter_id)

    def _letter(self, rig: BusRig) -> DeadLetter:
        _until(lambda: bool(rig.operations.dead_letters()), timeout_s=50, pause_s=0.2)
        (letter,) = rig.operations.dead_letters()
        assert letter.subscription == "sick"
        assert letter.message == Message("lead-received", b"poison", {"ce-id": "p"}, "k1")
        assert letter.attempts >= 5
        assert abs(letter.failed_at - datetime.now(UTC)) < timedelta(seconds=60)
        assert (NO_VIN[1] in letter.reason) is self.knows_reasons
        assert letter.reason
        return letter

    def test_a_window_is_replayed_to_one_subscription_alone(self, rig: BusRig) -> None:
        again, other = Inbox("again"), Inbox("other")
        rig.declare("lead-received", {"again": again.deliver, "other": other.deliver})
        marks = []
        for text in (b"early", b"wanted", b"late"):
            rig.bus.publish([Message("lead-received", text, {"ce-id": text.decode()}, "k")])
            _until(partial(_both_took, again, other, text.decode()))
            time.sleep(0.03)
            marks.append(datetime.now(UTC))
            time.sleep(0.03)
        count = rig.operations.replay(subscription="again", since=marks[0], until=marks[1])
        assert count == 1
        _until(lambda: len(again.accepted) == 4)
        time.sleep(0.3)
        assert again.accepted == ["early", "wanted", "late", "wanted"]
        assert again.bodies[-1]["message"]["attributes"]["ce-id"] == "wanted"
        assert other.accepted == ["early", "wanted", "late"]
        now = datetime.now(UTC)
        assert rig.operations.replay(subscription="again", since=marks[0], until=now) == 2
        _until(lambda: len(again.accepted) == 6)

    def test_a_replay_may_be_of_one_tenant(self, rig: BusRig) -> None:
        inbox = Inbox("inbox")
        rig.declare("lead-received", {"inbox": inbox.deliver})
        for tenant in ("autohaus", "northside", "autohaus"):
            rig.bus.publish([Message("lead-received", tenant.encode(), {"ce-tenantid": tenant})])
        rig.bus.publish([Message("lead-received", b"nobody's")])
        _until(lambda: len(inbox.accepted) == 4)
        now, hour = datetime.now(UTC), timedelta(hours=1)
        count = rig.operations.replay(
            subscription="inbox", since=now - hour, until=now + hour, tenant_id="autohaus"
        )
        assert count == 2
        _until(lambda: len(inbox.accepted) == 6)
        assert inbox.accepted[4:] == ["autohaus", "autohaus"]

    def test_a_replay_of_an_unknown_subscription_is_refused(self, rig: BusRig) -> None:
        now = datetime.now(UTC)
        with pytest.raises(NotFound, match=r"\[nobody\]"):
            rig.operations.replay(subscription="nobody", since=now - timedelta(hours=1), until=now)

    def test_recent_messages_come_newest_last(self, rig: BusRig) -> None:
        inbox = Inbox("inbox")
        rig.declare("lead-received", {"inbox": inbox.deliver})
        rig.declare("deal-opened", {})
        for n in range(4):
            rig.bus.publish([Message("lead-received", str(n).encode(), {"ce-id": str(n)}, "k")])
            time.sleep(0.005)
        rig.bus.publish([Message("deal-opened", b"d")])
        assert [s.message.data for s in rig.operations.recent("lead-received", 3)] == [b"1", b"2", b"3"]
        newest = rig.operations.recent(None, 2)
        assert [stored.message.topic for stored in newest] == ["lead-received", "deal-opened"]
        assert newest[0].message == Message("lead-received", b"3", {"ce-id": "3"}, "k")
        assert newest[0].published_at.utcoffset() == timedelta(0)


def _both_took(one: Inbox, other: Inbox, text: str) -> bool:
    return one.accepted[-1:] == other.accepted[-1:] == [text]


def _until(holds: Callable[[], bool], timeout_s: float = 15.0, pause_s: float = 0.01) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(pause_s)
