"""A row's message is what a BigQuery subscription writes by the table's schema: flat, typed, without null."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.events.base import Event
from shared.events.brain import ModelUsed
from shared.events.catalogue import load_catalogue
from shared.events.ledger import AuditRecorded
from shared.sql_catalogue import Catalogue
from shared.testing.harness import envelope_of

NOW = datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=UTC)
ROWS = {topic: event for topic, event in load_catalogue().items() if event.table}

FORMS: Mapping[str, Callable[[Any], bool]] = {
    "STRING": lambda value: isinstance(value, str),
    "INT64": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "FLOAT64": lambda value: isinstance(value, float | int) and not isinstance(value, bool),
    "BOOL": lambda value: isinstance(value, bool),
    "NUMERIC": lambda value: isinstance(value, str) and Decimal(value).is_finite(),
    "DATE": lambda value: date.fromisoformat(value).isoformat() == value,
    "TIMESTAMP": lambda value: datetime.fromisoformat(value).tzinfo is not None,
    "JSON": lambda value: isinstance(value, str) and json.loads(value) is not None,
}


def misfits(event: Event) -> list[str]:
    """Columns whose value a subscription would refuse."""
    row = json.loads(envelope_of(event, tenant="autohaus", cause="c1", now=NOW).to_message().data)
    columns = Catalogue().table(event.table or "").by_name
    missing = [name for name, one in columns.items() if one.mode == "REQUIRED" and name not in row]
    wrong = [name for name, value in row.items() if name in columns and not FORMS[columns[name].type](value)]
    return missing + wrong


@pytest.mark.parametrize("topic", sorted(ROWS))
def test_the_example_of_a_row_event_would_be_written(topic: str) -> None:
    assert misfits(ROWS[topic].model_validate(ROWS[topic].example)) == []


def test_every_kind_of_value_would_be_written() -> None:
    audit = {**AuditRecorded.example, "latency_ms": 1.5, "hops": [{"ms": 1}], "detail": {"a": None}}
    assert misfits(AuditRecorded.model_validate(audit)) == []
    usage = {**ModelUsed.example, "cost_usd": Decimal("0.00012"), "input_tokens": 7, "confidence": 1}
    assert misfits(ModelUsed.model_validate(usage)) == []


def test_a_column_without_a_value_is_left_out() -> None:
    event = AuditRecorded.model_validate(AuditRecorded.example)
    row = json.loads(envelope_of(event, tenant="autohaus", cause="c1", now=NOW).to_message().data)
    assert event.latency_ms is None and "latency_ms" not in row
    assert row["event_id"] == "event-c1"


def test_a_row_that_would_be_refused_is_noticed() -> None:
    class Askew(AuditRecorded):
        detail: Any = None
        latency_ms: Any = None

        def model_dump(self, **_: Any) -> dict[str, Any]:
            return {"type": 7, "detail": {"not": "text"}, "latency_ms": "1.5"}

    event = Askew.model_validate(AuditRecorded.example)
    assert misfits(event) == ["type", "detail", "latency_ms"]
