"""How far a session's frames have been delivered, for clients that come back without telling."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from shared.domain.session import KEPT
from shared.errors import Conflict, InvalidInput, NotFound
from shared.platform import Tenant
from shared.ports import Expect, Write

MOST_REMEMBERED = 10_000
TRIES = 10


def cursor_path(session_id: str) -> str:
    return f"sessions/{session_id}/cursors/socket"


class Delivered:
    """The stored cursor, and what this process has sent a moment ago and not yet stored.

    A client that closes its socket on a frame and opens the next at once would otherwise meet the
    cursor before that frame is in it, and get the frame twice.
    """

    def __init__(self) -> None:
        self._sent: OrderedDict[tuple[str, str], int] = OrderedDict()

    def sent(self, tenant_id: str, session_id: str, seq: int) -> None:
        key = (tenant_id, session_id)
        self._sent[key] = max(seq, self._sent.pop(key, 0))
        if len(self._sent) > MOST_REMEMBERED:
            self._sent.popitem(last=False)

    def known(self, tenant_id: str, session_id: str) -> int:
        return self._sent.get((tenant_id, session_id), 0)


def open_position(tenant: Tenant, user: str, session_id: str, after: int | None) -> int:
    """The frame number to go on from: the client's own, else the stored cursor's.

    Raises `NotFound` for another user's session as for none at all, `InvalidInput` for a number that
    the session has not reached.
    """
    session, cursor = tenant.documents.get_many([f"sessions/{session_id}", cursor_path(session_id)])
    if session is None or session.data["user_id"] != user:
        raise NotFound(f"there is no session [{session_id}]")
    if after is not None and after > session.data["frame_seq"]:
        raise InvalidInput(f"after is [{after}]; the session's last frame is [{session.data['frame_seq']}]")
    if after is not None:
        return after
    return int(cursor.data["seq"]) if cursor else 0


def store_cursor(tenant: Tenant, session_id: str, seq: int, now: datetime) -> None:
    """Moves the cursor forward, never back: two sockets of one session share it."""
    path = cursor_path(session_id)
    for _ in range(TRIES):
        present = tenant.documents.get(path)
        if present is not None and present.data["seq"] >= seq:
            return
        data = {"seq": seq, "updated_at": now, "expires_at": now + KEPT}
        try:
            tenant.documents.commit([Write(path, data, present.version if present else Expect.ABSENT)])
        except Conflict:
            continue
        return
    raise Conflict(f"the cursor of session [{session_id}] is moved by too many at once")
