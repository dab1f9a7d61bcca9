"""A walk-around is looked at and listened to, and becomes flags of the vehicle it shows."""

from __future__ import annotations

from functions.visual_scribe.looking import from_note, inspected
from functions.visual_scribe.recording import record
from shared.domain.media import media_path
from shared.events.media import MediaUploaded
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork


def look_at(uploaded: MediaUploaded, work: UnitOfWork) -> None:
    """Retried with back-off while no model answers; after the last attempt `give_to_a_person`.

    A second delivery finds the media looked at, and an older turn finds a newer question.
    """
    media = work.require(media_path(uploaded.media_id)).data
    if media["state"] == "received" and media["turn"] == uploaded.turn:
        record(media, inspected(media, work), work)


def give_to_a_person(uploaded: MediaUploaded, work: UnitOfWork) -> None:
    """After the last failed attempt: what was typed is read, and somebody looks at the rest."""
    media = work.require(media_path(uploaded.media_id)).data
    if media["state"] == "received" and media["turn"] == uploaded.turn:
        record(media, from_note(media, "nobody_could_look"), work)


visual_scribe = entry_point(__file__, look_at, give_to_a_person)
