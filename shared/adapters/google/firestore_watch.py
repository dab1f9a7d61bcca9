"""One document followed through Firestore's listen stream."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from google.api_core import exceptions as api
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.types import ListenRequest, ListenResponse, Target, TargetChange

from shared.ports import Document

_logger = logging.getLogger(__name__)
_TARGET = 1
_CURRENT = TargetChange.TargetChangeType.CURRENT
_REMOVED = TargetChange.TargetChangeType.REMOVE
_NO_CHANGE = TargetChange.TargetChangeType.NO_CHANGE
_RESET = TargetChange.TargetChangeType.RESET
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0
"""Somebody looks at what is followed: after an outage they hear of it in seconds, however long it was."""
_NEVER = object()


class FirestoreWatch:
    """Listens in a thread of its own. A broken stream is opened again; what did not change meanwhile is
    not told again. `close` may be called from inside a callback; it then does not wait for that one."""

    def __init__(
        self,
        *,
        client: FirestoreClient,
        database: str,
        name: str,
        metadata: Sequence[tuple[str, str]],
        to_document: Callable[[Any], Document],
        on_change: Callable[[Document | None], None],
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._on_end = on_end
        self._metadata = metadata
        self._to_document = to_document
        self._on_change = on_change
        self._name = name
        self._request = ListenRequest(
            database=database,
            add_target=Target(documents=Target.DocumentsTarget(documents=[name]), target_id=_TARGET),
        )
        self._told: object = _NEVER
        self._pause_s = _FIRST_PAUSE_S
        self._closed = threading.Event()
        self._call: Any = None
        self._thread = threading.Thread(target=self._run, name=f"watch {name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        if self._call is not None:
            self._call.cancel()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._listen_until_closed()
        finally:
            self._on_end()

    def _listen_until_closed(self) -> None:
        while not self._closed.is_set():
            try:
                self._listen()
            except api.GoogleAPICallError as error:
                if self._closed.is_set():
                    return
                _logger.warning(
                    "Watch of [%s] broke, again in [%.1f] s: %s", self._name, self._pause_s, error
                )
            self._closed.wait(self._pause_s)
            self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)

    def _listen(self) -> None:
        requests: queue.SimpleQueue[ListenRequest | None] = queue.SimpleQueue()
        requests.put(self._request)
        try:
            sending: Iterator[ListenRequest] = iter(requests.get, None)
            self._call = self._client.listen(sending, retry=None, timeout=None, metadata=self._metadata)
            if self._closed.is_set():  # closed between the check and the call: nobody else cancels it
                self._call.cancel()
            self._follow(self._call)
        finally:
            requests.put(None)
            if self._call is not None:
                self._call.cancel()

    def _follow(self, answers: Any) -> None:
        state: Document | None = None
        is_current = False
        for answer in answers:
            message = ListenResponse.pb(answer)
            kind = message.WhichOneof("response_type")
            if kind == "document_change" and _TARGET in message.document_change.target_ids:
                state = self._to_document(message.document_change.document)
            elif kind in ("document_delete", "document_remove", "document_change"):
                state = None
            elif kind == "target_change":
                change = message.target_change.target_change_type
                if change == _REMOVED:
                    return
                state = None if change == _RESET else state
                is_current = (is_current or change == _CURRENT) and change != _RESET
                if is_current and change == _NO_CHANGE:
                    self._tell(state)

    def _tell(self, state: Document | None) -> None:
        self._pause_s = _FIRST_PAUSE_S
        version = state.version if state else None
        if version == self._told or self._closed.is_set():
            return
        self._told = version
        try:
            self._on_change(state)
        except Exception:  # the listener's own fault: it must not end the stream for later changes
            _logger.exception("A watcher of [%s] failed on version [%s]", self._name, version)
