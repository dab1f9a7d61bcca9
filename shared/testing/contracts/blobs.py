"""Blobs: whole files under safe keys."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import InvalidInput, NotFound
from shared.ports import Blobs

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
