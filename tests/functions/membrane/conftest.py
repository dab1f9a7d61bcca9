"""Sessions to talk in: one with the real router, and a running product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.membrane.conversation import Decision, Limits, Said, decide
from shared.brain.minilm import SentenceEncoder
from shared.brain.route_message.embedded import route_embedded
from shared.brain.route_message.models import RouteInput
from shared.testing.harness import Harness, model_folder, running

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)


@dataclass
class Talk:
    """A conversation by itself: no store, no bus, a clock that is moved by hand."""

    encoder: SentenceEncoder
    limits: Limits = field(default_factory=lambda: Limits(max_questions=2, question_minutes=30))
    now: datetime = NOON
    session: dict[str, Any] = field(default_factory=lambda: {"state": "ACTIVE", "conversation": {}})

    def say(self, text: str) -> Decision:
        routing = route_embedded(RouteInput(text=text, today=TODAY), self.encoder)
        decision = decide(self.session, Said(text, TODAY), routing, now=self.now, limits=self.limits)
        self.session = decision.session_fields
        return decision

    def wait(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    return SentenceEncoder(model_folder())


@pytest.fixture
def talk(encoder: SentenceEncoder) -> Talk:
    return Talk(encoder)


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(tmp_path_factory.mktemp("product")) as product:
        yield product
