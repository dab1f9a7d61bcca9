"""Blobs: whole files under safe keys."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import Conflict, InvalidInput, NotFound
from shared.ports import Blobs

PIECE = 256 * 1024
"""The least a bucket keeps of a piece that is not the last."""

UNSAFE = ["", "/", "/etc/passwd", "a/", "a//b", "../x", "a/../b", "a/./b", ".", "a/.hidden", "a\\b", "a\0"]
UNSAFE += ["a b", "é", "a~/b", "x" * 201, "/".join(["abcdefgh"] * 120)]


class BlobsContract:
    def test_what_was_put_comes_back(self, blobs: Blobs) -> None:
        content = bytes(range(256)) * 10 + b"\r\n--==\r\n"
        blobs.put("tenants/a/media/walk-around_1.jpg", content, content_type="image/jpeg")
        assert blobs.get("tenants/a/media/walk-around_1.jpg") == content
        assert blobs.exists("tenants/a/media/walk-around_1.jpg")

    def test_an_empty_file_is_a_file(self, blobs: Blobs) -> None:
        blobs.put("empty", b"", content_type="text/plain")
        assert blobs.get("empty") == b""

    def test_put_replaces(self, blobs: Blobs) -> None:
        blobs.put("a", b"a long first text", content_type="text/plain")
        blobs.put("a", b"short", content_type="text/plain")
        assert blobs.get("a") == b"short"

    def test_a_missing_file_is_not_found(self, blobs: Blobs) -> None:
        assert not blobs.exists("nothing/here")
        with pytest.raises(NotFound, match=r"nothing/here"):
            blobs.get("nothing/here")

    def test_deleting_twice_is_no_error(self, blobs: Blobs) -> None:
        blobs.put("a/b", b"1", content_type="text/plain")
        blobs.delete("a/b")
        blobs.delete("a/b")
        assert not blobs.exists("a/b")

    def test_keys_are_listed_by_prefix_in_order(self, blobs: Blobs) -> None:
        wanted = ["media/a/1.jpg", "media/a/2.jpg", "media/ab.jpg"]
        for key in [*reversed(wanted), "media.txt", "other/a"]:
            blobs.put(key, b"x", content_type="image/jpeg")
        assert blobs.keys("media/a") == wanted
        assert blobs.keys("media/a/") == wanted[:2]
        assert blobs.keys("nothing") == []
        assert len(blobs.keys("")) == 5

    def test_a_file_and_a_folder_may_share_a_name(self, blobs: Blobs) -> None:
        blobs.put("a/b", b"inner", content_type="text/plain")
        blobs.put("a", b"outer", content_type="text/plain")
        assert (blobs.get("a"), blobs.get("a/b"), blobs.keys("a")) == (b"outer", b"inner", ["a", "a/b"])
        assert not blobs.exists("a/b/c")

    @pytest.mark.parametrize("key", UNSAFE, ids=lambda key: repr(key[:20]))
    def test_an_unsafe_key_is_refused(self, blobs: Blobs, key: str) -> None:
        with pytest.raises(InvalidInput):
            blobs.put(key, b"x", content_type="text/plain")
        with pytest.raises(InvalidInput):
            blobs.get(key)
        with pytest.raises(InvalidInput):
            blobs.delete(key)
        assert blobs.keys("") == []

    def test_a_reader_never_sees_half_a_file(self, blobs: Blobs) -> None:
        versions = [bytes([letter]) * 2_000_000 for letter in b"abcd"]
        blobs.put("big", versions[0], content_type="text/plain")
        with ThreadPoolExecutor(6) as pool:
            writes = [pool.submit(blobs.put, "big", v, content_type="text/plain") for v in versions * 3]
            reads = [pool.submit(blobs.get, "big") for _ in range(40)]
            assert all(read.result() in versions for read in reads)
            assert all(write.result() is None for write in writes)
        assert blobs.keys("") == ["big"]

    def test_a_part_of_a_file_is_read_by_itself(self, blobs: Blobs) -> None:
        blobs.put("a", bytes(range(100)), content_type="text/plain")
        assert blobs.size("a") == 100
        assert blobs.read("a", 10, 5) == bytes(range(10, 15))
        assert blobs.read("a", 95, 50) == bytes(range(95, 100))
        assert blobs.read("a", 100, 5) == blobs.read("a", 900, 5) == b""
        with pytest.raises(NotFound):
            blobs.size("b")
        with pytest.raises(NotFound):
            blobs.read("b", 0, 1)

    def test_a_file_that_comes_in_pieces_is_there_when_the_last_has_come(self, blobs: Blobs) -> None:
        content = bytes(range(256)) * 2500
        upload = blobs.begin("a/b.mp4", content_type="video/mp4", size=len(content))
        kept = 0
        while kept < len(content):
            assert not blobs.exists("a/b.mp4")
            assert blobs.received(upload.token, size=len(content)) == kept
            kept = blobs.append(
                upload.token, offset=kept, content=content[kept : kept + PIECE], size=len(content)
            )
        assert blobs.get("a/b.mp4") == content
        assert blobs.received(upload.token, size=len(content)) == len(content)

    def test_a_piece_that_comes_again_is_taken_once(self, blobs: Blobs) -> None:
        first, second = b"a" * PIECE, b"b" * 10
        size = len(first) + len(second)
        token = blobs.begin("a", content_type="text/plain", size=size).token
        for _ in range(2):
            assert blobs.append(token, offset=0, content=first, size=size) == PIECE
        for _ in range(2):
            assert blobs.append(token, offset=PIECE, content=second, size=size) == size
        assert blobs.get("a") == first + second

    def test_a_piece_after_a_gap_is_refused_and_nothing_is_lost(self, blobs: Blobs) -> None:
        token = blobs.begin("a", content_type="text/plain", size=3 * PIECE).token
        blobs.append(token, offset=0, content=b"a" * PIECE, size=3 * PIECE)
        with pytest.raises(Conflict):
            blobs.append(token, offset=2 * PIECE, content=b"c" * PIECE, size=3 * PIECE)
        assert blobs.received(token, size=3 * PIECE) == PIECE

    def test_more_bytes_than_were_announced_are_refused(self, blobs: Blobs) -> None:
        token = blobs.begin("a", content_type="text/plain", size=5).token
        with pytest.raises(InvalidInput, match=r"\[5\]"):
            blobs.append(token, offset=0, content=b"abcdef", size=5)

    def test_an_upload_that_was_given_up_takes_nothing_more(self, blobs: Blobs) -> None:
        token = blobs.begin("a", content_type="text/plain", size=5).token
        blobs.abandon(token)
        blobs.abandon(token)
        with pytest.raises(NotFound):
            blobs.append(token, offset=0, content=b"abc", size=5)
        assert blobs.keys("") == []

    def test_a_file_that_comes_anew_leaves_the_one_before_until_it_is_whole(self, blobs: Blobs) -> None:
        blobs.put("a", b"before", content_type="text/plain")
        first = blobs.begin("a", content_type="text/plain", size=5).token
        second = blobs.begin("a", content_type="text/plain", size=3).token
        assert blobs.get("a") == b"before"
        blobs.append(second, offset=0, content=b"new", size=3)
        assert blobs.get("a") == b"new"
        blobs.abandon(first)
        assert blobs.get("a") == b"new"
