"""The plain values of files, and of what was heard and seen in them; `shared.port_types` has all of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MediaPart:
    """A stored file a model is to look at or listen to: the key of a blob, and what its bytes are."""

    key: str
    content_type: str


@dataclass(frozen=True)
class Heard:
    """Words that were spoken from `start_s` to `end_s` of a file; `confidence` is 0 to 1."""

    start_s: float
    end_s: float
    text: str
    confidence: float


@dataclass(frozen=True)
class Seen:
    """A line of writing in a picture, or in a video's picture at `at_s`; `confidence` is 0 to 1."""

    at_s: float
    text: str
    confidence: float


@dataclass(frozen=True)
class Frame:
    """A picture of a video; `sharpness` is the variance of its Laplacian."""

    at_s: float
    sharpness: float
    jpeg: bytes


@dataclass(frozen=True)
class Observation:
    """What is heard and seen in a file before anybody understands it. `language` is an ISO 639-1 code, empty
    where nobody speaks; frames are few, of key pictures; `is_cut`: only the beginning of a long file."""

    model: str
    duration_s: float
    language: str = ""
    language_confidence: float = 0.0
    heard: tuple[Heard, ...] = ()
    seen: tuple[Seen, ...] = ()
    frames: tuple[Frame, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True)
class UploadSession:
    """An upload in pieces. `token` continues it anywhere; `url`: where bytes may go past us, or empty."""

    token: str
    url: str = ""


@dataclass(frozen=True)
class MediaFile:
    """A file as its host gave it; `content_type` is what the host calls it, which need not be true."""

    content: bytes
    content_type: str
