"""Nobody waits for ever: a message without an answer gets one that says so."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from functions.chat_stream.threads import Threads
from shared.domain.session import Frame, answer, message_path
from shared.errors import Transient
from shared.observability import current_traceparent, log
from shared.platform import Platform, Tenant
from shared.ports import Data
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork

NO_ANSWER = "This took too long and no answer came. Please ask again."


class Patience:
    """One timer a message, whatever number of sockets look on; it outlives the socket that asked."""

    def __init__(self, platform: Platform, threads: Threads) -> None:
        self._platform = platform
        self._threads = threads
        self._timers: defaultdict[tuple[str, str], dict[int, asyncio.Task[None]]] = defaultdict(dict)

    def seen(self, tenant: Tenant, session_id: str, session: Data) -> None:
        """Starts a timer for what is unanswered and stops those of what is answered."""
        timers = self._timers[tenant.tenant_id, session_id]
        for seq in [seq for seq in timers if seq <= session["answered_seq"]]:
            timers.pop(seq).cancel()
        for seq in range(session["answered_seq"] + 1, session["last_seq"] + 1):
            self.expect(tenant.tenant_id, session_id, seq)
        if not timers:
            del self._timers[tenant.tenant_id, session_id]

    def expect(self, tenant_id: str, session_id: str, seq: int) -> None:
        timers = self._timers[tenant_id, session_id]
        if seq not in timers:
            timers[seq] = asyncio.create_task(self._wait(tenant_id, session_id, seq))

    def close(self) -> None:
        for timers in self._timers.values():
            for timer in timers.values():
                timer.cancel()
        self._timers.clear()

    async def _wait(self, tenant_id: str, session_id: str, seq: int) -> None:
        await asyncio.sleep(self._platform.settings.answer_wait_seconds)
        try:
            await self._threads.run(lambda: give_up(self._platform, tenant_id, session_id, seq))
        except Transient as error:
            log("ERROR", "an unanswered message stays so", tenant=tenant_id, error=type(error).__name__)
        timers = self._timers.get((tenant_id, session_id), {})
        timers.pop(seq, None)
        if not timers:
            self._timers.pop((tenant_id, session_id), None)


def give_up(platform: Platform, tenant_id: str, session_id: str, seq: int) -> None:
    """Answers message `seq` with an ERROR frame, unless it was answered meanwhile.

    The frame goes through the session like any other, so it keeps its place and is not missed.
    """
    cause = Cause(
        id=f"{session_id}-{seq}-unanswered",
        function="chat_stream",
        tenant_id=tenant_id,
        correlation_id=session_id,
        traceparent=current_traceparent(),
    )

    def handle(work: UnitOfWork) -> None:
        session, message = work.get_many([f"sessions/{session_id}", message_path(session_id, seq)])
        if session is None or message is None or seq <= session.data["answered_seq"]:
            return
        frame = Frame.model_validate(
            {"type": "ERROR", "message_id": message.data["message_id"], "text": NO_ANSWER}
        )
        answer(work, session_id, seq, frame, final=False)
        work.audit("message.unanswered", subject=f"sessions/{session_id}", outcome="failed")

    run_unit(platform, cause, handle)
