"""Documents: concurrent writers, watches, and a model of the whole store."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import Conflict
from shared.ports import Document, Documents, Expect, Query, Write

Operation = tuple[str, int | None, str]
"""Key, new value or None to delete, and what the write expects."""

_commits = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.none() | st.integers(0, 3),
            st.sampled_from(["anything", "absent", "present", "fresh", "stale"]),
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda operation: operation[0],
    ),
    max_size=8,
)


class DocumentChangesContract:
    examples = 100
    """Random histories the model test tries."""

    def test_concurrent_increments_all_land(self, documents: Documents) -> None:
        documents.commit([Write("counters/c", {"n": 0})])
        _in_threads(8, lambda _: _increment(documents, times=5))
        document = documents.get("counters/c")
        assert document is not None
        assert document.data["n"] == 40

    def test_one_of_eight_gets_the_lock(self, documents: Documents) -> None:
        for lock in range(10):
            won = _in_threads(8, partial(_create, documents, f"locks/{lock}"))
            holder = documents.get(f"locks/{lock}")
            assert holder is not None
            assert [me for me in range(8) if won[me]] == [holder.data["holder"]]

    def test_transfers_keep_the_total(self, documents: Documents) -> None:
        paths = [f"accounts/{n}" for n in range(4)]
        documents.commit([Write(path, {"n": 100}) for path in paths])
        _in_threads(8, lambda me: _transfer(documents, paths[me % 4], paths[(me + 1) % 4]))
        found = documents.get_many(paths)
        assert sum(document.data["n"] for document in found if document) == 400

    def test_a_watch_tells_the_present_and_later_states_in_order(self, documents: Documents) -> None:
        documents.commit([Write("sessions/s", {"n": 0})])
        seen: list[Document | None] = []
        watch = documents.watch("sessions/s", seen.append)
        _until(lambda: bool(seen))
        for n in range(1, 10):
            documents.commit([Write("sessions/s", {"n": n})])
        documents.commit([Write("sessions/other", {"n": 77})])
        _until(lambda: seen[-1] is not None and seen[-1].data["n"] == 9)
        documents.commit([Write("sessions/s", None)])
        _until(lambda: seen[-1] is None)
        watch.close()
        numbers = [document.data["n"] for document in seen if document]
        assert numbers == sorted(set(numbers))
        assert numbers[0] == 0
        assert seen.count(None) == 1

    def test_a_watch_tells_versions_that_commit_accepts(self, documents: Documents) -> None:
        documents.commit([Write("sessions/s", {"n": 0})])
        seen: list[Document | None] = []
        watch = documents.watch("sessions/s", seen.append)
        _until(lambda: bool(seen))
        watch.close()
        assert seen == [documents.get("sessions/s")]
        assert seen[0] is not None
        documents.commit([Write("sessions/s", {"n": 1}, seen[0].version)])

    def test_a_watch_begins_before_its_document(self, documents: Documents) -> None:
        seen: list[Document | None] = []
        watch = documents.watch("sessions/s", seen.append)
        _until(lambda: seen == [None])
        documents.commit([Write("sessions/s", {"n": 1})])
        _until(lambda: len(seen) == 2)
        watch.close()
        assert seen[1] == documents.get("sessions/s")

    def test_a_closed_watch_is_silent(self, documents: Documents) -> None:
        seen: list[Document | None] = []
        watch = documents.watch("sessions/s", seen.append)
        _until(lambda: bool(seen))
        watch.close()
        watch.close()
        documents.commit([Write("sessions/s", {"n": 1})])
        time.sleep(0.2)
        assert seen == [None]

    def test_close_waits_for_a_running_callback(self, documents: Documents) -> None:
        entered, left = threading.Event(), threading.Event()

        def slow(_: Document | None) -> None:
            entered.set()
            time.sleep(0.2)
            left.set()

        watch = documents.watch("sessions/s", slow)
        assert entered.wait(10)
        watch.close()
        assert left.is_set()

    def test_a_watch_may_close_itself(self, documents: Documents) -> None:
        closed = threading.Event()
        ready = threading.Event()

        def on_change(_: Document | None) -> None:
            ready.wait(10)
            watch.close()
            closed.set()

        watch = documents.watch("sessions/s", on_change)
        ready.set()
        assert closed.wait(10)

    def test_a_failing_listener_hears_the_next_change(self, documents: Documents) -> None:
        seen: list[Document | None] = []

        def moody(document: Document | None) -> None:
            seen.append(document)
            if len(seen) == 1:
                raise RuntimeError("this listener has a bad day")

        watch = documents.watch("sessions/s", moody)
        _until(lambda: len(seen) == 1)
        documents.commit([Write("sessions/s", {"n": 1})])
        _until(lambda: len(seen) == 2)
        watch.close()

    def test_the_store_is_a_dictionary_with_preconditions(self, documents: Documents) -> None:
        @settings(
            max_examples=self.examples,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        )
        @given(_commits)
        def check(history: list[list[Operation]]) -> None:
            _Model(documents).replay(history)

        check()


class _Model:
    """The same history on the store and on a dict; both must agree after every commit."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._collection = f"models/{uuid.uuid4().hex}/items"
        self._values: dict[str, int] = {}
        self._versions: dict[str, str] = {}
        self._stale: dict[str, str] = {}

    def replay(self, history: Sequence[Sequence[Operation]]) -> None:
        for operations in history:
            if all(self._holds(key, expect) for key, _, expect in operations):
                self._apply(operations, self._documents.commit(self._writes(operations)))
            else:
                _refused(self._documents, self._writes(operations))
            found = self._documents.query(Query(self._collection))
            assert {document.id: document.data["n"] for document in found} == self._values
            assert {document.id: document.version for document in found} == self._versions

    def _apply(self, operations: Sequence[Operation], versions: Sequence[str]) -> None:
        for (key, value, _), version in zip(operations, versions, strict=True):
            before = self._versions.pop(key, None)
            self._values.pop(key, None)
            if before is not None and before != version:
                self._stale[key] = before
            if value is not None:
                self._values[key], self._versions[key] = value, version

    def _holds(self, key: str, expect: str) -> bool:
        if expect == "stale":
            return key not in self._stale and key not in self._values
        wanted = {"absent": False, "present": True, "fresh": True}.get(expect)
        return wanted is None or (key in self._values) is wanted

    def _writes(self, operations: Sequence[Operation]) -> list[Write]:
        return [
            Write(
                f"{self._collection}/{key}",
                None if value is None else {"n": value},
                self._expect(key, expect),
            )
            for key, value, expect in operations
        ]

    def _expect(self, key: str, expect: str) -> str | Expect:
        if expect == "stale" and key in self._stale:
            return self._stale[key]
        if expect == "fresh" and key in self._versions:
            return self._versions[key]
        words = {"anything": Expect.ANYTHING, "absent": Expect.ABSENT, "stale": Expect.ABSENT}
        return words.get(expect, Expect.PRESENT)


def _refused(documents: Documents, writes: Sequence[Write]) -> None:
    try:
        documents.commit(writes)
    except Conflict:
        return
    raise AssertionError(f"{writes} was accepted")


def _increment(documents: Documents, *, times: int) -> None:
    while times:
        document = documents.get("counters/c")
        assert document is not None
        write = Write(document.path, {"n": document.data["n"] + 1}, document.version)
        times -= _lands(documents, [write])


def _transfer(documents: Documents, source: str, target: str) -> None:
    while True:
        read = [document for document in documents.get_many([source, target]) if document]
        amounts = [read[0].data["n"] - 7, read[1].data["n"] + 7]
        changes = zip(read, amounts, strict=True)
        if _lands(documents, [Write(d.path, {"n": amount}, d.version) for d, amount in changes]):
            return


def _create(documents: Documents, path: str, holder: int) -> bool:
    return _lands(documents, [Write(path, {"holder": holder}, Expect.ABSENT)])


def _lands(documents: Documents, writes: Sequence[Write]) -> bool:
    try:
        documents.commit(writes)
    except Conflict:
        return False
    return True


def _in_threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def _until(holds: Callable[[], bool], timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
