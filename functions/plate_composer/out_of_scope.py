"""HELP: what one can ask here, for whoever asks."""

from __future__ import annotations

from functions.plate_composer.asked import Asked
from functions.plate_composer.plate import Column, Plate
from functions.plate_composer.plate_kinds import kinds_for
from shared.platform import Tenant

COLUMNS = (Column("shows", "What you see"), Column("examples", "Ask for example"))


def compose(asked: Asked, tenant: Tenant) -> Plate:
    """The other plates with example sentences, as far as the person's roles go."""
    kinds = kinds_for(asked.roles)
    return Plate(
        title="What you can ask",
        columns=COLUMNS,
        dataset=[
            {"id": kind.plate_id, "intent": kind.intent, "shows": kind.shows, "examples": list(kind.examples)}
            for kind in kinds
        ],
        source={"catalogue": ["plates"]},
        newest_at=asked.as_of,
        note="These are the things I can show you. Ask for one in your own words."
        if kinds
        else "Your account has no role yet; ask an operator to give you one.",
    )
