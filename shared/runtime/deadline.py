"""A request's deadline: what is not committed when it passes is never committed."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

GRACE_S = 5.0
"""How long a request whose work is committed already may take to publish and answer."""

WORKERS = 128
"""More than any function takes requests at once, so that some which never end leave room for others."""

_threads = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="request")


class Deadline:
    """Passing and committing exclude each other, so a caller told 504 never meets the work later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._passed = self._committed = False

    @contextmanager
    def committing(self) -> Iterator[None]:
        with self._lock:
            if self._passed:
                raise TimeoutError("the deadline passed before the commit")
            yield
            self._committed = True

    def pass_by(self) -> bool:
        """Ends it, after a commit in progress; True when something was committed before."""
        with self._lock:
            self._passed = True
            return self._committed


_current: contextvars.ContextVar[Deadline | None] = contextvars.ContextVar("deadline", default=None)


@contextmanager
def committing() -> Iterator[None]:
    """Around every commit of a unit of work. Raises `TimeoutError` when the request was given up."""
    deadline = _current.get()
    if deadline is None:
        yield
        return
    with deadline.committing():
        yield


def with_deadline(seconds: float, call: Callable[[], T]) -> T:
    """Runs the call on another thread and stops waiting at the deadline: the framework never does.

    Raises `TimeoutError`; then nothing is committed, now or later (but a checkpoint's earlier chunks).
    """
    deadline = Deadline()
    context = contextvars.copy_context()
    context.run(_current.set, deadline)
    future = _threads.submit(context.run, call)
    try:
        return future.result(timeout=seconds)
    except TimeoutError:
        future.cancel()
        if deadline.pass_by():
            return future.result(timeout=GRACE_S)
        raise
