"""Vertex AI on loopback: `generateContent` and `predict`, on good days and bad ones."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from shared.testing.http_stub import Reply, Request, json_reply, serve


@dataclass
class VertexStub:
    """`answer` is what the model says; `statuses` come first, one a request; `delay_s` makes it slow.
    `embed` makes the vector of a text; without it every text has the same."""

    url: str = ""
    answer: Any = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    delay_s: float = 0.0
    embed: Callable[[str], Sequence[float]] | None = None
    requests: list[Mapping[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def reply(self, request: Request) -> Reply:
        self.paths.append(request.path)
        self.requests.append(json.loads(request.body))
        time.sleep(self.delay_s)
        if self.statuses:
            status = self.statuses.pop(0)
            return json_reply({"error": {"code": status, "message": "bad day", "status": "X"}}, status)
        return json_reply(self._answered(request))

    def _answered(self, request: Request) -> dict[str, Any]:
        if "generateContent" in request.path:
            return self._generated()
        return self._embedded(json.loads(request.body)["instances"][0]["content"])

    def _generated(self) -> dict[str, Any]:
        text = self.answer if isinstance(self.answer, str) else json.dumps(self.answer)
        content = {"role": "model", "parts": [{"text": text}]}
        return {
            "candidates": [{"content": content, "finishReason": "STOP"}],
            "modelVersion": "gemini-stub-001",
            "usageMetadata": {"promptTokenCount": 210, "candidatesTokenCount": 20, "thoughtsTokenCount": 5},
        }

    def _embedded(self, text: str) -> dict[str, Any]:
        # Not of length 1, as shortened vectors are not.
        vector = [3.0 * value for value in self.embed(text)] if self.embed else [3.0, 4.0]
        values = {"values": vector, "statistics": {"token_count": 3, "truncated": False}}
        return {"predictions": [{"embeddings": values}]}


@contextmanager
def vertex_stub(answer: Any = None) -> Iterator[VertexStub]:
    stub = VertexStub(answer={} if answer is None else answer)
    with serve(stub.reply) as url:
        stub.url = url
        yield stub
