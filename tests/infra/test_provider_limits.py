from __future__ import annotations

import pytest

from tests.infra.dynamic_value import UNKNOWN
from tests.infra.provider_limits import DEPRECATED, GROUPS, PATTERNS, RANGES, SECONDS, broken_limits
from tests.infra.provider_schema import load
from tests.infra.schema_source import Json

PUSH, ROWS = {"push_config": [{"push_endpoint": "x"}]}, {"bigquery_config": [{"table": "t"}]}
JOB = "google_cloud_scheduler_job"

BROKEN: dict[str, tuple[str, Json, str]] = {
    "an id that is too long": ("google_service_account", {"account_id": "a" * 31}, "[account_id] is [aaaa"),
    "a deadline above Pub/Sub's": (
        "google_pubsub_subscription",
        {"ack_deadline_seconds": 601},
        "outside [10] to [600]",
    ),
    "a duration without its unit": (JOB, {"attempt_deadline": "30"}, "[attempt_deadline] is [30]"),
    "too few deliveries": (
        "google_pubsub_subscription",
        {"dead_letter_policy": [{"max_delivery_attempts": 3}]},
        "[dead_letter_policy.max_delivery_attempts] is [3]",
    ),
    "a subscription that pushes and writes": (
        "google_pubsub_subscription",
        {**PUSH, **ROWS},
        "at most one of",
    ),
    "a schedule without a target": (JOB, {"http_target": []}, "exactly one of"),
    "two tokens": (
        JOB,
        {"http_target": [{"oidc_token": [{}], "oauth_token": [{}]}]},
        "there is ['oidc_token', 'oauth_token']",
    ),
    "an alert without words": ("google_monitoring_alert_policy", {"documentation": [{}]}, "at least one of"),
    "an argument on its way out": (
        "google_storage_bucket_object",
        {"content": "x", "detect_md5hash": "y"},
        "[detect_md5hash] is deprecated, use [source_md5hash]",
    ),
    "a label in capitals": ("google_pubsub_topic", {"labels": {"Team": "x"}}, "[labels] has [Team]"),
    "a label that is a sentence": ("google_pubsub_topic", {"labels": {"team": "a b"}}, "[team] = [a b]"),
}
FINE: dict[str, tuple[str, Json]] = {
    "what only an apply tells": ("google_service_account", {"account_id": UNKNOWN, "description": None}),
    "blocks that are not known yet": (JOB, {"http_target": UNKNOWN, "pubsub_target": UNKNOWN}),
    "tokens of which one will be there": (
        JOB,
        {"http_target": [{"oidc_token": UNKNOWN, "oauth_token": [{}]}]},
    ),
    "labels that are not known yet": ("google_pubsub_topic", {"labels": {"team": UNKNOWN}}),
    "labels that are an address": (
        "google_monitoring_notification_channel",
        {"labels": {"email_address": "owner@example.com"}},
    ),
    "a duration": ("google_pubsub_subscription", {"retry_policy": [{"minimum_backoff": "0.5s"}]}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_value_outside_its_limit_is_named(name: str) -> None:
    kind, value, words = BROKEN[name]
    assert [one for _, one in broken_limits(kind, value) if words in one], list(broken_limits(kind, value))


@pytest.mark.parametrize("name", FINE)
def test_a_value_within_its_limits_passes(name: str) -> None:
    assert list(broken_limits(*FINE[name])) == []


def test_every_limit_is_of_an_argument_the_provider_has(terraform: str) -> None:
    limited = [*PATTERNS, *RANGES, *SECONDS, *DEPRECATED]
    limited += [(kind, f"{path}.{name}".lstrip(".")) for kind, path, _, names in GROUPS for name in names]
    assert [(kind, path) for kind, path in limited if not _exists(kind, path.split("."))] == []


def _exists(kind: str, path: list[str]) -> bool:
    block: Json = load()["resource_schemas"][kind]["block"]
    for name in path[:-1]:
        nested = block["block_types"].get(name)
        if nested is None:
            return False
        block = nested["block"]
    return path[-1] in {**block["attributes"], **block["block_types"]}
