"""Uploads that are interrupted: nothing is lost, nothing doubled, and only whole files are handed on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.embedded.blobs import FolderBlobs
from shared.events.media import MediaUploaded
from shared.testing.harness import Harness, running

Start = Callable[..., str]


def put(product: Harness, upload_id: str, offset: int, content: bytes) -> Any:
    target = f"/api/media/uploads/{upload_id}?offset={offset}"
    return product.call("PUT", target, body=content, content_type="application/octet-stream", api_key=True)


def finish(product: Harness, upload_id: str) -> Any:
    return product.call("POST", f"/api/media/uploads/{upload_id}/finish", api_key=True)


def test_a_file_in_pieces_is_handed_on_when_it_is_finished(
    product: Harness, uploaded: Start, clip: bytes
) -> None:
    upload_id = uploaded(len(clip), content_type="video/mp4", note="front brakes")
    for start in range(0, len(clip), 50_000):
        answer = put(product, upload_id, start, clip[start : start + 50_000])
        assert (answer.status, answer.json()["received"]) == (200, min(start + 50_000, len(clip)))
    assert product.events(MediaUploaded.topic) == []
    answer = finish(product, upload_id)
    assert (answer.status, answer.json()["state"], answer.json()["media_id"]) == (202, "finished", upload_id)
    assert finish(product, upload_id).json() == answer.json()
    assert [event["data"]["media_id"] for event in product.events(MediaUploaded.topic)] == [upload_id]
    content = product.call("GET", f"/api/media/{upload_id}/content", persona="ceo").body
    assert content == clip


def test_an_upload_goes_on_after_the_process_died(tmp_path: Path, clip: bytes) -> None:
    with running(tmp_path, delivering=False) as product:
        begun = product.call("POST", "/api/media/uploads", json={"size": len(clip)}, api_key=True).json()
        put(product, begun["upload_id"], 0, clip[:70_000])
    with running(tmp_path, delivering=False) as product:
        shown = product.call("GET", f"/api/media/uploads/{begun['upload_id']}", api_key=True).json()
        assert shown["received"] == 70_000
        put(product, begun["upload_id"], 70_000, clip[70_000:])
        assert finish(product, begun["upload_id"]).status == 202


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.tuples(st.floats(0, 1), st.floats(0.05, 1)), max_size=6))
def test_pieces_in_any_order_and_overlap_make_the_same_file(
    product: Harness, uploaded: Start, clip: bytes, cuts: list[tuple[float, float]]
) -> None:
    upload_id = uploaded(len(clip))
    for begin, share in cuts:
        start = int(begin * len(clip))
        put(product, upload_id, start, clip[start : start + int(share * len(clip))])
    while True:
        kept = product.call("GET", f"/api/media/uploads/{upload_id}", api_key=True).json()["received"]
        if kept == len(clip):
            break
        put(product, upload_id, kept, clip[kept : kept + 60_000])
    assert finish(product, upload_id).status == 202
    assert product.call("GET", f"/api/media/{upload_id}/content", persona="ceo").body == clip


def test_a_piece_after_a_gap_is_told_where_to_go_on(product: Harness, uploaded: Start, clip: bytes) -> None:
    upload_id = uploaded(len(clip))
    put(product, upload_id, 0, clip[:1000])
    answer = put(product, upload_id, 5000, clip[5000:6000])
    assert (answer.status, answer.json()["received"]) == (409, 1000)


def test_an_upload_that_lacks_bytes_is_not_finished(product: Harness, uploaded: Start, clip: bytes) -> None:
    upload_id = uploaded(len(clip))
    put(product, upload_id, 0, clip[:1000])
    answer = finish(product, upload_id)
    assert (answer.status, answer.json()["received"]) == (409, 1000)
    assert product.events(MediaUploaded.topic) == []


@pytest.mark.parametrize("size", [2_000_000_000, 500_000_001])
def test_two_gigabytes_are_refused_before_a_byte_is_sent(product: Harness, size: int) -> None:
    answer = product.call("POST", "/api/media/uploads", json={"size": size}, api_key=True)
    assert answer.status == 413 and "500 MB" in answer.json()["detail"]


def test_more_bytes_than_announced_are_refused(product: Harness, uploaded: Start, clip: bytes) -> None:
    upload_id = uploaded(100)
    assert put(product, upload_id, 0, clip[:101]).status == 422


def test_what_is_no_media_is_refused_at_the_end_and_stays_refused(product: Harness, uploaded: Start) -> None:
    content = b"%PDF-1.7 not a video at all, whatever it is called" * 20
    upload_id = uploaded(len(content), content_type="video/mp4")
    put(product, upload_id, 0, content)
    first, again = finish(product, upload_id), finish(product, upload_id)
    assert (first.status, again.status) == (415, 422)
    assert product.call("GET", f"/api/media/uploads/{upload_id}", api_key=True).json()["state"] == "refused"
    assert put(product, upload_id, 0, content).status == 410
    assert product.platform.blobs.keys("") == [] and product.events(MediaUploaded.topic) == []


def test_a_cut_video_is_refused_at_the_end(product: Harness, uploaded: Start, clip: bytes) -> None:
    upload_id = uploaded(70_000)
    put(product, upload_id, 0, clip[:70_000])
    answer = finish(product, upload_id)
    assert answer.status == 422 and "damaged" in answer.json()["detail"]


def test_a_type_nobody_reads_is_refused_at_the_start(product: Harness) -> None:
    asked = {"size": 10, "content_type": "application/zip"}
    assert product.call("POST", "/api/media/uploads", json=asked, api_key=True).status == 415


def test_an_upload_of_another_dealership_is_not_there(product: Harness, uploaded: Start) -> None:
    upload_id = uploaded(100)
    answer = product.call("GET", f"/api/media/uploads/{upload_id}", api_key=True, tenant="northside")
    assert answer.status == 404
    assert product.call("GET", "/api/media/uploads/nothing", api_key=True).status == 404


def test_an_upload_that_is_given_up_takes_nothing_more(
    product: Harness, uploaded: Start, clip: bytes
) -> None:
    upload_id = uploaded(len(clip))
    put(product, upload_id, 0, clip[:1000])
    target = f"/api/media/uploads/{upload_id}"
    assert product.call("DELETE", target, api_key=True).json()["state"] == "refused"
    assert product.call("DELETE", target, api_key=True).json()["reason"] == "given up by its sender"
    assert put(product, upload_id, 1000, clip[1000:]).status == 410
    assert finish(product, upload_id).status == 422


def test_a_finished_upload_cannot_be_given_up(product: Harness, uploaded: Start, clip: bytes) -> None:
    upload_id = uploaded(len(clip))
    put(product, upload_id, 0, clip)
    finish(product, upload_id)
    answer = product.call("DELETE", f"/api/media/uploads/{upload_id}", api_key=True)
    assert answer.json()["state"] == "finished"
    assert product.call("GET", f"/api/media/{upload_id}", persona="ceo").status == 200


class WholePieces(FolderBlobs):
    """Keeps of a piece what a bucket keeps."""

    def append(self, token: str, *, offset: int, content: bytes, size: int) -> int:
        if offset + len(content) < size:
            content = content[: len(content) // (256 * 1024) * 256 * 1024]
        return super().append(token, offset=offset, content=content, size=size)


def test_a_piece_too_small_for_a_bucket_is_refused_rather_than_lost(tmp_path: Path, clip: bytes) -> None:
    kept = {"blobs": lambda p: WholePieces(p.settings.data_dir / "blobs")}
    content = clip + box(b"free", b"x" * 400_000)
    with running(tmp_path, replaced=kept, delivering=False) as product:
        begun = product.call("POST", "/api/media/uploads", json={"size": len(content)}, api_key=True).json()
        refused = put(product, begun["upload_id"], 0, content[:65_536])
        assert refused.status == 422 and "262144" in refused.json()["detail"]
        assert put(product, begun["upload_id"], 0, content[:300_000]).json()["received"] == 262_144
        assert put(product, begun["upload_id"], 262_144, content[262_144:]).json()["received"] == len(content)
        assert finish(product, begun["upload_id"]).status == 202


def box(name: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + name + content
