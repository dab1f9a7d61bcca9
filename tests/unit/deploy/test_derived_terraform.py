"""What Terraform is told, and what Google Cloud would refuse is refused before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from shared.deploy.derived_terraform import (
    cpu,
    load_balancer_pattern,
    require_separable,
    tables_in,
    terraform_data,
)
from shared.errors import Misconfigured
from shared.events.catalogue import load_catalogue
from shared.manifest import Manifest, Route, all_manifests
from shared.settings import GIVEN, NEVER_DEPLOYED, TUNABLE, Settings
from shared.sql_catalogue import Catalogue

EVENTS = load_catalogue()
MANIFESTS = {one.name: one for one in all_manifests()}
DATA = terraform_data(all_manifests(), EVENTS)
FUNCTIONS: Mapping[str, Any] = DATA["functions"]


def with_changed(name: str, **changes: Any) -> list[Manifest]:
    return [one.model_copy(update=changes) if one.name == name else one for one in all_manifests()]


def test_a_setting_is_given_tunable_or_never_deployed_and_only_one_of_them() -> None:
    kinds = [GIVEN, TUNABLE, NEVER_DEPLOYED]
    assert sum(map(len, kinds)) == len(frozenset().union(*kinds))
    assert frozenset().union(*kinds) == set(Settings.model_fields)


def test_a_function_gets_the_settings_of_its_ports_and_none_of_emulators_and_stubs() -> None:
    assert FUNCTIONS["chat"]["settings"] == ["log_level", "profile", "project", "public_url", "region"]
    assert {"embedding_model", "service_callers"} <= set(FUNCTIONS["membrane"]["settings"])
    assert not [name for one in FUNCTIONS.values() for name in one["settings"] if name in NEVER_DEPLOYED]


def test_a_function_that_names_a_port_with_credentials_gets_them() -> None:
    asked = with_changed("chat", ports=("documents", "bus", "tokens", "messenger"))
    chat = terraform_data(asked, EVENTS)["functions"]["chat"]
    assert chat["secrets"] == ["twilio_account_sid", "twilio_auth_token"]
    assert "twilio_number" in chat["settings"]


def test_who_republishes_may_publish_everything() -> None:
    assert FUNCTIONS["outbox_sweeper"]["publishes"] == sorted(EVENTS)


def test_a_function_reads_the_datasets_of_its_queries() -> None:
    assert FUNCTIONS["plate_composer"]["datasets"] == ["ledger", "twins"]
    assert FUNCTIONS["chat"]["datasets"] == []
    assert list(tables_in(Catalogue(), "plates/inventory_table_v1")) == ["twins.inventory_master_v1"]


@pytest.mark.parametrize(
    ("kind", "memory_mib", "concurrency", "expected"),
    [
        ("http", 256, 80, 1),
        ("schedule", 256, 1, 0.1666),
        ("event", 512, 1, 0.3333),
        ("http", 1024, 1, 0.5833),
        ("http", 2048, 1, 1),
        ("http", 8192, 80, 2),
        ("job", 512, 1, 1),
        ("service", 512, 1, 1),
    ],
)
def test_processors_fit_memory_and_concurrency(
    kind: str, memory_mib: int, concurrency: int, expected: float
) -> None:
    changed = {"kind": kind, "memory_mib": memory_mib, "concurrency": concurrency}
    assert cpu(MANIFESTS["chat"].model_copy(update=changed)) == expected


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("membrane", {"timeout_seconds": 601}, r"membrane/function.yaml field \[timeout_seconds\]: \[601\]"),
        ("outbox_sweeper", {"timeout_seconds": 1801}, "Cloud Scheduler"),
        ("chat", {"timeout_seconds": 2.5}, r"\[2.5\] is no whole number"),
        ("chat", {"memory_mib": 65536}, r"field \[memory_mib\]: \[65536\]"),
        ("identity_training", {"memory_mib": 256}, r"field \[memory_mib\]: \[256\]"),
        ("chat", {"settings": ("data_dir",)}, r"functions/chat: reads the setting \[data_dir\]"),
        ("chat", {"ports": ("documents", "bus", "tokens", "warehouse")}, "functions/chat: its code names"),
        ("system", {"ports": ("documents", "bus", "tokens")}, "functions/system: its code names"),
    ],
)
def test_what_google_cloud_would_refuse_stops_with_the_file_and_the_word(
    name: str, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(Misconfigured, match=words):
        terraform_data(with_changed(name, **changes), EVENTS)


def test_a_name_too_long_for_a_service_account_is_refused() -> None:
    long = MANIFESTS["chat"].model_copy(update={"name": "a_function_with_a_very_long_name"})
    with pytest.raises(Misconfigured, match=r"field \[name\]: \[a_function_with_a_very_long_name\]"):
        terraform_data([long], EVENTS)


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("/api/chat", "/api/chat"),
        ("/api/chat/{session_id}", "/api/chat/*"),
        ("/api/crm/persons/{person_id}/unmerge", "/api/crm/persons/*"),
        ("/quote/*", "/quote/*"),
    ],
)
def test_what_varies_in_a_path_is_a_star_at_its_end(path: str, pattern: str) -> None:
    assert load_balancer_pattern(path) == pattern


def test_two_functions_whose_paths_the_load_balancer_cannot_tell_apart_are_refused() -> None:
    route = Route(method="GET", path="/api/chat/{id}/words", handler="x", summary="x", auth=("user",))
    with pytest.raises(Misconfigured, match=r"functions/system/function.yaml path \[/api/chat/{id}/words\]"):
        require_separable(with_changed("system", routes=(route,)))
