"""What is seen at the product's edge, by none of its own code: messages as the bus pushes them, documents
as a bare client reads them."""

from __future__ import annotations

import base64
import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore

from shared.ports import Message


@dataclass(frozen=True)
class Seen:
    """One push of one message to the witness."""

    topic: str
    tenant: str
    event_id: str
    message_id: str
    message: Mapping[str, Any]
    data: Mapping[str, Any]

    def as_published(self) -> Message:
        return Message(
            topic=self.topic,
            data=base64.b64decode(self.message["data"]),
            attributes=self.message["attributes"],
            ordering_key=self.message.get("orderingKey", ""),
        )


class Witness:
    """A subscriber of every topic, dead letters included."""

    def __init__(self) -> None:
        self._seen: list[Seen] = []
        self._lock = threading.Lock()

    def take(self, topic: str, pushed: Mapping[str, Any]) -> None:
        message = pushed["message"]
        attributes = message["attributes"]
        one = Seen(
            topic=topic,
            tenant=attributes["ce-tenantid"],
            event_id=attributes["ce-id"],
            message_id=str(message["messageId"]),
            message=message,
            data=json.loads(base64.b64decode(message["data"])),
        )
        with self._lock:
            self._seen.append(one)

    def seen(self, tenant: str, topic: str = "") -> list[Seen]:
        with self._lock:
            return [one for one in self._seen if one.tenant == tenant and topic in ("", one.topic)]

    def told(self, tenant: str, topic: str) -> dict[str, Seen]:
        """Each event once, by its id: publishing one again is allowed, telling a second one is not."""
        return {one.event_id: one for one in self.seen(tenant, topic)}

    def count(self) -> int:
        with self._lock:
            return len(self._seen)


class BareStore:
    """The database through Google's own high-level client."""

    def __init__(self, project: str, host: str) -> None:
        self._host = host
        with _emulator_variable(host):
            credentials = AnonymousCredentials()  # type: ignore[no-untyped-call]  # the library has no types
            self._client = firestore.Client(project=project, credentials=credentials)

    def beside(self, project: str) -> BareStore:
        """Another project of the same emulator."""
        return BareStore(project, self._host)

    def by_id(self, collection: str) -> dict[str, dict[str, Any]]:
        return {one.id: one.to_dict() or {} for one in self._client.collection(collection).stream()}

    def all(self, collection: str) -> list[dict[str, Any]]:
        return list(self.by_id(collection).values())

    def ids(self, collection: str) -> list[str]:
        return list(self.by_id(collection))

    def count(self, collection: str) -> int:
        counting = self._client.collection(collection).count()  # type: ignore[no-untyped-call]  # no types
        ((found,),) = counting.get()
        return int(found.value)

    def one(self, path: str) -> dict[str, Any]:
        return self._client.document(path).get().to_dict() or {}

    def put(self, path: str, data: Mapping[str, Any]) -> None:
        self._client.document(path).set(dict(data))

    def close(self) -> None:
        self._client.close()  # type: ignore[no-untyped-call]  # the library has no types here


def doubled(names: Iterator[Any] | list[Any]) -> dict[Any, int]:
    """What is there more than once, and how often."""
    return {name: times for name, times in Counter(names).items() if times > 1}


@contextmanager
def _emulator_variable(host: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRESTORE_EMULATOR_HOST", host)
        yield
