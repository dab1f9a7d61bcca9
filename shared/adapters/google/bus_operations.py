"""What an operator does with Pub/Sub, through two kinds of pull subscription made by Terraform.

`<topic>--history` keeps every message of a topic (also acknowledged ones) for its retention time, so the
past can be read and a window of it published again for one consumer. `<consumer>--dead-letters` holds what
that consumer's push subscription gave up on. A replayed message carries the attribute `replay-for`, which
every other consumer acknowledges and ignores. Seeking the consumer's own subscription instead would know
neither an end of the window nor a count, and would deliver later messages again too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeVar

from shared.adapters.google.bus import PubSubBus
from shared.adapters.google.pulling import PullReader
from shared.errors import NotFound
from shared.ports import Clock, DeadLetter, Message, StoredMessage

HISTORY = "--history"
DEAD_LETTERS = "--dead-letters"
REPLAY_ATTRIBUTE = "replay-for"
TENANT_ATTRIBUTE = "ce-tenantid"

_READERS = 16
_SOURCE = "CloudPubSubDeadLetterSource"
_ATTEMPTS = f"{_SOURCE}DeliveryCount"
_SAID = f"{_SOURCE}DeliveryErrorMessage"
"""Why BigQuery refused a row; of a push subscription Pub/Sub keeps no reason."""

_LOOK_BACK = (timedelta(minutes=10), timedelta(hours=3), timedelta(days=2))


def reason_unknown(subscription: str, message: Message) -> str:
    return f"Pub/Sub keeps no reason; the logs of [{subscription}] have it"


Item = TypeVar("Item")


class PubSubBusOperations:
    """`reason_of(subscription, message)` says why a delivery failed, from the runtime's own records."""

    def __init__(
        self,
        *,
        project: str,
        bus: PubSubBus,
        clock: Clock,
        emulator_host: str | None = None,
        reason_of: Callable[[str, Message], str] = reason_unknown,
        quiet_s: float = 3.0,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._reason_of = reason_of
        self._reader = PullReader(project=project, emulator_host=emulator_host, quiet_s=quiet_s)

    def recent(self, topic: str | None, limit: int) -> list[StoredMessage]:
        topics = [topic] if topic else [name.removesuffix(HISTORY) for name in self._reader.names(HISTORY)]
        found = _side_by_side(lambda name: self._newest(name, limit), topics)
        return sorted(found, key=_by_time)[-limit:]

    def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        letters = _side_by_side(self._letters, self._reader.names(DEAD_LETTERS))
        return sorted(letters, key=lambda letter: (letter.failed_at, letter.letter_id))[-limit:]

    def replay_dead_letter(self, letter_id: str) -> None:
        consumer, _, message_id = letter_id.rpartition("/")
        subscription = consumer + DEAD_LETTERS
        held: list[str] = []
        try:
            for ack_id, stored in chain.from_iterable(self._reader.pages(subscription)):
                if stored.message_id == message_id:
                    letter = self._letter(subscription, stored)
                    self._bus.publish([_meant_for(letter.message, consumer)])
                    self._reader.acknowledge(subscription, [ack_id])
                    return
                held.append(ack_id)
        finally:
            self._reader.release(subscription, held)
        raise NotFound(f"No dead letter [{letter_id}]; it was replayed already or never there")

    def replay(
        self, *, subscription: str, since: datetime, until: datetime, tenant_id: str | None = None
    ) -> int:
        topic = self._reader.topic_of(subscription)
        window = [
            stored
            for stored in self._since(topic, since)
            if since <= stored.published_at < until
            and tenant_id in (None, stored.message.attributes.get(TENANT_ATTRIBUTE))
        ]
        self._bus.publish(
            [_meant_for(stored.message, subscription) for stored in sorted(window, key=_by_time)]
        )
        return len(window)

    def close(self) -> None:
        self._reader.close()

    def _newest(self, topic: str, limit: int) -> list[StoredMessage]:
        found: list[StoredMessage] = []
        for span in _LOOK_BACK:
            found = self._since(topic, self._clock.now() - span)
            if len(found) >= limit:
                break
        return found

    def _since(self, topic: str, since: datetime) -> list[StoredMessage]:
        """First deliveries only: a replayed message is in the history a second time."""
        subscription = topic + HISTORY
        self._reader.seek(subscription, since)
        unique: dict[str, StoredMessage] = {}
        for page in self._reader.pages(subscription):
            self._reader.acknowledge(subscription, [ack_id for ack_id, _ in page])
            unique.update((stored.message_id, stored) for _, stored in page)
        return [
            replace(stored, message=replace(stored.message, topic=topic))
            for stored in unique.values()
            if stored.published_at >= since and REPLAY_ATTRIBUTE not in stored.message.attributes
        ]

    def _letters(self, subscription: str) -> list[DeadLetter]:
        """Read and given back; one that came twice meanwhile is one."""
        seen = list(chain.from_iterable(self._reader.pages(subscription)))
        self._reader.release(subscription, [ack_id for ack_id, _ in seen])
        unique = {stored.message_id: stored for _, stored in seen}
        return [self._letter(subscription, stored) for stored in unique.values()]

    def _letter(self, subscription: str, stored: StoredMessage) -> DeadLetter:
        consumer = subscription.removesuffix(DEAD_LETTERS)
        attributes = stored.message.attributes
        own = {name: value for name, value in attributes.items() if not name.startswith(_SOURCE)}
        message = replace(stored.message, topic=self._reader.topic_of(consumer), attributes=own)
        return DeadLetter(
            letter_id=f"{consumer}/{stored.message_id}",
            subscription=consumer,
            message=message,
            attempts=int(attributes.get(_ATTEMPTS, 0)),
            reason=attributes.get(_SAID) or self._reason_of(consumer, message),
            failed_at=stored.published_at,
        )


def _side_by_side(read: Callable[[str], list[Item]], names: Sequence[str]) -> list[Item]:
    """Each reading waits for its subscription to fall quiet, so they wait together."""
    with ThreadPoolExecutor(_READERS) as pool:
        return list(chain.from_iterable(pool.map(read, names)))


def _meant_for(message: Message, subscription: str) -> Message:
    return replace(message, attributes={**message.attributes, REPLAY_ATTRIBUTE: subscription})


def _by_time(stored: StoredMessage) -> tuple[datetime, str]:
    return stored.published_at, stored.message_id.zfill(24)
