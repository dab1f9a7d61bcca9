"""Outside effects (a text message, a payment) happen at most once and are never lost silently."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.errors import Conflict, EffectUnknown, LeaseHeld, Rejected, Unavailable
from shared.platform import Tenant
from shared.ports import Document, Expect, Write
from shared.runtime.lost_answer import commit_one

Result = Mapping[str, Any]

CLAIM_SECONDS = 60
"""A claim younger than this may still be at work in another process."""


@dataclass(frozen=True)
class Effects:
    """Claim, call, record. A claim without a result is *unknown*: looked up, else a human decides.

    The claim is committed before the call, so whatever dies afterwards, a second run meets it.
    """

    tenant: Tenant

    def perform(
        self,
        key: str,
        call: Callable[[], Result],
        *,
        look_up: Callable[[datetime], Result | None] = lambda _: None,
    ) -> Result:
        """The effect's recorded result. `look_up(since)` asks the provider about an unknown claim.

        Raises `LeaseHeld` while another process is at it, `EffectUnknown` when nobody can tell,
        `Rejected` when the provider refused for good, `Unavailable` when it surely did not happen.
        """
        path = f"effects/{key}"
        now = self.tenant.clock.now()
        try:
            claim = {"state": "claimed", "claimed_at": now, "asked": False, "holder": uuid.uuid4().hex}
            version = commit_one(self.tenant.documents, Write(path, claim, Expect.ABSENT))
        except Conflict:
            return self._meet(path, look_up, now)
        return self._call(path, version, now, call)

    def _call(self, path: str, version: str, now: datetime, call: Callable[[], Result]) -> Result:
        try:
            result = call()
        except Unavailable:
            self.tenant.documents.commit([Write(path, None, version)])
            raise
        except Rejected as error:
            self._record(path, version, {"state": "refused", "claimed_at": now, "reason": str(error)})
            raise
        except EffectUnknown:
            # Nobody is at it any more, so the next to come need not wait before the provider is asked.
            self._record(path, version, {"state": "unknown", "claimed_at": now, "asked": False})
            raise
        self._record(path, version, {"state": "done", "claimed_at": now, "result": dict(result)})
        return result

    def _meet(self, path: str, look_up: Callable[[datetime], Result | None], now: datetime) -> Result:
        known = self.tenant.documents.get(path)
        if known is None:
            raise LeaseHeld(f"the effect [{path}] was just given back")
        if known.data["state"] == "done":
            return dict(known.data["result"])
        if known.data["state"] == "refused":
            raise Rejected(known.data["reason"])
        if known.data["state"] == "claimed" and now - known.data["claimed_at"] < timedelta(
            seconds=CLAIM_SECONDS
        ):
            raise LeaseHeld(f"the effect [{path}] is being performed")
        return self._resolve(known, look_up)

    def _resolve(self, known: Document, look_up: Callable[[datetime], Result | None]) -> Result:
        claimed_at = known.data["claimed_at"]
        found = look_up(claimed_at)
        if found is None:
            if known.data["state"] == "claimed":
                self._record(known.path, known.version, {**known.data, "state": "unknown"})
            raise EffectUnknown(f"nobody can tell whether [{known.path}] happened; a human decides")
        data = {"state": "done", "claimed_at": claimed_at, "result": dict(found)}
        self._record(known.path, known.version, data)
        return found

    def _record(self, path: str, version: str, data: Mapping[str, Any]) -> None:
        commit_one(self.tenant.documents, Write(path, data, version))
