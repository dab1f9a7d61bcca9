"""Whatever a provider answers, the real client's error comes out as one of ours, in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from shared.adapters.google.messenger import TwilioMessenger
from shared.adapters.google.models import VertexModels
from shared.adapters.google.spans import CloudTraceSpans
from shared.adapters.google.staff_chat import SlackStaffChat
from shared.adapters.google.warehouse import BigQueryWarehouse, bigquery_client
from shared.errors import EffectUnknown, Unavailable
from shared.ports import Sms
from tests.stress.bad_day import KINDS, bad_day

PATIENCE_S = 1.5
SMS = Sms(to="+13125550142", body="Your car is ready")
LONG_AGO = datetime(2026, 11, 20, 9, tzinfo=UTC)

QUERY = {
    "as_of": LONG_AGO,
    "from_date": LONG_AGO.date(),
    "to_date": LONG_AGO.date(),
    "lane": None,
    "category": None,
    "direction": None,
    "row_limit": 10,
    "tenant_id": "t1",
}


def twilio(url: str) -> TwilioMessenger:
    return TwilioMessenger(
        account_sid="AC" + "1" * 32, auth_token="x", sender="+13125550100", api_url=url, timeout_s=PATIENCE_S
    )


def bigquery(url: str) -> BigQueryWarehouse:
    return BigQueryWarehouse(lambda: bigquery_client("demo", None, url), timeout_s=PATIENCE_S)


def generate(url: str) -> object:
    models = VertexModels(project="demo", region="us-central1", embedding_model="m", base_url=url)
    return models.generate(model="gemini", prompt="?", schema={"type": "object"}, timeout_s=PATIENCE_S)


QUESTIONS: dict[str, Callable[[str], object]] = {
    "Gemini generate": generate,
    "BigQuery query": lambda url: bigquery(url).query("plates/finance_entries_v1", QUERY),
    "BigQuery append": lambda url: bigquery(url).append("brain.model_usage_v1", [ROW]),
    "Twilio find": lambda url: twilio(url).find("k", SMS, LONG_AGO),
    "Cloud Trace": lambda url: CloudTraceSpans(project="demo", base_url=url).latencies(LONG_AGO),
}
ROW: dict[str, Any] = {
    "usage_id": "u",
    "tenant_id": "t1",
    "occurred_at": LONG_AGO,
    "task": "t",
    "mode": "m",
    "operation_name": "o",
    "provider_name": "p",
    "request_model": "r",
    "outcome": "ok",
    "processing_time_ms": 1.0,
}

ANSWERED_S = 6.0
"""Their patience, the longest pause of a client between two attempts, and a busy machine."""

HARMLESS = {
    ("BigQuery append", "empty"),  # an answer without errors is how it says yes
    ("Cloud Trace", "empty"),  # no traces
    ("Cloud Trace", "slow"),  # waited for longer: an operator asks
    # Well-formed nonsense from BigQuery comes out as the bug it would be.
    *((question, kind) for question in ("BigQuery query", "BigQuery append") for kind in ("a list", "empty")),
}


@pytest.mark.parametrize(
    ("question", "kind"), [case for case in product(QUESTIONS, KINDS) if case not in HARMLESS]
)
def test_a_question_that_is_not_answered_is_unavailable_in_time(question: str, kind: str) -> None:
    with bad_day(kind) as (url, day):
        began = time.monotonic()
        with pytest.raises(Unavailable):
            QUESTIONS[question](url)
    assert time.monotonic() - began < ANSWERED_S
    assert day.asked, "nobody was asked"


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_message_nobody_confirmed_is_unknown_and_one_turned_away_was_not_sent(kind: str) -> None:
    wanted = Unavailable if kind in ("429", "503") else EffectUnknown
    with bad_day(kind) as (url, day), pytest.raises(wanted):
        twilio(url).send_sms(SMS, key="k")
    assert len(day.asked) == 1, "it was tried again"


@pytest.mark.parametrize("kind", ("slow", "429", "500", "503", "reset"))
def test_a_chat_message_nobody_confirmed_is_unknown_and_one_turned_away_was_not_sent(kind: str) -> None:
    wanted = Unavailable if kind in ("429", "503") else EffectUnknown
    with bad_day(kind) as (url, day), pytest.raises(wanted):
        SlackStaffChat(webhooks={"*": url}, timeout_s=PATIENCE_S).post(channel="#x", text="hi", key="k")
    assert len(day.asked) == 1, "it was tried again"
