"""Asks whoever can look and listen, once; what nobody can decode is an answer too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from shared.brain.inspect_media.embedded import inspect_embedded
from shared.brain.inspect_media.models import Inspection, InspectionInput, Part
from shared.brain.inspect_media.task import inspect_media
from shared.brain.run_task import run_task
from shared.brain.task import Mode
from shared.brain.usage import Usage
from shared.domain.media import frame_key, frame_name
from shared.errors import Rejected
from shared.events.brain import ModelUsed
from shared.ports import MediaPart, Observation
from shared.runtime.work import UnitOfWork

UNREADABLE = "nothing could be decoded"


def inspected(media: Mapping[str, Any], work: UnitOfWork) -> Inspection:
    """What is found in the media; at the second look for another vehicle, what was found at the first.

    Raises `Unavailable` when nobody can look now.
    """
    if "reading" in media:
        return Inspection.model_validate(media["reading"])
    shown = work.tenant.blobs.part(media["blob_key"], media["content_type"])
    given = InspectionInput(media=Part(key=shown.key, content_type=shown.content_type), note=media["note"])

    def look() -> tuple[Inspection, list[Usage]]:
        used = list[Usage]()
        task = inspect_media(lambda part, words: _observed(part, words, work))
        try:
            result = run_task(task, given, Mode.READ_ONLY, tenant=work.tenant, record=used.append)
        except Rejected:
            return from_note(media, "cannot_be_decoded"), used
        _keep_frames(result.output, media["media_id"], work)
        return result.output, used

    found, used = work.once("inspect", look)
    for usage in used:
        work.emit(ModelUsed(usage_id=work.new_id(), **asdict(usage)))
    return found


def from_note(media: Mapping[str, Any], reason: str) -> Inspection:
    """What the mechanic typed can be read whatever became of the file."""

    def nobody(part: Part, words: str) -> Observation:
        raise AssertionError("there is no file to look at")

    read = inspect_embedded(InspectionInput(note=media["note"]), nobody)
    return Inspection.model_validate({**read.model_dump(), "unread": (reason,)})


def _observed(part: Part, words: str, work: UnitOfWork) -> Observation:
    return work.tenant.models.observe(MediaPart(part.key, part.content_type), vocabulary=words)


def _keep_frames(found: Inspection, media_id: str, work: UnitOfWork) -> None:
    """Before the commit: a document never names a picture that is not there."""
    wanted = evidence_seconds(found)
    for one in found.pictures:
        if one.at_seconds in wanted:
            key = frame_key(media_id, frame_name(one.at_seconds))
            work.tenant.blobs.put(key, one.jpeg, content_type="image/jpeg")


def kept_frames(found: Inspection) -> tuple[str, ...]:
    wanted = evidence_seconds(found)
    return tuple(frame_name(one.at_seconds) for one in found.pictures if one.at_seconds in wanted)


def evidence_seconds(found: Inspection) -> frozenset[float]:
    """Of the pictures that show a finding, the VIN or the odometer."""
    said = [one.at_seconds for finding in found.findings for one in finding.evidence if one.kind == "frame"]
    seen = [one.at_seconds for one in found.vins]
    shown = [found.odometer.at_seconds] if found.odometer else []
    return frozenset(at for at in (*said, *seen, *shown) if at is not None)
