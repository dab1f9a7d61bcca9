"""Each request for attention is one document."""

from __future__ import annotations

from shared.events.conversation import AttentionRequested
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork


def note(event: AttentionRequested, work: UnitOfWork) -> None:
    """Retried with back-off while the store is away."""
    work.create(f"notes/{event.subject}", {"summary": event.summary, "at": work.now})


noting = entry_point(__file__, note)
