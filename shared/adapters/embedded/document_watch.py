"""Watches over documents of this process: one thread a watch, always the latest state."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence

from shared.ports import Document

logger = logging.getLogger(__name__)

OnChange = Callable[[Document | None], None]


class Watchers:
    def __init__(self, read: Callable[[str], Document | None]) -> None:
        self._read = read
        self._by_path: dict[str, list[RunningWatch]] = defaultdict(list)
        self._lock = threading.Lock()

    def add(self, path: str, on_change: OnChange) -> RunningWatch:
        watch = RunningWatch(lambda: self._read(path), on_change, lambda: self._remove(path, watch))
        with self._lock:
            self._by_path[path].append(watch)
        watch.start()
        return watch

    def changed(self, paths: Sequence[str]) -> None:
        with self._lock:
            watches = [watch for path in paths for watch in self._by_path.get(path, ())]
        for watch in watches:
            watch.wake()

    def close(self) -> None:
        with self._lock:
            watches = [watch for several in self._by_path.values() for watch in several]
        for watch in watches:
            watch.close()

    def _remove(self, path: str, watch: RunningWatch) -> None:
        with self._lock:
            self._by_path[path].remove(watch)
            if not self._by_path[path]:
                del self._by_path[path]


class RunningWatch:
    """Wakes on a change, reads, and calls back when the version is another one."""

    def __init__(
        self, read: Callable[[], Document | None], on_change: OnChange, on_close: Callable[[], None]
    ) -> None:
        self._read = read
        self._on_change = on_change
        self._on_close = on_close
        self._woken = threading.Event()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="watch")

    def start(self) -> None:
        self._woken.set()
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        if self._closed.is_set():
            return
        self._closed.set()
        self._woken.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()
        self._on_close()

    def _run(self) -> None:
        told: str | None = "never"
        while self._woken.wait() and not self._closed.is_set():
            self._woken.clear()
            document = self._read()
            version = document.version if document else None
            if version != told:
                told = version
                self._tell(document)

    def _tell(self, document: Document | None) -> None:
        try:
            self._on_change(document)
        except Exception:  # the listener's own fault: later changes are told all the same
            logger.exception("a watcher failed on [%s]", document and document.path)
