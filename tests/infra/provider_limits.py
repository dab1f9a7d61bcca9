"""Limits the schema does not tell, for the types our configuration uses.

The real provider refuses most of these while it validates, the API the others, minutes into an apply. Each
is `(resource type, path of the argument) → pattern, values or range`; GROUPS says which arguments of a block
exclude or need each other (read off provider 6.50.0).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from tests.infra.dynamic_value import UNKNOWN
from tests.infra.schema_source import Json

Problem = tuple[list[str | int], str]
Limit = TypeVar("Limit")

PATTERNS: dict[tuple[str, str], str] = {
    ("google_service_account", "account_id"): r"[a-z](?:[-a-z0-9]{4,28}[a-z0-9])",
    ("google_service_account", "description"): r"(?s).{0,256}",
    ("google_project_iam_custom_role", "role_id"): r"[\w.]{3,64}",
    ("google_pubsub_subscription", "filter"): r"(?s).{0,256}",
    ("google_bigquery_table", "time_partitioning.type"): "DAY|HOUR|MONTH|YEAR",
    ("google_cloud_run_v2_service", "template.timeout"): r"\d+(?:\.\d{1,9})?s",
    ("google_cloud_run_v2_job", "template.template.timeout"): r"\d+(?:\.\d{1,9})?s",
    ("google_storage_bucket", "lifecycle_rule.condition.with_state"): "LIVE|ARCHIVED|ANY|",
    ("google_compute_security_policy", "type"): "CLOUD_ARMOR(?:_EDGE|_INTERNAL_SERVICE)?",
    (
        "google_compute_security_policy",
        "rule.action",
    ): r"allow|deny\((?:403|404|502)\)|throttle|redirect|rate_based_ban",
    ("google_compute_security_policy", "rule.rate_limit_options.conform_action"): "allow",
    (
        "google_compute_security_policy",
        "rule.rate_limit_options.exceed_action",
    ): r"redirect|deny\((?:403|404|429|502)\)",
    (
        "google_compute_security_policy",
        "rule.rate_limit_options.rate_limit_threshold.interval_sec",
    ): "10|30|60|120|180|240|270|300|600|900|1200|1800|2700|3600",
    (
        "google_compute_security_policy",
        "advanced_options_config.json_parsing",
    ): "DISABLED|STANDARD(?:_WITH_GRAPHQL)?",
    ("google_compute_security_policy", "advanced_options_config.log_level"): "NORMAL|VERBOSE",
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
EXACTLY, AT_MOST, AT_LEAST = "exactly", "at most", "at least"
GROUPS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("google_pubsub_subscription", "", AT_MOST, ("push_config", "bigquery_config", "cloud_storage_config")),
    ("google_cloud_scheduler_job", "", EXACTLY, ("pubsub_target", "http_target", "app_engine_http_target")),
    ("google_cloud_scheduler_job", "http_target", AT_MOST, ("oidc_token", "oauth_token")),
    ("google_firestore_backup_schedule", "", EXACTLY, ("daily_recurrence", "weekly_recurrence")),
    ("google_secret_manager_secret", "replication", EXACTLY, ("auto", "user_managed")),
    ("google_billing_budget", "amount", EXACTLY, ("specified_amount", "last_period_amount")),
    ("google_certificate_manager_certificate", "", EXACTLY, ("managed", "self_managed")),
    ("google_certificate_manager_certificate_map_entry", "", EXACTLY, ("hostname", "matcher")),
    (
        "google_monitoring_uptime_check_config",
        "",
        EXACTLY,
        ("monitored_resource", "resource_group", "synthetic_monitor"),
    ),
    ("google_monitoring_uptime_check_config", "", AT_MOST, ("http_check", "tcp_check")),
    ("google_storage_bucket_object", "", EXACTLY, ("content", "source")),
    ("google_vertex_ai_index_endpoint", "", AT_MOST, ("network", "private_service_connect_config")),
    ("google_compute_url_map", "", AT_MOST, ("default_url_redirect", "default_service")),
    ("google_compute_url_map", "", AT_MOST, ("default_url_redirect", "default_route_action")),
    ("google_compute_url_map", "path_matcher", AT_MOST, ("default_url_redirect", "default_service")),
    ("google_compute_url_map", "path_matcher.path_rule", AT_MOST, ("service", "url_redirect")),
    (
        "google_monitoring_alert_policy",
        "documentation",
        AT_LEAST,
        ("content", "mime_type", "subject", "links"),
    ),
    ("google_cloudfunctions2_function", "build_config.source", EXACTLY, ("storage_source", "repo_source")),
)

RANGES: dict[tuple[str, str], tuple[float, float]] = {
    ("google_pubsub_subscription", "ack_deadline_seconds"): (10, 600),
    ("google_pubsub_subscription", "dead_letter_policy.max_delivery_attempts"): (5, 100),
    ("google_cloudfunctions2_function", "service_config.timeout_seconds"): (1, 3600),
    ("google_cloudfunctions2_function", "service_config.max_instance_request_concurrency"): (1, 1000),
    ("google_cloud_run_v2_service", "template.max_instance_request_concurrency"): (1, 1000),
    ("google_compute_url_map", "default_route_action.fault_injection_policy.abort.http_status"): (200, 599),
    ("google_compute_backend_service", "log_config.sample_rate"): (0, 1),
    ("google_compute_security_policy", "rule.priority"): (0, 2147483647),
}
SECONDS: dict[tuple[str, str], tuple[float, float]] = {
    ("google_pubsub_subscription", "retry_policy.minimum_backoff"): (0, 600),
    ("google_pubsub_subscription", "retry_policy.maximum_backoff"): (0, 600),
    ("google_pubsub_subscription", "message_retention_duration"): (600, 2678400),
    ("google_pubsub_topic", "message_retention_duration"): (600, 2678400),
    ("google_cloud_scheduler_job", "attempt_deadline"): (15, 1800),
    ("google_cloud_run_v2_service", "template.timeout"): (1, 3600),
    ("google_cloud_run_v2_job", "template.template.timeout"): (1, 604800),
    ("google_firestore_backup_schedule", "retention"): (86400, 8467200),
}
DEPRECATED: dict[tuple[str, str], str] = {
    ("google_bigquery_table", "time_partitioning.require_partition_filter"): "require_partition_filter",
    ("google_certificate_manager_certificate", "self_managed.certificate_pem"): "pem_certificate",
    ("google_certificate_manager_certificate", "self_managed.private_key_pem"): "pem_private_key",
    ("google_storage_bucket_object", "detect_md5hash"): "source_md5hash",
}
"""Arguments the provider only still knows, with what to use instead."""
_LABELS_OF_ANOTHER_KIND = {"google_monitoring_notification_channel"}
"""Their `labels` are where to send to."""
_LABEL_KEY, _LABEL_VALUE = r"[a-z][-_a-z0-9]{0,62}", r"[-_a-z0-9]{0,63}"


def broken_limits(kind: str, value: Json) -> Iterator[Problem]:
    """The path of each value outside its limit, and words naming it."""
    for path, pattern in _of(PATTERNS, kind):
        for found in _values(value, path.split(".")):
            if not re.fullmatch(pattern, str(found)):
                yield [path.split(".")[0]], f"[{path}] is [{found}], which does not match [{pattern}]"
    for limits, read in ((RANGES, float), (SECONDS, _seconds)):
        for path, (least, most) in _of(limits, kind):
            for found in _values(value, path.split(".")):
                if not least <= read(found) <= most:
                    yield (
                        [path.split(".")[0]],
                        f"[{path}] is [{found}], outside [{least:.10g}] to [{most:.10g}]",
                    )
    for path, instead in _of(DEPRECATED, kind):
        if any(True for _ in _values(value, path.split("."))):
            yield [path.split(".")[0]], f"[{path}] is deprecated, use [{instead}]"
    yield from _broken_groups(kind, value)
    if kind not in _LABELS_OF_ANOTHER_KIND:
        yield from _broken_labels(value)


def _of(limits: Mapping[tuple[str, str], Limit], kind: str) -> Iterator[tuple[str, Limit]]:
    return ((path, limit) for (of, path), limit in limits.items() if of == kind)


def _broken_groups(kind: str, value: Json) -> Iterator[Problem]:
    for of, path, how, names in GROUPS:
        if of != kind:
            continue
        for block in _values(value, path.split(".") if path else []):
            asked = {name: block.get(name) for name in names if block.get(name) not in (None, [], "")}
            given = [name for name, one in asked.items() if one is not UNKNOWN]
            if (how != AT_LEAST and len(given) > 1) or (how != AT_MOST and not asked):
                yield (
                    [(path or names[0]).split(".")[0]],
                    f"{how} one of {list(names)} is wanted, there is {given}",
                )


def _broken_labels(value: Json) -> Iterator[Problem]:
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
