"""The scribe without a language model: what is heard is read by the lexicon, pictures for their writing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from shared.brain.inspect_media.clauses import Phrase
from shared.brain.inspect_media.findings import READER, read_report
from shared.brain.inspect_media.lexicon import patterns
from shared.brain.inspect_media.models import (
    Evidence,
    Finding,
    Inspection,
    InspectionInput,
    Line,
    Part,
    Picture,
    Unread,
)
from shared.brain.inspect_media.writing import find_odometer, find_vins
from shared.ports import Heard, Observation

Observe = Callable[[Part, str], Observation]

_FEW_ENGLISH = 0.2
_LEAST_WORDS = 5


def inspect_embedded(given: InspectionInput, observe: Observe) -> Inspection:
    """`observe` hears and sees one file with words to expect; it is asked once, and not without a file."""
    note = Phrase(given.note) if given.note else None
    seen = observe(given.media, patterns().lexicon.vocabulary) if given.media else None
    heard = [Phrase(one.text, one.start_s, one.confidence) for one in seen.heard] if seen else []
    reading = read_report([*heard, *([note] if note else [])])
    written = [(one.text, one.at_s) for one in seen.seen] if seen else []
    spoken = [(phrase.text, phrase.at_s) for phrase in heard]
    pictures = _pictures(seen) if seen else ()
    return Inspection(
        findings=tuple(_with_frame(one, pictures) for one in reading.findings),
        vins=find_vins(written),
        odometer=find_odometer([*written, *spoken]),
        transcript=tuple(
            Line(text=one.text, at_seconds=one.at_s, confidence=one.confidence) for one in heard
        ),
        pictures=pictures,
        unread=_unread(
            given, seen, [*heard, *([note] if note else [])], reading.findings, bool(reading.unattached)
        ),
        duration_s=seen.duration_s if seen else 0.0,
        model_version=f"{READER}+{seen.model}" if seen else READER,
    )


def _pictures(seen: Observation) -> tuple[Picture, ...]:
    return tuple(Picture(at_seconds=one.at_s, sharpness=one.sharpness, jpeg=one.jpeg) for one in seen.frames)


def _with_frame(finding: Finding, pictures: Sequence[Picture]) -> Finding:
    """The picture next to the words is evidence too."""
    at = next((one.at_seconds for one in finding.evidence if one.at_seconds is not None), None)
    if at is None or not pictures:
        return finding
    nearest = min(pictures, key=lambda picture: abs(picture.at_seconds - at))
    frame = Evidence(kind="frame", at_seconds=nearest.at_seconds)
    return finding.model_copy(update={"evidence": (*finding.evidence, frame)})


def _unread(
    given: InspectionInput,
    seen: Observation | None,
    phrases: Sequence[Phrase],
    findings: Sequence[Finding],
    has_unattached: bool,
) -> tuple[Unread, ...]:
    reasons: list[Unread] = ["part_not_named"] if has_unattached else []
    if seen and seen.is_cut:
        reasons.append("too_long")
    text = " ".join(phrase.text for phrase in phrases)
    if is_foreign(text):
        reasons.append("other_language")
    if not findings and given.media:
        reasons.append(_nothing(given.media, seen.heard if seen else (), bool(given.note)))
    elif not findings and not reasons:
        reasons.append("nothing_recognised")
    return tuple(reasons)


def _nothing(media: Part, heard: Sequence[Heard], has_note: bool) -> Unread:
    if heard or has_note:
        return "nothing_recognised"
    return "pictures_only" if media.content_type.startswith("image/") else "nothing_said"


def is_foreign(text: str) -> bool:
    """Hardly a word of it is English or of the trade."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < _LEAST_WORDS:
        return False
    known = patterns()
    trade = {word for name in known.component_of for word in name.split()}
    familiar = sum(word in known.lexicon.english or word in trade for word in words)
    return familiar / len(words) < _FEW_ENGLISH
