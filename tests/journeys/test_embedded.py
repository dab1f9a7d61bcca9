"""The journeys on the product of `make run`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.anomaly_journeys import AnomalyJourneys
from tests.journeys.attention_journeys import AttentionJourneys
from tests.journeys.chat_journeys import ChatJourneys
from tests.journeys.day_journeys import DayJourneys
from tests.journeys.delivery_journeys import DeliveryJourneys
from tests.journeys.embedded_product import EmbeddedProduct, embedded_product
from tests.journeys.inbox_journeys import InboxJourneys
from tests.journeys.lead_journeys import LeadJourneys
from tests.journeys.memory_journeys import MemoryJourneys
from tests.journeys.quote_journeys import QuoteJourneys
from tests.journeys.scribe_journeys import ScribeJourneys
from tests.journeys.telemetry_journeys import TelemetryJourneys
from tests.journeys.text_journeys import TextJourneys
from tests.journeys.trip_journeys import TripJourneys


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedProduct]:
    with embedded_product(tmp_path_factory.mktemp("product")) as running:
        yield running


class TestLeads(LeadJourneys):
    pass


class TestChat(ChatJourneys):
    pass


class TestAttention(AttentionJourneys):
    pass


class TestQuotes(QuoteJourneys):
    pass


class TestTrips(TripJourneys):
    pass


class TestTexts(TextJourneys):
    pass


class TestInbox(InboxJourneys):
    pass


class TestMemory(MemoryJourneys):
    pass


class TestAnomalies(AnomalyJourneys):
    pass


class TestScribe(ScribeJourneys):
    pass


class TestTelemetry(TelemetryJourneys):
    pass


class TestDay(DayJourneys):
    pass


class TestDelivery(DeliveryJourneys):
    pass
