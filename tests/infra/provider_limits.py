"""Limits the real provider or the API states in words only: the ones our resources come near.

Each is `(resource type, path of the argument) -> pattern or range`; a value outside is refused while
validating, as the real provider does (or as the API would, minutes into an apply).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.infra.dynamic_value import UNKNOWN
from tests.infra.schema_source import Json

PATTERNS: dict[tuple[str, str], str] = {
    ("google_service_account", "account_id"): r"[a-z](?:[-a-z0-9]{4,28}[a-z0-9])",
    ("google_pubsub_topic", "name"): r"(?!goog)[A-Za-z][-\w.~+%]{2,254}",
    ("google_pubsub_subscription", "name"): r"(?!goog)[A-Za-z][-\w.~+%]{2,254}",
    ("google_pubsub_subscription", "retry_policy.minimum_backoff"): r"\d+(?:\.\d+)?s",
    ("google_pubsub_subscription", "retry_policy.maximum_backoff"): r"\d+(?:\.\d+)?s",
    ("google_pubsub_subscription", "message_retention_duration"): r"\d+(?:\.\d+)?s",
    ("google_cloudfunctions2_function", "name"): r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?",
    ("google_cloud_run_v2_service", "name"): r"[a-z](?:[-a-z0-9]{0,47}[a-z0-9])?",
    ("google_cloud_run_v2_job", "name"): r"[a-z](?:[-a-z0-9]{0,47}[a-z0-9])?",
    ("google_cloud_scheduler_job", "name"): r"[-\w]{1,500}",
    ("google_cloud_scheduler_job", "schedule"): r"\S+(?: \S+){4}",
    ("google_storage_bucket", "name"): r"[a-z0-9][-\w.]{1,61}[a-z0-9]",
    ("google_secret_manager_secret", "secret_id"): r"[-\w]{1,255}",
    ("google_bigquery_dataset", "dataset_id"): r"\w{1,1024}",
    ("google_bigquery_table", "table_id"): r"\w{1,1024}",
    ("google_artifact_registry_repository", "repository_id"): r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?",
    ("google_compute_security_policy", "name"): r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?",
    ("google_compute_backend_service", "name"): r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?",
    ("google_compute_url_map", "name"): r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?",
    ("google_compute_region_network_endpoint_group", "name"): r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?",
}
RANGES: dict[tuple[str, str], tuple[float, float]] = {
    ("google_pubsub_subscription", "ack_deadline_seconds"): (10, 600),
    ("google_pubsub_subscription", "dead_letter_policy.max_delivery_attempts"): (5, 100),
    ("google_cloudfunctions2_function", "service_config.timeout_seconds"): (1, 3600),
    ("google_cloudfunctions2_function", "service_config.max_instance_request_concurrency"): (1, 1000),
}
SECONDS: dict[tuple[str, str], tuple[float, float]] = {
    ("google_pubsub_subscription", "retry_policy.minimum_backoff"): (0, 600),
    ("google_pubsub_subscription", "retry_policy.maximum_backoff"): (0, 600),
    ("google_pubsub_subscription", "message_retention_duration"): (600, 2678400),
    ("google_pubsub_topic", "message_retention_duration"): (600, 2678400),
    ("google_cloud_scheduler_job", "attempt_deadline"): (15, 1800),
}
_LABEL_KEY, _LABEL_VALUE = r"[a-z][-_a-z0-9]{0,62}", r"[-_a-z0-9]{0,63}"


def broken_limits(kind: str, value: Json) -> Iterator[tuple[list[str | int], str]]:
    """The path of each value outside its limit, and words naming it."""
    for (of, path), pattern in PATTERNS.items():
        for found in _values(value, path.split(".")) if of == kind else ():
            if not re.fullmatch(pattern, str(found)):
                yield [path.split(".")[0]], f"[{path}] is [{found}], which does not match [{pattern}]"
    for limits, read in ((RANGES, float), (SECONDS, _seconds)):
        for (of, path), (least, most) in limits.items():
            for found in _values(value, path.split(".")) if of == kind else ():
                if not least <= read(found) <= most:
                    yield [path.split(".")[0]], f"[{path}] is [{found}], outside [{least:g}] to [{most:g}]"
    if kind != "google_monitoring_notification_channel":  # whose labels hold an address, not marks
        yield from _broken_labels(value)


def _broken_labels(value: Json) -> Iterator[tuple[list[str | int], str]]:
    labels = value.get("labels")
    for key, label in labels.items() if isinstance(labels, dict) else ():
        if not re.fullmatch(_LABEL_KEY, key) or not (
            label is UNKNOWN or re.fullmatch(_LABEL_VALUE, str(label or ""))
        ):
            yield ["labels"], f"[labels] has [{key}] = [{label}]: lower case, digits, - and _, at most 63"


def _values(value: Any, path: list[str]) -> Iterator[Any]:
    """The known values at a path; a list of blocks is looked into."""
    if isinstance(value, list):
        for item in value:
            yield from _values(item, path)
    elif path and isinstance(value, dict):
        yield from _values(value.get(path[0]), path[1:])
    elif not path and value is not None and value is not UNKNOWN:
        yield value


def _seconds(duration: str) -> float:
    return float(duration.removesuffix("s")) if re.fullmatch(r"[\d.]+s", duration) else -1.0
