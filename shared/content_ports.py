"""The ports of content: files, models that read them, vectors of what was said. See `shared.ports`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from shared.media_types import MediaPart, Observation, UploadSession
from shared.port_types import (
    Data,
    Embedding,
    Generation,
    Nearest,
    Scope,
    StoredVector,
)


class Blobs(Protocol):
    """Files by key."""

    def put(self, key: str, content: bytes, *, content_type: str) -> None: ...

    def get(self, key: str) -> bytes:
        """Raises `NotFound`."""

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """No error when it is gone already."""

    def keys(self, prefix: str) -> list[str]: ...

    def size(self, key: str) -> int:
        """Bytes. Raises `NotFound`."""

    def read(self, key: str, start: int, length: int) -> bytes:
        """Some bytes from `start` on; fewer at the end, none after it. Raises `NotFound`."""

    def begin(self, key: str, *, content_type: str, size: int) -> UploadSession:
        """An upload of exactly `size` bytes, which is a file once the last has come; until then `key` is as
        it was. Beginning again leaves the upload before alone."""

    def append(self, token: str, *, offset: int, content: bytes, size: int) -> int:
        """Adds bytes that begin at `offset`; answers how many of the file are kept, so the next go there.

        That may be fewer than were sent (stores keep whole pieces) and more than `offset` says (they came
        before). Raises `Conflict` for an offset after what is kept, `NotFound` for an upload that has ended
        or was never begun, `InvalidInput` for bytes beyond `size`.
        """

    def received(self, token: str, *, size: int) -> int:
        """How many bytes are kept. Raises `NotFound` as `append`."""

    def abandon(self, token: str) -> None:
        """Forgets what came; no error when it has ended."""


class Models(Protocol):
    """Language models. Raises `Unavailable` when the provider fails or is slow."""

    def generate(
        self, *, model: str, prompt: str, schema: Data, timeout_s: float, media: Sequence[MediaPart] = ()
    ) -> Generation:
        """`schema` is the JSON schema of the answer; the answer is validated by the caller. `media` are blobs
        of the same profile, handed over by reference."""

    def observe(self, part: MediaPart, *, vocabulary: str) -> Observation:
        """What is said and written in a file, found out on this machine. `vocabulary` are words to expect.

        Raises `Malformed` for a file that cannot be decoded, `Unavailable` where nothing listens: there a
        language model is asked, by `generate`.
        """

    def embed(self, texts: Sequence[str]) -> Embedding: ...


class Vectors(Protocol):
    """Vectors of what is remembered, each of one person (`Scope`) and of one space (`model`).

    Spaces are never mixed: a search sees the vectors of its own alone. Raises `InvalidInput` for values that
    are not of length 1.
    """

    def upsert(self, scope: Scope, items: Sequence[StoredVector]) -> None:
        """All or none; one of the same id and scope is replaced."""

    def search(
        self, scope: Scope, *, model: str, values: Sequence[float], limit: int = 1000
    ) -> list[Nearest]:
        """The most similar first, ties by id; at most `limit` (1 to 1,000)."""

    def held(self, scope: Scope, ids: Sequence[str]) -> list[StoredVector]:
        """Those of the ids that are there, in the order asked for; of any space."""

    def delete(self, scope: Scope, ids: Sequence[str]) -> None:
        """No error for one that is gone already."""
