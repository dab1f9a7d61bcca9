"""What the API answers to the odd request is what its description says it may answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.manifest import ROOT
from shared.testing.harness import Harness, running

LONG_KEY = {"Idempotency-Key": "k" * 256}
WINDOW = {"since": "2026-11-19T00:00:00Z", "until": "2026-11-20T00:00:00Z"}
PATHS = json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    folder: Path = tmp_path_factory.mktemp("product")
    with running(folder) as harness:
        yield harness


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("POST", "/api/chat", {"json": {"text": "hi", "session_id": "gone"}}, 404),
        ("POST", "/api/chat", {"json": {"text": "hi", "session_id": "__x__"}}, 422),
        ("POST", "/api/crm/persons/{person_id}/unmerge", {"headers": LONG_KEY}, 400),
        ("POST", "/api/operations/dead-letters/{letter_id}/replay", {"headers": LONG_KEY}, 400),
        ("POST", "/api/operations/replay", {"json": {**WINDOW, "subscription": "nobody"}}, 404),
        ("GET", "/api/system/state", {"persona": "", "api_key": "wrong"}, 401),
        ("GET", "/api/crm/persons/{person_id}", {"persona": "", "api_key": True}, 401),
        ("GET", "/api/operations/effects", {"persona": "sales"}, 403),
    ],
)
def test_an_answer_is_a_described_one(
    product: Harness, method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    target = re.sub(r"\{\w+\}", "x", path)
    answer = product.call(method, target, **{"persona": "ceo", **sent})
    assert answer.status == status
    assert str(status) in PATHS[path][method.lower()]["responses"]
    assert set(answer.json()) >= {"type", "title", "status", "detail"}


def test_a_parameter_in_a_path_is_described_from_end_to_end() -> None:
    (parameter, *_) = PATHS["/api/crm/persons/{person_id}"]["get"]["parameters"]
    assert not re.search(parameter["schema"]["pattern"], "a/b")
