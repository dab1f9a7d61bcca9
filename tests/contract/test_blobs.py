from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.embedded.blobs import FolderBlobs
from shared.adapters.google.blobs import GcsBlobs
from shared.errors import Misconfigured, Unavailable
from shared.testing.contracts.blobs import BlobsContract
from shared.testing.emulators import free_port
from shared.testing.gcs_stub import GcsStub, gcs_stub


class TestFolderBlobs(BlobsContract):
    @pytest.fixture
    def blobs(self, tmp_path: Path) -> FolderBlobs:
        return FolderBlobs(tmp_path / "blobs")


@pytest.fixture
def gcs() -> Iterator[GcsStub]:
    with gcs_stub("files") as stub:
        yield stub


@pytest.fixture
def gcs_blobs(gcs: GcsStub) -> Iterator[GcsBlobs]:
    blobs = GcsBlobs(bucket="files", project="demo", endpoint=gcs.url, timeout_s=1)
    yield blobs
    blobs.close()


class TestGcsBlobs(BlobsContract):
    @pytest.fixture
    def blobs(self, gcs: GcsStub) -> Iterator[GcsBlobs]:
        blobs = GcsBlobs(bucket="files", project="demo", endpoint=gcs.url)  # 40 readers of 2 MB at a time
        yield blobs
        blobs.close()


def test_storage_keeps_the_content_type(gcs: GcsStub, gcs_blobs: GcsBlobs) -> None:
    gcs_blobs.put("a.jpg", b"x", content_type="image/jpeg")
    assert gcs.objects["a.jpg"].content_type == "image/jpeg"


def test_storage_lists_page_by_page(gcs: GcsStub, gcs_blobs: GcsBlobs) -> None:
    gcs.page_size = 2
    for n in range(5):
        gcs_blobs.put(f"k{n}", b"x", content_type="text/plain")
    assert gcs_blobs.keys("k") == ["k0", "k1", "k2", "k3", "k4"]


def test_nothing_is_asked_but_for_the_files(gcs: GcsStub, gcs_blobs: GcsBlobs) -> None:
    """A function has the right to read and write files, and none on the bucket itself."""
    gcs_blobs.put("a.jpg", b"x", content_type="image/jpeg")
    gcs_blobs.exists("a.jpg")
    gcs_blobs.get("a.jpg")
    gcs_blobs.keys("a")
    time.sleep(0.2)  # a question in the background would be on its way
    assert len(gcs.asked) == 4 and all("/b/files/o" in path for path in gcs.asked)


@pytest.mark.parametrize(("status", "error"), [(503, Unavailable), (429, Unavailable), (403, Misconfigured)])
def test_storage_on_a_bad_day(gcs: GcsStub, gcs_blobs: GcsBlobs, status: int, error: type[Exception]) -> None:
    gcs.fail_with = status
    with pytest.raises(error, match=r"\[a\]"):
        gcs_blobs.get("a")
    with pytest.raises(error, match=r"\[a\]"):
        gcs_blobs.put("a", b"x", content_type="text/plain")


def test_storage_that_does_not_answer_is_unavailable() -> None:
    blobs = GcsBlobs(bucket="b", project="p", endpoint=f"http://127.0.0.1:{free_port()}", timeout_s=0.5)
    with pytest.raises(Unavailable, match=r"\[a\]"):
        blobs.get("a")
    blobs.close()
