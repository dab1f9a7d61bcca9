from __future__ import annotations

import pytest

pytest.register_assert_rewrite(
    "tests.journeys.product",
    "tests.journeys.lead_journeys",
    "tests.journeys.chat_journeys",
    "tests.journeys.quote_journeys",
    "tests.journeys.delivery_journeys",
    "tests.journeys.scribe_journeys",
    "tests.journeys.attention_journeys",
    "tests.journeys.telemetry_journeys",
    "tests.journeys.trip_journeys",
    "tests.journeys.anomaly_journeys",
    "tests.journeys.text_journeys",
    "tests.journeys.inbox_journeys",
    "tests.journeys.day_journeys",
    "tests.journeys.memory_journeys",
)
