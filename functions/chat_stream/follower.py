"""One session followed for one socket: every frame after a position, in order, each once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from functions.chat_stream.delivered import Delivered, store_cursor
from functions.chat_stream.patience import Patience
from functions.chat_stream.threads import Threads
from shared.domain.chat_message import frames_after, shown
from shared.platform import Tenant
from shared.ports import Data, Document, Watch

PAGE = 5
"""Frames held in memory for one socket at a time; the next are read when these are sent."""

Frame = dict[str, Any]


class Follower:
    """Holds the session's newest state only, so a slow socket costs no memory."""

    def __init__(
        self,
        *,
        tenant: Tenant,
        session_id: str,
        position: int,
        send: Callable[[Frame], Awaitable[None]],
        threads: Threads,
        delivered: Delivered,
        patience: Patience,
    ) -> None:
        self._tenant = tenant
        self._session_id = session_id
        self._position = position
        self._send = send
        self._threads = threads
        self._delivered = delivered
        self._patience = patience
        self._changed = asyncio.Event()
        self._session: Data | None = None

    async def run(self) -> None:
        """Until cancelled. Raises what the store or the socket raises."""
        watch = await self._open()
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                if self._session is not None:
                    self._patience.seen(self._tenant, self._session_id, self._session)
                    await self._catch_up(self._session)
        finally:
            await asyncio.shield(self._threads.start(watch.close))

    async def _open(self) -> Watch:
        loop = asyncio.get_running_loop()

        def on_change(document: Document | None) -> None:
            try:
                loop.call_soon_threadsafe(self._see, document)
            except RuntimeError:
                return  # the loop ended before the watch: nobody is there to be told

        path = f"sessions/{self._session_id}"
        opening = self._threads.start(lambda: self._tenant.documents.watch(path, on_change))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(lambda opened: self._threads.start(opened.result().close))
            raise

    def _see(self, document: Document | None) -> None:
        if document is not None:
            self._session = document.data
            self._changed.set()

    async def _catch_up(self, session: Data) -> None:
        while self._position < session["frame_seq"]:
            frames = await self._next(session)
            if not frames:
                self._position = session["frame_seq"]  # expired meanwhile
            for frame in frames:
                await self._deliver(frame)

    async def _next(self, session: Data) -> list[Frame]:
        if session["frame_seq"] == self._position + 1:
            return [dict(session["latest"])]  # the session document carries it: nothing to read
        query = frames_after(self._session_id, self._position, PAGE)
        found = await self._threads.run(lambda: self._tenant.documents.query(query))
        return [shown(frame) for frame in found]

    async def _deliver(self, frame: Frame) -> None:
        seq = frame["seq"]
        await self._send(frame)
        self._position = seq
        self._delivered.sent(self._tenant.tenant_id, self._session_id, seq)
        now = self._tenant.clock.now()
        await self._threads.run(lambda: store_cursor(self._tenant, self._session_id, seq, now))
