"""What a file is, by its first bytes; what its sender calls it is only compared with them.

Sources of the signatures: ISO/IEC 14496-12 (ftyp), ITU T.81 (JPEG), RFC 2083 (PNG), RFC 9649 (WebP),
Matroska's EBML header, RFC 3533 (Ogg), ISO/IEC 13818-7 (ADTS), ISO/IEC 11172-3 (MPEG audio), RFC 4867
(AMR), RIFF/WAVE.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.errors import UnsupportedMedia

HEAD_BYTES = 64
ACCEPTED = "JPEG, HEIC, PNG, WebP, MP4, MOV, 3GP, WebM, M4A, AAC, MP3, WAV, OGG/Opus and AMR"


@dataclass(frozen=True)
class Format:
    """`kind` is photo, video or audio; `family` are formats that one box of bytes may be called by."""

    content_type: str
    kind: str
    extension: str
    family: str


JPEG = Format("image/jpeg", "photo", "jpg", "jpeg")
PNG = Format("image/png", "photo", "png", "png")
WEBP = Format("image/webp", "photo", "webp", "webp")
HEIC = Format("image/heic", "photo", "heic", "heic")
MP4 = Format("video/mp4", "video", "mp4", "isobmff")
MOV = Format("video/quicktime", "video", "mov", "isobmff")
THREE_GP = Format("video/3gpp", "video", "3gp", "isobmff")
M4A = Format("audio/mp4", "audio", "m4a", "isobmff")
WEBM = Format("video/webm", "video", "webm", "webm")
OGG = Format("audio/ogg", "audio", "ogg", "ogg")
AAC = Format("audio/aac", "audio", "aac", "aac")
MP3 = Format("audio/mpeg", "audio", "mp3", "mp3")
WAV = Format("audio/wav", "audio", "wav", "wav")
AMR = Format("audio/amr", "audio", "amr", "amr")

_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), HEIC),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P "), M4A),
    b"qt  ": MOV,
    **dict.fromkeys(
        (b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3gp8", b"3gp9", b"3ge6", b"3g2a", b"3g2b"), THREE_GP
    ),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"MSNV"), MP4),
    **dict.fromkeys((b"M4V ", b"dash", b"f4v ", b"mmp4"), MP4),
}
_STARTS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\x1a\x45\xdf\xa3", WEBM),
    (b"OggS", OGG),
    (b"ID3", MP3),
    (b"#!AMR-WB\n", AMR),
    (b"#!AMR\n", AMR),
)
_CALLED = {
    "jpeg": ("image/jpeg", "image/jpg", "image/pjpeg"),
    "png": ("image/png",),
    "webp": ("image/webp",),
    "heic": ("image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"),
    "isobmff": (
        *(
            "video/mp4",
            "video/quicktime",
            "video/3gpp",
            "video/3gpp2",
            "video/x-m4v",
            "audio/mp4",
            "audio/x-m4a",
        ),
        *("audio/m4a", "audio/3gpp", "audio/aac", "audio/mp4a-latm"),
    ),
    "webm": ("video/webm", "audio/webm", "video/x-matroska"),
    "ogg": ("audio/ogg", "audio/opus", "application/ogg", "video/ogg"),
    "aac": ("audio/aac", "audio/aacp", "audio/x-aac"),
    "mp3": ("audio/mpeg", "audio/mp3"),
    "wav": ("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"),
    "amr": ("audio/amr", "audio/amr-wb", "audio/3gpp"),
}
UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream"})
"""The sender does not know; the bytes do."""

MEDIA_TYPES = tuple(sorted({name for names in _CALLED.values() for name in names} | (UNSAID - {""})))


def recognised(head: bytes, declared: str = "") -> Format:
    """By the first `HEAD_BYTES`. Raises `UnsupportedMedia` for bytes nobody here reads, and for a file that
    is called what it is not."""
    found = _by_bytes(head)
    if found is None:
        raise UnsupportedMedia(f"these bytes are no photo, video or recording; {ACCEPTED} are read")
    said = declared.partition(";")[0].strip().lower()
    if said not in UNSAID and said not in _CALLED[found.family]:
        raise UnsupportedMedia(f"the file is called [{said}], its bytes are [{found.content_type}]")
    return found


def _by_bytes(head: bytes) -> Format | None:
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return MOV  # QuickTime before it had brands
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    for start, found in _STARTS:
        if head.startswith(start):
            return found
    return _frames_of_sound(head)


def _by_brand(head: bytes) -> Format | None:
    """The major brand, else the first compatible one that is known."""
    length = min(int.from_bytes(head[:4]), len(head))
    brands = [head[8:12], *(head[start : start + 4] for start in range(16, length, 4))]
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), None)


def _frames_of_sound(head: bytes) -> Format | None:
    """A frame's sync word: 11 bits set; layer 0 is AAC's ADTS, else MPEG audio with an existing bit rate."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    if head[1] & 0xF6 == 0xF0:
        return AAC
    layer, bit_rate, rate = head[1] & 0x06, head[2] >> 4, head[2] >> 2 & 0x03
    return MP3 if layer and bit_rate not in (0, 15) and rate != 3 else None
