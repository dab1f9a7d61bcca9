"""Pictures out of videos and photos: key pictures only, each with its time and sharpness."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import Malformed, Misconfigured

WIDEST = 1280
"""Kept pictures are at most this wide: a VIN plate stays readable, a frame stays below some 150 kB."""

JPEG_QUALITY = 72

LONGEST_S = 1200.0
"""What is heard and seen of a file: twenty minutes take two of two processors."""

MOST_PIXELS = 120_000_000
"""A small file can say it is a picture of gigabytes; phones make up to 108 megapixels."""


@dataclass(frozen=True)
class Picture:
    """`pixels` is a numpy array [height, width, 3] of BGR bytes."""

    at_s: float
    sharpness: float
    pixels: Any

    def jpeg(self) -> bytes:
        import cv2

        encoded, content = cv2.imencode(".jpg", self.pixels, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        assert encoded, "JPEG of an array of bytes cannot fail"
        return bytes(content)


@dataclass(frozen=True)
class Sight:
    duration_s: float
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Media:
    """An opened file; `container` is PyAV's."""

    container: Any
    duration_s: float
    has_pictures: bool
    has_sound: bool


@contextmanager
def open_media(path: Path, content_type: str) -> Iterator[Media]:
    """Raises `Malformed` for a file that cannot be decoded, here or while its pictures are read."""
    try:
        import av
    except ImportError as error:
        raise Misconfigured(
            "[av] is not installed, so nothing can be seen: install the group [media] of pyproject.toml "
            "(`make run` does) or set COS_PROFILE=google"
        ) from error
    try:
        with av.open(str(path)) as container:
            _check_pixels(container)
            yield Media(
                container,
                0.0 if content_type.startswith("image/") else (container.duration or 0) / av.time_base,
                bool(container.streams.video),
                bool(container.streams.audio),
            )
    except (av.FFmpegError, ValueError, IndexError, OSError) as error:
        raise Malformed(f"the file cannot be decoded as [{content_type}]: {type(error).__name__}") from error


def look(media: Media, *, most: int) -> Sight:
    """At most so many pictures, spread over the whole, the sharpest of its neighbours each."""
    step = max(media.duration_s / most, 0.5)
    best: dict[int, Picture] = {}
    for picture in _key_pictures(media):
        place = int(picture.at_s / step)
        if place not in best or picture.sharpness > best[place].sharpness:
            best[place] = picture
    if not best:
        raise Malformed("the file has a picture track without a single picture")
    return Sight(media.duration_s, tuple(best[place] for place in sorted(best))[:most])


def _key_pictures(media: Media) -> Iterator[Picture]:
    stream = media.container.streams.video[0]
    stream.codec_context.skip_frame = "NONKEY"
    stream.thread_type = "AUTO"
    for frame in media.container.decode(stream):
        if (frame.time or 0.0) > LONGEST_S:
            return
        yield _picture(frame)


def _check_pixels(container: Any) -> None:
    for stream in container.streams.video:
        if stream.width * stream.height > MOST_PIXELS:
            raise Malformed(f"a picture of [{stream.width}] by [{stream.height}] is no phone's")


def _picture(frame: Any) -> Picture:
    import cv2

    scale = min(1.0, WIDEST / frame.width)
    # Even numbers: some pixel formats know no others.
    width, height = int(frame.width * scale) // 2 * 2, int(frame.height * scale) // 2 * 2
    pixels = frame.reformat(max(width, 2), max(height, 2), "bgr24").to_ndarray()
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    sharpness = float(cv2.Laplacian(grey, cv2.CV_64F).var())
    return Picture(round(float(frame.time or 0.0), 2), round(sharpness, 1), pixels)
