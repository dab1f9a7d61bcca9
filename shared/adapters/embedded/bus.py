"""The bus in one SQLite file: durable topics, a queue per subscription, retries and dead letters.

It delivers the raw Pub/Sub push body, so a function cannot tell it from the real service.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from shared.adapters.embedded.bus_lane import Item, Lane
from shared.adapters.embedded.bus_store import BusStore
from shared.errors import NotFound
from shared.ports import DeadLetter, Message, StoredMessage

WORKERS = 8
LINGER_S = 0.05
ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class Subscription:
    """A consumer group of one topic. `deliver` takes the push body, answers (status, reason)."""

    name: str
    topic: str
    deliver: Callable[[bytes], tuple[int, str]]
    max_attempts: int = 5
    min_backoff_s: float = 0.5
    max_backoff_s: float = 60.0


@dataclass(frozen=True)
class RowSubscription:
    """A consumer that takes many messages' data at once, as a BigQuery subscription does."""

    name: str
    topic: str
    deliver_rows: Callable[[list[bytes]], None]
    max_attempts: int = 5
    min_backoff_s: float = 0.5
    max_backoff_s: float = 60.0


AnySubscription = Subscription | RowSubscription


class SqliteBus:
    """At-least-once: a message is forgotten by a subscription only after it was acknowledged."""

    def __init__(self, path: Path, subscriptions: Sequence[AnySubscription] = ()) -> None:
        self._store = BusStore(path)
        self._changed = threading.Condition()
        self._lanes: dict[str, Lane] = {}
        self._subscriptions: dict[str, AnySubscription] = {}
        self._threads: list[threading.Thread] = []
        self._running = False
        for subscription in subscriptions:
            self.subscribe(subscription)

    def subscribe(self, subscription: AnySubscription) -> None:
        """Takes up what an earlier process left in the subscription's queue."""
        with self._changed:
            self._subscriptions[subscription.name] = subscription
            lane = self._lanes.setdefault(subscription.name, Lane())
            for item in self._store.pending(subscription.name):
                lane.add(_queued(subscription, item))
            self._changed.notify_all()

    def publish(self, messages: Sequence[Message]) -> None:
        with self._changed:
            by_topic: dict[str, list[str]] = {}
            for subscription in self._subscriptions.values():
                by_topic.setdefault(subscription.topic, []).append(subscription.name)
            for name, item in self._store.add(messages, by_topic):
                self._lanes[name].add(_queued(self._subscriptions[name], item))
            self._changed.notify_all()

    # running

    def start(self, workers: int = WORKERS) -> None:
        self._running = True
        rows = [s for s in self._subscriptions.values() if isinstance(s, RowSubscription)]
        for number in range(workers):
            self._thread(self._work, f"bus-{number}")
        for subscription in rows:
            self._thread(partial(self._work_rows, subscription), f"rows-{subscription.name}")

    def stop(self) -> None:
        """Lets running deliveries end; what waits stays in the file."""
        with self._changed:
            self._running = False
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def close(self) -> None:
        self.stop()
        self._store.close()

    def idle(self, timeout_s: float) -> bool:
        """Waits until no subscription has anything left to deliver; False at the timeout."""
        until = time.monotonic() + timeout_s
        with self._changed:
            while any(lane.busy for lane in self._lanes.values()):
                if not self._changed.wait(min(0.05, until - time.monotonic())) and time.monotonic() > until:
                    return False
        return True

    def _thread(self, target: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (taken := self._take()) is not None:
            subscription, item = taken
            body = push_body(self._store.message(item.seq), subscription.name, item.attempts + 1)
            try:
                status, reason = subscription.deliver(body)
            except Exception as error:  # noqa: BLE001 - a consumer's crash is a failed delivery
                status, reason = 500, type(error).__name__
            self._finish(subscription, [item], acknowledged=status < 300, reason=reason)

    def _take(self) -> tuple[Subscription, Item] | None:
        """The next due delivery of any subscription, fair by time of arrival; None when stopping."""
        with self._changed:
            while self._running:
                due: list[tuple[int, str]] = []
                now = time.time()
                for name, lane in self._lanes.items():
                    if isinstance(self._subscriptions[name], Subscription) and (seq := lane.next_seq(now)):
                        due.append((seq, name))
                if due:
                    name = min(due)[1]
                    subscription = self._subscriptions[name]
                    assert isinstance(subscription, Subscription)
                    return subscription, self._lanes[name].take()
                self._changed.wait(self._pause(now))
        return None

    def _work_rows(self, subscription: RowSubscription) -> None:
        lane = self._lanes[subscription.name]
        while True:
            with self._changed:
                while self._running and not lane.next_seq(time.time()):
                    self._changed.wait(self._pause(time.time()))
                if not self._running:
                    return
            time.sleep(LINGER_S)  # a table likes few large appends
            with self._changed:
                items: list[Item] = []
                while len(items) < ROWS_AT_ONCE and lane.next_seq(time.time()):
                    items.append(lane.take())
            self._deliver_rows(subscription, items)

    def _deliver_rows(self, subscription: RowSubscription, items: list[Item]) -> None:
        try:
            subscription.deliver_rows([self._store.message(item.seq).message.data for item in items])
        except Exception as error:  # noqa: BLE001 - refused rows are tried again, then dead letters
            if len(items) > 1:
                for item in items:  # one bad row must not hold up the others
                    self._deliver_rows(subscription, [item])
                return
            self._finish(subscription, items, acknowledged=False, reason=f"{type(error).__name__}: {error}")
        else:
            self._finish(subscription, items, acknowledged=True, reason="")

    def _finish(
        self, subscription: AnySubscription, items: list[Item], *, acknowledged: bool, reason: str
    ) -> None:
        with self._changed:
            lane = self._lanes[subscription.name]
            if acknowledged:
                self._store.acknowledge(subscription.name, [item.seq for item in items])
                for item in items:
                    lane.done(item)
            else:
                for item in items:
                    self._failed(subscription, lane, item, reason)
            self._changed.notify_all()

    def _failed(self, subscription: AnySubscription, lane: Lane, item: Item, reason: str) -> None:
        attempts = item.attempts + 1
        if attempts >= subscription.max_attempts:
            self._store.bury(subscription.name, item.seq, attempts, reason)
            lane.done(item)
            return
        pause = min(subscription.min_backoff_s * 2 ** (attempts - 1), subscription.max_backoff_s)
        due = time.time() + pause
        self._store.postpone(subscription.name, item.seq, attempts, due, reason)
        lane.again(Item(item.seq, item.key, attempts, due))

    def _pause(self, now: float) -> float:
        dues = [due for lane in self._lanes.values() if (due := lane.next_due()) is not None]
        return max(0.001, min([due - now for due in dues], default=1.0))

    # operating

    def recent(self, topic: str | None, limit: int) -> list[StoredMessage]:
        return self._store.recent(topic, limit)

    def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        return self._store.dead_letters(limit)

    def replay_dead_letter(self, letter_id: str) -> None:
        with self._changed:
            revived = self._store.revive(letter_id)
            if revived is None:
                raise NotFound(f"there is no dead letter [{letter_id}]")
            name, item = revived
            if name in self._subscriptions:  # else it waits in the file for its subscription to come back
                self._lanes[name].add(_queued(self._subscriptions[name], item))
            self._changed.notify_all()

    def replay(
        self, *, subscription: str, since: datetime, until: datetime, tenant_id: str | None = None
    ) -> int:
        with self._changed:
            if subscription not in self._subscriptions:
                raise NotFound(f"there is no subscription [{subscription}]")
            topic = self._subscriptions[subscription].topic
            items = self._store.again(subscription, topic, since, until, tenant_id)
            for item in items:
                self._lanes[subscription].add(_queued(self._subscriptions[subscription], item))
            self._changed.notify_all()
        return len(items)


def _queued(subscription: AnySubscription, item: Item) -> Item:
    """Rows of a table have no order, so they need not wait for each other."""
    return replace(item, key="") if isinstance(subscription, RowSubscription) else item


def push_body(stored: StoredMessage, subscription: str, attempt: int) -> bytes:
    """What Pub/Sub POSTs to a push endpoint of a subscription with a dead-letter policy."""
    message = {
        "data": base64.b64encode(stored.message.data).decode(),
        "attributes": dict(stored.message.attributes),
        "messageId": stored.message_id,
        "publishTime": stored.published_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }
    if stored.message.ordering_key:
        message["orderingKey"] = stored.message.ordering_key
    return json.dumps({"message": message, "subscription": subscription, "deliveryAttempt": attempt}).encode()
