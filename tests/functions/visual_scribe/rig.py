"""A workshop's bay: vehicles, media that say what a test wants, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.domain.media import media_path, original_key
from shared.errors import CosError
from shared.events.media import MediaUploaded
from shared.local.wsgi_call import Response
from shared.media_types import Frame, Heard, MediaPart, Observation, Seen
from shared.platform import Platform
from shared.port_types import (
    Data,
    Embedding,
    Generation,
)
from shared.ports import Write
from shared.testing.harness import Harness, running

ACCORD = "1HGCM82633A004352"
OTHER = "5GZCZ43D13S812715"
NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)


@dataclass
class Senses:
    """Models that hear `words` and see `writing`; `fails` is raised first, once each."""

    words: tuple[str, ...] = ()
    writing: tuple[str, ...] = ()
    fails: list[CosError] = field(default_factory=list)
    looked: int = 0

    def observe(self, part: MediaPart, *, vocabulary: str) -> Observation:
        self.looked += 1
        if self.fails:
            raise self.fails.pop(0)
        return Observation(
            model="test-ears",
            duration_s=4.0 * len(self.words),
            heard=tuple(Heard(4.0 * n, 4.0 * n + 3, text, 0.9) for n, text in enumerate(self.words)),
            seen=tuple(Seen(1.0, text, 0.99) for text in self.writing),
            frames=tuple(Frame(4.0 * n, 300.0, b"jpeg%d" % n) for n in range(max(1, len(self.words)))),
        )

    def generate(
        self, *, model: str, prompt: str, schema: Data, timeout_s: float, media: Sequence[MediaPart] = ()
    ) -> Generation:
        raise AssertionError("the embedded profile asks no language model")

    def embed(self, texts: Sequence[str]) -> Embedding:
        raise AssertionError("nothing is embedded here")


@dataclass
class Bay:
    product: Harness
    senses: Senses

    def record_vehicle(self, vin: str, **more: Any) -> None:
        row = {"vin": vin, "year": 2003, "make": "Honda", "model": "Accord", **more}
        assert self.product.call("POST", "/api/records/vehicles", json=[row], api_key=True).status == 200

    def film(self, media_id: str = "m1", *said: str, writing: Sequence[str] = (), **fields: Any) -> Response:
        """Stores a media that says this and has the scribe look at it."""
        self.senses.words, self.senses.writing = said, tuple(writing)
        self.store(media_id, **fields)
        return self.look(media_id)

    def store(self, media_id: str, **fields: Any) -> None:
        media = {
            "media_id": media_id,
            "kind": "video",
            "content_type": "video/mp4",
            "size": 10,
            "blob_key": original_key(media_id),
            "vin": ACCORD,
            "repair_order": None,
            "stage": "inspection",
            "note": "",
            "file_name": "",
            "captured_at": NOON,
            "uploaded_at": NOON,
            "uploaded_by": "users/mechanic",
            "state": "received",
            "turn": 1,
            **fields,
        }
        self.product.tenant().documents.commit([Write(media_path(media_id), media)])

    def look(self, media_id: str, *, attempt: int = 1, turn: int = 1) -> Response:
        event = MediaUploaded(media_id=media_id, kind="video", turn=turn)
        return self.product.deliver("visual_scribe", event, cause=f"{media_id}-{turn}", attempt=attempt)

    def media(self, media_id: str = "m1") -> Mapping[str, Any]:
        document = self.product.tenant().documents.get(media_path(media_id))
        assert document is not None
        return document.data

    def flags(self, vin: str = ACCORD) -> dict[tuple[str, str | None], Mapping[str, Any]]:
        from shared.ports import Query

        found = self.product.tenant().documents.query(Query("twin_flags", (("vin", "==", vin),)))
        return {(one.data["component"], one.data["zone"]): one.data for one in found}

    def vehicle(self, vin: str = ACCORD) -> Mapping[str, Any]:
        document = self.product.tenant().documents.get(f"vehicles/{vin}")
        assert document is not None
        return document.data

    def told(self, topic: str) -> list[dict[str, Any]]:
        return [event["data"] for event in self.product.events(topic)]

    def asked(self) -> list[tuple[str, bool]]:
        """Kind and safety of each request for attention."""
        return [(one["kind"], one["safety"]) for one in self.told("attention-requested")]


@contextmanager
def running_bay(folder: Path, senses: Senses, **replaced: Any) -> Iterator[Bay]:
    def models(_: Platform) -> Senses:
        return senses

    with running(folder, replaced={"models": models, **replaced}, delivering=False) as product:
        yield Bay(product, senses)
