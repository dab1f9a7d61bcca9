"""One tenant's documents in a dict, with what the identity engine asks of a unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from shared.ports import Data, Document


@dataclass
class MemoryStore:
    """Writes are seen at once; `new_id` counts."""

    data: dict[str, Data] = field(default_factory=dict)
    now: datetime = datetime(2026, 11, 20, 9, tzinfo=UTC)
    ids: int = 0
    reads: list[int] = field(default_factory=list)
    """How many documents each read asked for."""

    def get_many(self, paths: Sequence[str], /) -> list[Document | None]:
        self.reads.append(len(paths))
        return [Document(path, self.data[path], "1") if path in self.data else None for path in paths]

    def put(self, path: str, data: Data, /) -> None:
        self.data[path] = dict(data)

    def new_id(self) -> str:
        self.ids += 1
        return f"id-{self.ids:06d}"
