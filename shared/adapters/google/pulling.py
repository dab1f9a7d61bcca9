"""Reading pull subscriptions to their present end, for operators."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from google.api_core import exceptions as api
from google.pubsub_v1.services.subscriber import SubscriberClient
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport
from google.pubsub_v1.types import PullResponse

from shared.adapters.google.channels import connected
from shared.adapters.google.errors import google_errors, within
from shared.adapters.google.firestore_values import moment, timestamp
from shared.errors import NotFound
from shared.ports import Message, StoredMessage

_MOST_A_CALL = 1_000

Pulled = tuple[str, StoredMessage]
"""The id to acknowledge it by, and the message."""


class PullReader:
    """`quiet_s`: a subscription silent for so long is read to its end; Pub/Sub has no other sign of it."""

    def __init__(
        self, *, project: str, emulator_host: str | None, quiet_s: float, timeout_s: float = 10.0
    ) -> None:
        self._project = project
        self._quiet_s = quiet_s
        self._topics: dict[str, str] = {}
        self._options: dict[str, Any] = {"retry": within(timeout_s), "timeout": timeout_s}
        with google_errors("Pub/Sub client"):
            self._client = connected(SubscriberClient, SubscriberGrpcTransport, emulator_host=emulator_host)

    def names(self, suffix: str) -> list[str]:
        """Ids of the project's subscriptions that end so, sorted."""
        with google_errors("List of subscriptions"):
            found = self._client.list_subscriptions(project=f"projects/{self._project}", **self._options)
            ids = sorted(subscription.name.rsplit("/", 1)[-1] for subscription in found)
        return [name for name in ids if name.endswith(suffix)]

    def topic_of(self, subscription: str) -> str:
        """Asked once: a subscription never changes its topic. Raises `NotFound`."""
        if subscription not in self._topics:
            with google_errors(f"Look at subscription [{subscription}]"), _missing(subscription):
                found = self._client.get_subscription(subscription=self._path(subscription), **self._options)
            self._topics[subscription] = str(found.topic).rsplit("/", 1)[-1]
        return self._topics[subscription]

    def seek(self, subscription: str, moment: datetime) -> None:
        request = {"subscription": self._path(subscription), "time": timestamp(moment)}
        with google_errors(f"Seek of [{subscription}]"), _missing(subscription):
            self._client.seek(request, **self._options)

    def pages(self, subscription: str) -> Iterator[list[Pulled]]:
        """Until the subscription is quiet: an empty answer alone may just be early. Raises `NotFound`."""
        quiet_from = time.monotonic()
        while (left_s := quiet_from + self._quiet_s - time.monotonic()) > 0:
            if received := self._pull(subscription, left_s):
                yield received
                quiet_from = time.monotonic()

    def acknowledge(self, subscription: str, ack_ids: list[str]) -> None:
        for start in range(0, len(ack_ids), _MOST_A_CALL):
            part = ack_ids[start : start + _MOST_A_CALL]
            with google_errors(f"Acknowledge in [{subscription}]"):
                self._client.acknowledge(subscription=self._path(subscription), ack_ids=part, **self._options)

    def release(self, subscription: str, ack_ids: list[str]) -> None:
        """Gives messages back so that the next reader finds them at once."""
        for start in range(0, len(ack_ids), _MOST_A_CALL):
            part = ack_ids[start : start + _MOST_A_CALL]
            with google_errors(f"Release in [{subscription}]"):
                self._client.modify_ack_deadline(
                    subscription=self._path(subscription),
                    ack_ids=part,
                    ack_deadline_seconds=0,
                    **self._options,
                )

    def close(self) -> None:
        self._client.transport.close()

    def _pull(self, subscription: str, timeout_s: float) -> list[Pulled]:
        request = {"subscription": self._path(subscription), "max_messages": _MOST_A_CALL}
        with google_errors(f"Pull from [{subscription}]"), _missing(subscription):
            try:
                answer = self._client.pull(request, retry=None, timeout=timeout_s)
            except (api.DeadlineExceeded, api.Cancelled):  # our deadline, told by either side
                return []
        return [(one.ack_id, _stored(one.message)) for one in PullResponse.pb(answer).received_messages]

    def _path(self, subscription: str) -> str:
        return f"projects/{self._project}/subscriptions/{subscription}"


@contextmanager
def _missing(subscription: str) -> Iterator[None]:
    try:
        yield
    except api.NotFound as error:
        raise NotFound(f"No subscription [{subscription}]") from error


def _stored(message: Any) -> StoredMessage:
    content = Message(
        topic="",
        data=message.data,
        attributes=dict(message.attributes),
        ordering_key=message.ordering_key,
    )
    return StoredMessage(message.message_id, content, moment(message.publish_time))
