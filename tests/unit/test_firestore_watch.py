from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from google.api_core.exceptions import ServiceUnavailable
from google.cloud.firestore_v1.types import Document as FirestoreDocument
from google.cloud.firestore_v1.types import DocumentChange, ListenResponse, TargetChange
from google.protobuf.timestamp_pb2 import Timestamp

from shared.adapters.google.firestore_values import decoded, fill, version
from shared.adapters.google.firestore_watch import FirestoreWatch
from shared.ports import Document

NAME = "projects/p/databases/(default)/documents/sessions/s"


def test_a_broken_stream_is_opened_again_and_repeats_nothing() -> None:
    first = [_state(1), _current(), _consistent(), _broken()]
    second = [_state(1), _current(), _consistent(), _state(2), _consistent()]
    assert _told([first, second], enough=2) == [1, 2]


def test_nothing_is_told_before_the_state_is_current() -> None:
    assert _told([[_state(1), _consistent(), _state(2), _current(), _consistent()]], enough=1) == [2]


def test_a_reset_forgets_what_the_stream_said_before() -> None:
    stream = [_state(1), _current(), _consistent(), _reset(), _consistent(), _current(), _consistent()]
    assert _told([stream], enough=2) == [1, None]


def test_a_removed_target_is_asked_for_again() -> None:
    assert _told([[_removed()], [_state(3), _current(), _consistent()]], enough=1) == [3]


def test_a_watch_that_closed_itself_hears_nothing_more() -> None:
    stream = [_state(1), _current(), _consistent(), _state(2), _consistent()]
    seen: list[Document | None] = []
    ready, ended = threading.Event(), threading.Event()

    def once(document: Document | None) -> None:
        seen.append(document)
        ready.wait(5)
        watch.close()

    watch = _watch(_ScriptedClient([stream], ended), once)
    ready.set()
    assert ended.wait(5)
    watch.close()
    assert len(seen) == 1


class _ScriptedClient:
    """Each `listen` plays the next script; after its last answer a stream stays silent until cancelled."""

    def __init__(self, scripts: Sequence[Sequence[Any]], ended: threading.Event) -> None:
        self._scripts = list(scripts)
        self._ended = ended

    def listen(self, requests: Iterable[Any], **_: Any) -> _ScriptedCall:
        next(iter(requests))
        return _ScriptedCall(self._scripts.pop(0), self._ended)


class _ScriptedCall:
    def __init__(self, script: Sequence[Any], ended: threading.Event) -> None:
        self._script = script
        self._ended = ended
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    def __iter__(self) -> Iterator[ListenResponse]:
        for answer in self._script:
            if isinstance(answer, Exception):
                raise answer
            yield answer
        self._ended.set()
        assert self._cancelled.wait(5), "the stream was left open"


def _told(scripts: Sequence[Sequence[Any]], *, enough: int) -> list[int | None]:
    seen: list[int | None] = []
    complete = threading.Event()

    def on_change(document: Document | None) -> None:
        seen.append(document.data["n"] if document else None)
        if len(seen) >= enough:
            complete.set()

    ended = threading.Event()
    watch = _watch(_ScriptedClient(scripts, ended), on_change)
    assert complete.wait(5)
    assert ended.wait(5)
    watch.close()
    return seen


def _watch(client: Any, on_change: Callable[[Document | None], None]) -> FirestoreWatch:
    return FirestoreWatch(
        client=client,
        database="projects/p/databases/(default)",
        name=NAME,
        metadata=[],
        to_document=lambda m: Document("sessions/s", decoded(m.fields), version(m.update_time)),
        on_change=on_change,
    )


def _state(n: int) -> ListenResponse:
    document = FirestoreDocument.pb()(name=NAME, update_time=Timestamp(seconds=n))
    fill(document.fields, {"n": n})
    change = DocumentChange(document=FirestoreDocument.wrap(document), target_ids=[1])
    return ListenResponse(document_change=change)


def _broken() -> Exception:
    return ServiceUnavailable("broken")  # type: ignore[no-untyped-call]  # the library has no types here


def _target(kind: int) -> ListenResponse:
    return ListenResponse(target_change=TargetChange(target_change_type=kind))


def _current() -> ListenResponse:
    return _target(TargetChange.TargetChangeType.CURRENT)


def _consistent() -> ListenResponse:
    return _target(TargetChange.TargetChangeType.NO_CHANGE)


def _reset() -> ListenResponse:
    return _target(TargetChange.TargetChangeType.RESET)


def _removed() -> ListenResponse:
    return _target(TargetChange.TargetChangeType.REMOVE)
