"""The files of a text are fetched once the text itself is safe."""

from __future__ import annotations

from functions.text_media.fetching import fetch_all, mark_unavailable
from shared.events.inbox import TextMediaReceived
from shared.platform import Tenant
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork


def fetch_media(received: TextMediaReceived, work: UnitOfWork, tenant: Tenant) -> None:
    """Retried with back-off while the provider is away: a file is often there a little after its text."""
    fetch_all(work, tenant, received.text_sid)


def give_up(received: TextMediaReceived, work: UnitOfWork) -> None:
    """After the last failed attempt the conversation says that the files did not come."""
    mark_unavailable(work, received.text_sid)


text_media = entry_point(__file__, fetch_media, give_up)
