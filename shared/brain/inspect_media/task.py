"""The task: what does this walk-around say and show of the vehicle?"""

from __future__ import annotations

from shared.brain.inspect_media.answer import (
    InspectionAnswer,
    complete,
    greens_nobody_said,
    prompt,
    quotes_nobody_said,
    unknown_words,
)
from shared.brain.inspect_media.embedded import Observe, inspect_embedded
from shared.brain.inspect_media.models import Inspection, InspectionInput, Part
from shared.brain.task import Task
from shared.ports import MediaPart

TIMEOUT_S = 150.0
"""Gemini takes 10-40 s for a few minutes of video; it is asked by an event, nobody waits."""


def inspect_media(observe: Observe) -> Task[InspectionInput, InspectionAnswer, Inspection]:
    """`observe` are the ears and eyes of this machine, for when no language model answers."""
    return Task(
        name="inspect_media",
        answer_model=InspectionAnswer,
        output_model=Inspection,
        prompt=prompt,
        complete=complete,
        checks=(unknown_words, quotes_nobody_said, greens_nobody_said),
        embedded=lambda given, _: inspect_embedded(given, observe),
        confidence=lambda output: min((one.confidence for one in output.findings), default=0.0),
        evidence=lambda _, output: tuple(
            evidence.text for one in output.findings for evidence in one.evidence if evidence.text
        ),
        media=lambda given: _parts(given.media),
        timeout_s=TIMEOUT_S,
    )


def _parts(media: Part | None) -> tuple[MediaPart, ...]:
    return (MediaPart(media.key, media.content_type),) if media else ()
