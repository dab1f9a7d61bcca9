"""Ports block, so they are called on threads; the event loop only waits."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

MOST = 32


class Threads:
    """A bounded pool: more work than threads waits in line instead of exhausting the stores."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=MOST, thread_name_prefix="chat-stream")

    def start(self, call: Callable[[], T]) -> asyncio.Future[T]:
        """Begins the call, with the present trace and log fields."""
        context = contextvars.copy_context()
        return asyncio.get_running_loop().run_in_executor(self._pool, lambda: context.run(call))

    async def run(self, call: Callable[[], T]) -> T:
        return await self.start(call)

    def close(self) -> None:
        self._pool.shutdown(wait=False)
