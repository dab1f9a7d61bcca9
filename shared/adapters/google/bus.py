"""The bus on Pub/Sub: plain publish calls that return once the service has the messages.

The high-level publisher collects messages in a background thread and pauses a key after a failure until it
is told to resume. An outbox is already a batch and is published again as a whole, so a call per group is
both simpler and sooner: nothing waits, nothing runs after the answer, and no key is ever paused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from google.api_core import exceptions as api
from google.pubsub_v1.services.publisher import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.types import PublishRequest

from shared.adapters.google.channels import connected
from shared.adapters.google.errors import google_errors, within
from shared.errors import Misconfigured
from shared.ports import Message

_MOST_MESSAGES = 1_000
_MOST_BYTES = 9_000_000
"""Pub/Sub takes 1,000 messages and 10 MB a call; the rest is room for attributes' encoding."""

_PARALLEL_GROUPS = 8


class PubSubBus:
    """`endpoint` is a regional one (`us-central1-pubsub.googleapis.com:443`): ordering holds per region.

    `timeout_s` bounds one call. It is short, for what is published lies in the outbox: somebody waits for an
    answer, the sweeper does not.
    """

    def __init__(
        self,
        *,
        project: str,
        emulator_host: str | None = None,
        endpoint: str | None = None,
        timeout_s: float = 3.0,
    ) -> None:
        self._project = project
        self._timeout_s = timeout_s
        with google_errors("Pub/Sub client"):
            self._client = connected(
                PublisherClient, PublisherGrpcTransport, emulator_host=emulator_host, endpoint=endpoint
            )
        self._pool: ThreadPoolExecutor | None = None

    def publish(self, messages: Sequence[Message]) -> None:
        """Groups by topic and ordering key go out side by side; one group stays in its order.

        Raises `Unavailable` when a group failed; then some messages may be out, so publish all again.
        """
        groups = groups_of(messages)
        if len(groups) == 1:
            self._publish_group(groups[0])
        elif groups:
            self._pool = self._pool or ThreadPoolExecutor(_PARALLEL_GROUPS, thread_name_prefix="publish")
            for done in [self._pool.submit(self._publish_group, group) for group in groups]:
                done.result()

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown()
        self._client.transport.close()

    def _publish_group(self, group: Sequence[Message]) -> None:
        topic = group[0].topic
        for part in _parts(group):
            request = PublishRequest.pb()(topic=f"projects/{self._project}/topics/{topic}")
            for message in part:
                _add(request, message)
            with google_errors(f"Publish to [{topic}]"):
                self._send(topic, PublishRequest.wrap(request))

    def _send(self, topic: str, request: PublishRequest) -> None:
        try:
            self._client.publish(request, retry=within(self._timeout_s), timeout=self._timeout_s)
        except api.NotFound as error:
            raise Misconfigured(
                f"Topic [{topic}] does not exist in project [{self._project}]; apply Terraform"
            ) from error


def groups_of(messages: Iterable[Message]) -> list[list[Message]]:
    """By topic and key, in order: Pub/Sub takes one topic and one key a call; the emulator is laxer."""
    groups: dict[tuple[str, str], list[Message]] = {}
    for message in messages:
        groups.setdefault((message.topic, message.ordering_key), []).append(message)
    return list(groups.values())


def _parts(group: Sequence[Message]) -> Iterator[list[Message]]:
    part: list[Message] = []
    size = 0
    for message in group:
        weight = len(message.data) + sum(len(k) + len(v) for k, v in message.attributes.items()) + 64
        if part and (len(part) == _MOST_MESSAGES or size + weight > _MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(message)
        size += weight
    yield part


def _add(request: Any, message: Message) -> None:
    added = request.messages.add(data=message.data, ordering_key=message.ordering_key)
    added.attributes.update(message.attributes)
