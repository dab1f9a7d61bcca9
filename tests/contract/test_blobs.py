from __future__ import annotations

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
    def blobs(self, gcs_blobs: GcsBlobs) -> GcsBlobs:
        return gcs_blobs


def test_storage_keeps_the_content_type(gcs: GcsStub, gcs_blobs: GcsBlobs) -> None:
    gcs_blobs.put("a.jpg", b"x", content_type="image/jpeg")
    assert gcs.objects["a.jpg"].content_type == "image/jpeg"


def test_storage_lists_page_by_page(gcs: GcsStub, gcs_blobs: GcsBlobs) -> None:
    gcs.page_size = 2
    for n in range(5):
        gcs_blobs.put(f"k{n}", b"x", content_type="text/plain")
    assert gcs_blobs.keys("k") == ["k0", "k1", "k2", "k3", "k4"]


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
