"""Topics and push subscriptions on the Pub/Sub emulator, shaped as Terraform shapes them in the cloud.

Per topic: the topic and its `--history` subscription. Per consumer: a push subscription with retry policy
and dead-letter policy, and a `--dead-letters` topic with a pull subscription of the same name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import grpc
from google.api_core.exceptions import AlreadyExists
from google.pubsub_v1.services.publisher import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber import SubscriberClient
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport
from google.pubsub_v1.types import DeadLetterPolicy, PushConfig, RetryPolicy, Subscription

from shared.adapters.google.bus_operations import DEAD_LETTERS, HISTORY

_MIN_ATTEMPTS = 5
"""Pub/Sub's own minimum for a dead-letter policy."""

_PULL_DEADLINE_S = 10
"""Pub/Sub's minimum: what a reader that went away held comes back soon."""


@dataclass(frozen=True)
class Consumer:
    """One push subscription; `push_url` receives the raw Pub/Sub push body by POST."""

    subscription: str
    topic: str
    push_url: str
    max_attempts: int = _MIN_ATTEMPTS
    ordered: bool = False
    """The emulator keeps no dead letters and cannot seek for an ordered subscription; the cloud does both."""
    ack_deadline_s: int = 30
    min_backoff_s: float = 0.1
    max_backoff_s: float = 1.0


def build(
    *, project: str, emulator_host: str, topics: Iterable[str] = (), consumers: Iterable[Consumer] = ()
) -> None:
    """Creates what is missing; calling it again with more topics or consumers is fine."""
    consumers = list(consumers)
    with grpc.insecure_channel(emulator_host) as channel:
        rig = _Rig(project, emulator_host, channel)
        for topic in dict.fromkeys([*topics, *(consumer.topic for consumer in consumers)]):
            rig.add_topic(topic)
            rig.add_pull(topic + HISTORY, topic)
        for consumer in consumers:
            rig.add_consumer(consumer)


class _Rig:
    def __init__(self, project: str, host: str, channel: grpc.Channel) -> None:
        self._project = f"projects/{project}"
        self._publisher = PublisherClient(transport=PublisherGrpcTransport(host=host, channel=channel))
        self._subscriber = SubscriberClient(transport=SubscriberGrpcTransport(host=host, channel=channel))

    def add_topic(self, topic: str) -> None:
        try:
            self._publisher.create_topic(name=self._topic(topic))
        except AlreadyExists:
            return

    def add_pull(self, name: str, topic: str) -> None:
        self._subscribe(
            Subscription(
                name=self._subscription(name),
                topic=self._topic(topic),
                ack_deadline_seconds=_PULL_DEADLINE_S,
                retain_acked_messages=True,
            )
        )

    def add_consumer(self, consumer: Consumer) -> None:
        letters = consumer.subscription + DEAD_LETTERS
        self.add_topic(letters)
        self.add_pull(letters, letters)
        self._subscribe(
            Subscription(
                name=self._subscription(consumer.subscription),
                topic=self._topic(consumer.topic),
                push_config=PushConfig(push_endpoint=consumer.push_url),
                enable_message_ordering=consumer.ordered,
                ack_deadline_seconds=max(10, consumer.ack_deadline_s),
                dead_letter_policy=DeadLetterPolicy(
                    dead_letter_topic=self._topic(letters),
                    max_delivery_attempts=max(_MIN_ATTEMPTS, consumer.max_attempts),
                ),
                retry_policy=RetryPolicy(
                    minimum_backoff=timedelta(seconds=consumer.min_backoff_s),
                    maximum_backoff=timedelta(seconds=consumer.max_backoff_s),
                ),
            )
        )

    def _subscribe(self, subscription: Subscription) -> None:
        try:
            self._subscriber.create_subscription(subscription)
        except AlreadyExists:
            return

    def _topic(self, name: str) -> str:
        return f"{self._project}/topics/{name}"

    def _subscription(self, name: str) -> str:
        return f"{self._project}/subscriptions/{name}"
