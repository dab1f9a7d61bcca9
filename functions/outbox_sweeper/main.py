"""What a crash left behind is found: messages nobody published, effects nobody can tell the end of."""

from __future__ import annotations

from typing import Any

from functions.outbox_sweeper.open_effects import ask_about_open_effects
from shared.platform import Platform
from shared.runtime.entry import entry_point
from shared.runtime.outbox import sweep, waiting


def sweep_up(platform: Platform) -> dict[str, Any]:
    """Every minute. Safe to run at any time and twice at once: a published event keeps its id."""
    now = platform.clock.now()
    published = sweep(platform, now)
    return {"published": published, "waiting": len(waiting(platform)), **ask_about_open_effects(platform)}


outbox_sweeper = entry_point(__file__, sweep_up)
