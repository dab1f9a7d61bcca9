"""One open socket: what the person says goes in, the frames of the followed sessions come out."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from functions.chat_stream.accepting import accept
from functions.chat_stream.delivered import Delivered, open_position
from functions.chat_stream.follower import Follower
from functions.chat_stream.patience import Patience
from functions.chat_stream.said import MAX_BYTES, Resumed, Said, error_frame, read_said
from functions.chat_stream.threads import Threads
from shared.domain.chat_message import user_id
from shared.errors import Malformed, Rejected
from shared.platform import Platform
from shared.runtime.auth import Caller
from shared.runtime.failures import Attempt, record_failure

SEND_S = 20
"""A client that takes nothing for so long is let go; it comes back and catches up."""

MOST_SESSIONS = 32
TOO_BIG, RESTARTING, TRY_AGAIN_LATER = 1009, 1012, 1013


@dataclass(frozen=True)
class Surroundings:
    """What all sockets of a process share."""

    platform: Platform
    threads: Threads
    delivered: Delivered
    patience: Patience


class Conversation:
    def __init__(self, around: Surroundings, websocket: WebSocket, caller: Caller) -> None:
        self._around = around
        self._websocket = websocket
        self._caller = caller
        self._tenant = around.platform.tenant(caller.tenant_id)
        self._followed: dict[str, asyncio.Task[None]] = {}
        self._sending = asyncio.Lock()

    async def run(self, first: str | None) -> None:
        """Until the client leaves. What breaks a follower ends the socket; the client comes back."""
        try:
            await self._run(first)
        except* WebSocketDisconnect:
            pass  # the client left while a frame was on its way; the cursor knows
        except* Exception as failed:  # noqa: BLE001 - recorded; the socket cannot go on
            await self._record(failed.exceptions[0], "socket.ended")
            await self.close(TRY_AGAIN_LATER)

    async def close(self, code: int) -> None:
        if self._websocket.application_state is WebSocketState.CONNECTED:
            await self._websocket.close(code)

    async def _run(self, first: str | None) -> None:
        async with asyncio.TaskGroup() as group:
            if first is not None:
                await self._hear(first, group)
            code = await self._listen(group)
            for task in self._followed.values():
                task.cancel()
        if code is not None:
            await self.close(code)

    async def _listen(self, group: asyncio.TaskGroup) -> int | None:
        """Returns when the client left (None) or has to be sent away (the code)."""
        while (message := await self._websocket.receive())["type"] != "websocket.disconnect":
            raw = message.get("text")
            if len(raw or message.get("bytes") or "") > MAX_BYTES:
                return TOO_BIG
            await self._hear(raw, group)
        return None

    async def _hear(self, raw: str | None, group: asyncio.TaskGroup) -> None:
        """One message at a time, in order; what is wrong with it is said and the socket stays open."""
        session_id: str | None = None
        try:
            if raw is None:
                raise Malformed("the message is binary; JSON text is read here")
            said = read_said(raw)
            session_id = said.session_id
            await self._take(said, group)
        except Rejected as error:
            await self._send(error_frame(error, session_id))
        except Exception as error:  # noqa: BLE001 - recorded, told, and the conversation goes on
            await self._record(error, "request.failed")
            await self._send(error_frame(error, session_id))

    async def _take(self, said: Said | Resumed, group: asyncio.TaskGroup) -> None:
        session_id, position = said.session_id, 0
        if session_id is not None and session_id not in self._followed:
            position = await self._position(session_id, said.after)
        if isinstance(said, Said):
            call = partial(accept, self._around.platform, self._caller, said)
            accepted = await self._around.threads.run(call)
            session_id = accepted.session_id
            self._around.patience.expect(self._tenant.tenant_id, session_id, accepted.seq)
        if session_id is not None and session_id not in self._followed:
            self._make_room()
            self._followed[session_id] = group.create_task(self._follower(session_id, position).run())

    def _make_room(self) -> None:
        """The session followed longest is let go; its frames are kept, and naming it follows it again."""
        while len(self._followed) >= MOST_SESSIONS:
            self._followed.pop(next(iter(self._followed))).cancel()

    async def _position(self, session_id: str, after: int | None) -> int:
        call = partial(open_position, self._tenant, user_id(self._caller), session_id, after)
        position = await self._around.threads.run(call)
        if after is not None:
            return position
        return max(position, self._around.delivered.known(self._tenant.tenant_id, session_id))

    def _follower(self, session_id: str, position: int) -> Follower:
        return Follower(
            tenant=self._tenant,
            session_id=session_id,
            position=position,
            send=self._send,
            threads=self._around.threads,
            delivered=self._around.delivered,
            patience=self._around.patience,
        )

    async def _send(self, frame: dict[str, Any]) -> None:
        # One frame at a time: the next is not even encoded while a slow client takes this one.
        async with self._sending, asyncio.timeout(SEND_S):
            await self._websocket.send_text(json.dumps(frame, default=str, separators=(",", ":")))

    async def _record(self, error: Exception, type: str) -> None:
        attempt = Attempt("chat_stream", self._caller.tenant_id)
        await self._around.threads.run(partial(record_failure, self._around.platform, attempt, type, error))
