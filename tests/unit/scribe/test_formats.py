"""Files are what their first bytes say, and whole by their own book-keeping."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.media_ingest.formats import recognised
from functions.media_ingest.soundness import StoredFile, check_whole
from shared.errors import InvalidInput, UnsupportedMedia
from shared.manifest import ROOT


def box(name: bytes, content: bytes = b"") -> bytes:
    return (len(content) + 8).to_bytes(4) + name + content


FTYP = box(b"ftyp", b"isom\0\0\2\0isomiso2")


@pytest.mark.parametrize(
    ("head", "content_type", "kind"),
    [
        (b"\xff\xd8\xff\xe1\x00\x18Exif", "image/jpeg", "photo"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png", "photo"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp", "photo"),
        (box(b"ftyp", b"heic\0\0\0\0mif1heic"), "image/heic", "photo"),
        (FTYP, "video/mp4", "video"),
        (box(b"ftyp", b"qt  \0\0\0\0qt  "), "video/quicktime", "video"),
        (box(b"ftyp", b"3gp4\0\0\0\0isom3gp4"), "video/3gpp", "video"),
        (box(b"ftyp", b"M4A \0\0\0\0M4A mp42"), "audio/mp4", "audio"),
        (box(b"ftyp", b"XAVC\0\0\0\0XAVCmp42"), "video/mp4", "video"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01", "video/webm", "video"),
        (b"OggS\0\2" + b"\0" * 22 + b"OpusHead", "audio/ogg", "audio"),
        (b"#!AMR\n<\x91", "audio/amr", "audio"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav", "audio"),
        (b"ID3\4\0\0\0\0\0\0", "audio/mpeg", "audio"),
        (b"\xff\xfb\x90\x64\0\0", "audio/mpeg", "audio"),
        (b"\xff\xf1\x50\x80\x02\x1f", "audio/aac", "audio"),
    ],
)
def test_every_phones_files_are_known_by_their_bytes(head: bytes, content_type: str, kind: str) -> None:
    found = recognised(head)
    assert (found.content_type, found.kind) == (content_type, kind)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"%PDF-1.7",
        b"PK\3\4",
        b"<html>",
        b"GIF89a",
        b"\xff\xff\xff\xff",
        b"\0" * 64,
        b"RIFF\0\0\0\0AVI ",
        b"MZ\x90",
    ],
)
def test_anything_else_is_refused(head: bytes) -> None:
    with pytest.raises(UnsupportedMedia, match="no photo"):
        recognised(head)


def stored(content: bytes) -> StoredFile:
    return StoredFile(len(content), lambda start, length: content[start : start + length])


WHOLE = FTYP + box(b"free") + box(b"mdat", b"x" * 100) + box(b"moov", b"y" * 50)


@pytest.mark.parametrize(
    "content",
    [
        WHOLE,
        FTYP + box(b"moov", b"y" * 50) + b"\0\0\0\0mdat" + b"x" * 100,  # the last box reaches to the end
        FTYP + box(b"moov", b"y") + b"\0\0\0\1mdat" + (116).to_bytes(8) + b"x" * 100,
    ],
)
def test_boxes_that_follow_each_other_to_the_end_are_a_whole_file(content: bytes) -> None:
    check_whole(recognised(content[:64]), stored(content))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (WHOLE[:-10], "came"),
        (WHOLE.replace(b"moov", b"skip"), "moov"),
        (WHOLE.replace(b"mdat", b"skip"), "mdat"),
        (FTYP + b"\0" * 200, "came"),
        (FTYP + b"\xff" * 200, "came"),
    ],
)
def test_a_file_whose_boxes_do_not_fit_is_damaged(content: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        check_whole(recognised(content[:64]), stored(content))


@given(cut=st.integers(64, 40_000))
def test_a_video_cut_anywhere_is_found_out(cut: int) -> None:
    clip = (ROOT / "tests" / "media" / "walk_around.mp4").read_bytes()
    with pytest.raises(InvalidInput):
        check_whole(recognised(clip[:64]), stored(clip[:cut]))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_known_and_never_an_error_of_ours(content: bytes) -> None:
    for head in (b"", FTYP, b"RIFF", b"\xff\xd8\xff", b"OggS"):
        try:
            check_whole(recognised((head + content)[:64]), stored(head + content))
        except (InvalidInput, UnsupportedMedia):
            continue
