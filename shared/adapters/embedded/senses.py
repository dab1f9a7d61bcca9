"""What is heard and seen in a media file: speech to text, key pictures, and the writing in them."""

from __future__ import annotations

from pathlib import Path

from shared.adapters.embedded.hearing import MODEL_ID as HEARING
from shared.adapters.embedded.hearing import hear
from shared.adapters.embedded.reading import MODEL_ID as READING
from shared.adapters.embedded.reading import read_writing
from shared.adapters.embedded.sight import LONGEST_S, Picture, Sight, look, open_media
from shared.ports import Frame, Observation

MOST_READ = 10
"""Reading a picture costs 0.3 s; a VIN plate is held into the camera for more than one key picture."""

MOST_KEPT = 24


def observe(path: Path, *, content_type: str, vocabulary: str) -> Observation:
    """What there is to hear depends on `content_type`. Raises `Malformed` for what cannot be decoded."""
    with open_media(path, content_type) as media:
        sight = look(media, most=MOST_KEPT) if media.has_pictures else Sight(media.duration_s)
    heard = () if content_type.startswith("image/") or not media.has_sound else hear(path, vocabulary)
    return Observation(
        model=f"{HEARING}+{READING}",
        duration_s=sight.duration_s,
        language="en" if heard else "",
        heard=heard,
        seen=tuple(line for picture in _sharpest(sight.pictures) for line in read_writing(picture)),
        is_cut=sight.duration_s > LONGEST_S,
        frames=tuple(Frame(one.at_s, one.sharpness, one.jpeg()) for one in sight.pictures),
    )


def _sharpest(pictures: tuple[Picture, ...]) -> list[Picture]:
    """In the order of time."""
    best = sorted(pictures, key=lambda picture: -picture.sharpness)[:MOST_READ]
    return sorted(best, key=lambda picture: picture.at_s)
