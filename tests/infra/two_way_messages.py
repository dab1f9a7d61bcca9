"""Topics, tables and subscriptions are those of the catalogue and the manifests, and fit the functions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from shared.manifest import Manifest
from tests.infra.code_facts import Code, differences
from tests.infra.deployed import Run, runs
from tests.infra.made_up import PROJECT
from tests.infra.offline import Plan, Values
from tests.infra.two_way_calls import function_at, seconds, stranger, unlike
from tests.infra.two_way_rights import dead_letters

LONGEST_ACK_SECONDS = 600


def unlike_topics(foundation: Plan, code: Code) -> Iterator[str]:
    made = {one.values["name"]: one.values["id"] for one in foundation.of("google_pubsub_topic")}
    yield from differences(
        "terraform/foundation: topics",
        found=made,
        wanted=[*code.events, *dead_letters(code)],
        lacking="events or dead letters go there",
        needless="no event has it",
    )
    pulled = [
        one.values for one in foundation.of("google_pubsub_subscription") if not one.values["bigquery_config"]
    ]
    yield from differences(
        "terraform/foundation: what operators read",
        found=(f"{one['name']} of {_last(one['topic'])}" for one in pulled),
        wanted=[
            *(f"{topic}--history of {topic}" for topic in code.events),
            *(f"{name} of {name}" for name in dead_letters(code)),
        ],
        lacking="shared/adapters/google/bus_operations.py looks for it",
        needless="nobody reads it",
    )


def unlike_rows(foundation: Plan, code: Code) -> Iterator[str]:
    """A row topic's messages go to its table, and the columns are those of the schema file."""
    filling = [
        one.values for one in foundation.of("google_pubsub_subscription") if one.values["bigquery_config"]
    ]
    yield from differences(
        "terraform/foundation: BigQuery subscriptions",
        found=(f"{_last(one['topic'])} → {one['bigquery_config'][0]['table']}" for one in filling),
        wanted=(f"{topic} → {PROJECT}.{event.table}" for topic, event in code.events.items() if event.table),
        lacking="its rows have no other way into the warehouse",
        needless="its event has no such table",
    )
    yield from differences(
        "terraform/foundation: tables",
        found=(_table_words(one.values) for one in foundation.of("google_bigquery_table")),
        wanted=(f"{name} {_columns(one['schema'])}" for name, one in code.tables.items()),
        lacking="sql/ has such a table",
        needless="sql/ has no such table",
    )


def unlike_consumers(product: Plan, code: Code) -> Iterator[str]:
    deployed, found = runs(product), {}
    for one in product.of("google_pubsub_subscription"):
        function = function_at(one.values["push_config"][0]["push_endpoint"], deployed)
        found[function] = one.values
        if manifest := code.manifests.get(function):
            yield from _unlike_consumer(manifest, one.values, deployed[function], code)
    yield from differences(
        "terraform/product: push subscriptions",
        found=(f"{_last(values['topic'])} → {function}" for function, values in found.items()),
        wanted=(f"{one.subscribes} → {name}" for name, one in code.manifests.items() if one.subscribes),
        lacking="the manifest subscribes to it",
        needless="no manifest subscribes to it",
    )


def _unlike_consumer(manifest: Manifest, values: Values, run: Run, code: Code) -> Iterator[str]:
    (letters,), (retry,) = values["dead_letter_policy"], values["retry_policy"]
    token = values["push_config"][0]["oidc_token"][0]
    event = code.events.get(manifest.subscribes or "")
    yield from unlike(
        f"terraform/product: subscription of functions/{manifest.name}",
        {
            "name": (values["name"], manifest.name),
            "ordering": (bool(values["enable_message_ordering"]), bool(event and event.in_order)),
            "dead letters": (_last(letters["dead_letter_topic"]), f"{manifest.name}--dead-letters"),
            "deliveries": (letters["max_delivery_attempts"], manifest.max_attempts),
            "least back-off": (seconds(retry["minimum_backoff"]), manifest.min_backoff_seconds),
            "most back-off": (seconds(retry["maximum_backoff"]), manifest.max_backoff_seconds),
            "expiry": (values["expiration_policy"], [{"ttl": ""}]),
            "audience": (token["audience"], run.environment.get("COS_SERVICE_AUDIENCE")),
        },
    )
    yield from stranger(manifest, token["service_account_email"], run)
    if not run.timeout_seconds <= values["ack_deadline_seconds"] <= LONGEST_ACK_SECONDS:
        yield (
            f"terraform/product: subscription of functions/{manifest.name}: the deadline is "
            f"[{values['ack_deadline_seconds']}] s, the function may take [{run.timeout_seconds}] s"
        )


def _table_words(values: Values) -> str:

    return f"{values['dataset_id']}.{values['table_id']} {_columns(json.loads(values['schema']))}"


def _columns(schema: list[Any]) -> str:
    return ", ".join(f"{one['name']} {one['type']} {one.get('mode', 'NULLABLE')}" for one in schema)


def _last(path: str) -> str:
    return path.rpartition("/")[2]
