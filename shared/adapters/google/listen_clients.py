"""Clients for streams that stay open.

Google's front end takes a hundred streams a connection. What a client asks beyond that waits in the client,
without an error, until one ends, and a listener's stream never does: the hundredth follower would stop every
read and write of its process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from google.cloud.firestore_v1.services.firestore import FirestoreClient

STREAMS_A_CONNECTION = 80
"""Some room: a cancelled stream is counted until the other side has heard of it."""


@dataclass
class Lent:
    client: FirestoreClient
    streams: int = 0


class ListenClients:
    """Each client of `make` has a connection of its own; the next is made when they all are full."""

    def __init__(self, make: Callable[[], FirestoreClient]) -> None:
        self._make = make
        self._lent: list[Lent] = []
        self._lock = threading.Lock()

    def borrow(self) -> Lent:
        """A place for one stream, to be given back."""
        with self._lock:
            found = next((one for one in self._lent if one.streams < STREAMS_A_CONNECTION), None)
            if found is None:
                found = Lent(self._make())
                self._lent.append(found)
            found.streams += 1
            return found

    def give_back(self, lent: Lent) -> None:
        with self._lock:
            lent.streams -= 1

    def close(self) -> None:
        with self._lock:
            for one in self._lent:
                one.client.transport.close()  # type: ignore[no-untyped-call]  # the library has no types here
            self._lent.clear()
