"""Whether a stored file is whole, by its own book-keeping: a few reads by range, whatever its size.

A clip that was cut off in a bad network, or a file that is no media behind its first bytes, is told to its
sender at once, who still has the phone in the hand. What only a decoder can find out is found out later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from functions.media_ingest.formats import Format
from shared.errors import InvalidInput

MOST_BOXES = 2_000
LEAST_BYTES = 64
_TAIL = 4096
_MOST_SEARCHED = 16_000_000


@dataclass(frozen=True)
class StoredFile:
    """`read(start, length)` gives bytes of it."""

    size: int
    read: Callable[[int, int], bytes]

    @property
    def tail(self) -> bytes:
        return self.read(max(0, self.size - _TAIL), _TAIL)


def check_whole(found: Format, file: StoredFile) -> None:
    """Raises `InvalidInput` saying what is broken."""
    if file.size < LEAST_BYTES:
        raise InvalidInput(f"the file has [{file.size}] bytes, which is no {found.kind}")
    check = _CHECKS.get(found.family)
    problem = check(file) if check else ""
    if problem:
        raise InvalidInput(f"the file is damaged: {problem}; send it again")


def _boxes(file: StoredFile) -> str:
    """Boxes follow each other to the end of the file; one describes the tracks, one holds them."""
    names = set()
    for name, end in _top_level(file):
        if end > file.size:
            return f"[{end}] bytes belong to it and [{file.size}] came"
        names.add(name)
    if not names & {b"moov", b"moof"}:
        return "it has no description of its tracks (moov)"
    return "" if names & {b"mdat", b"moof"} else "it has no pictures and no sound (mdat)"


def _heif(file: StoredFile) -> str:
    names = set()
    for name, end in _top_level(file):
        if end > file.size:
            return f"[{end}] bytes belong to it and [{file.size}] came"
        names.add(name)
    return "" if b"meta" in names else "it has no description of its pictures (meta)"


def _top_level(file: StoredFile) -> Iterator[tuple[bytes, int]]:
    """Name and end of each box; a broken one ends beyond the file."""
    start = 0
    for _ in range(MOST_BOXES):
        head = file.read(start, 16)
        if len(head) < 8:
            if head:
                yield b"", start + 8
            return
        length, name = int.from_bytes(head[:4]), head[4:8]
        if length == 0:  # the last box reaches to the end
            length = file.size - start
        elif length == 1:
            length = int.from_bytes(head[8:16])
        if length < 8 or not all(32 <= char < 127 or char == 0xA9 for char in name):
            yield b"", file.size + 1
            return
        yield name, start + length
        start += length
        if start >= file.size:
            return


def _jpeg(file: StoredFile) -> str:
    # Some phones append data of their own after the end of the image.
    end = b"\xff\xd9"
    return "" if end in file.tail or end in file.read(LEAST_BYTES, _MOST_SEARCHED) else "its end is missing"


def _png(file: StoredFile) -> str:
    return "" if b"IEND" in file.tail else "its end is missing"


def _riff(file: StoredFile) -> str:
    told = int.from_bytes(file.read(4, 4), "little")
    # A recorder that streams does not know the length when it begins.
    if told not in (0, 0xFFFFFFFF) and told + 8 > file.size + 1:
        return f"[{told + 8}] bytes belong to it and [{file.size}] came"
    return ""


def _ogg(file: StoredFile) -> str:
    first = file.read(0, _TAIL)
    known = (b"OpusHead", b"\x01vorbis", b"Speex", b"\x7fFLAC", b"\x80theora")
    return "" if any(codec in first for codec in known) else "it holds no sound known here"


def _webm(file: StoredFile) -> str:
    first = file.read(0, _TAIL)
    if b"webm" not in first and b"matroska" not in first:
        return "it says neither WebM nor Matroska"
    return "" if b"\x16\x54\xae\x6b" in first or file.size > _TAIL else "it has no tracks"


_CHECKS: dict[str, Callable[[StoredFile], str]] = {
    "isobmff": _boxes,
    "heic": _heif,
    "jpeg": _jpeg,
    "png": _png,
    "webp": _riff,
    "wav": _riff,
    "ogg": _ogg,
    "webm": _webm,
}
