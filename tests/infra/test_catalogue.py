"""`terraform console` on the maps both roots use, beside the same facts in Python."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from shared.events.base import Event
from shared.events.catalogue import load_catalogue
from shared.manifest import ROOT, Manifest, all_manifests
from shared.sql_catalogue import Catalogue
from tests.infra.workspace import Workspace

MAPS = (
    "functions",
    "account_ids",
    "consumers",
    "row_topics",
    "history",
    "dead_letters",
    "tables",
)


def _console(terraform: Path) -> dict[str, Any]:
    shown = ", ".join(f"{name} = local.{name}" for name in MAPS)
    found: dict[str, Any] = Workspace(terraform, "catalogue").console(f"{{ {shown} }}")
    return found


@pytest.fixture(scope="module")
def maps(terraform: str) -> dict[str, Any]:
    return _console(ROOT / "terraform")


@pytest.fixture(scope="module")
def manifests() -> dict[str, Manifest]:
    return {one.name: one for one in all_manifests()}


@pytest.fixture(scope="module")
def events() -> dict[str, type[Event]]:
    return dict(load_catalogue())


def test_every_function_and_nothing_else_is_there(
    maps: dict[str, Any], manifests: dict[str, Manifest]
) -> None:
    said = {
        name: (one["deployed_name"], one["kind"], one["memory_mib"])
        for name, one in maps["functions"].items()
    }
    assert said == {name: (one.deployed_name, one.kind, one.memory_mib) for name, one in manifests.items()}


def test_every_path_leads_to_its_function(maps: dict[str, Any], manifests: dict[str, Manifest]) -> None:
    said = {(route["pattern"], name) for name, one in maps["functions"].items() for route in one["routes"]}
    wanted = {
        (path.partition("{")[0] + ("*" if "{" in path else ""), name)
        for name, one in manifests.items()
        for path in (route.path for route in one.routes)
    }
    assert said == wanted


def test_every_topic_with_a_consumer_has_its_subscription(
    maps: dict[str, Any], manifests: dict[str, Manifest], events: dict[str, type[Event]]
) -> None:
    consumers = {
        name: (one.subscribes, one.max_attempts) for name, one in manifests.items() if one.subscribes
    }
    assert {name: (one["topic"], one["max_attempts"]) for name, one in maps["consumers"].items()} == consumers
    for name, one in maps["consumers"].items():
        assert one["in_order"] == events[one["topic"]].in_order
        assert max(10, manifests[name].timeout_seconds) <= one["ack_deadline_seconds"] <= 600


def test_every_row_topic_fills_its_table(maps: dict[str, Any], events: dict[str, type[Event]]) -> None:
    rows = {topic: event.table for topic, event in events.items() if event.table}
    assert {topic: one["table"] for topic, one in maps["row_topics"].items()} == rows


def test_every_topic_has_a_history_and_every_subscription_its_dead_letters(
    maps: dict[str, Any], events: dict[str, type[Event]]
) -> None:
    assert maps["history"] == {f"{topic}--history": topic for topic in events}
    subscriptions = [*maps["consumers"].values(), *maps["row_topics"].values()]
    assert sorted(maps["dead_letters"]) == sorted(one["dead_letters"] for one in subscriptions)


def test_every_table_has_the_columns_of_its_schema_file(maps: dict[str, Any]) -> None:
    tables = Catalogue(ROOT / "sql").tables
    assert {name: one["schema"] for name, one in maps["tables"].items()} == {
        name: table.bigquery_schema() for name, table in tables.items()
    }


def test_accounts_have_ids_google_takes_and_share_none(maps: dict[str, Any]) -> None:
    ids = list(maps["account_ids"].values())
    assert len(set(ids)) == len(ids)
    assert all(6 <= len(one) <= 30 for one in ids)


def test_a_function_that_terraform_was_not_told_of_is_missed(terraform: str, tmp_path: Path) -> None:
    copy = shutil.copytree(ROOT / "terraform", tmp_path / "terraform")
    functions = json.loads((copy / "derived" / "functions.json").read_text())
    functions.pop("crm_intake")
    (copy / "derived" / "functions.json").write_text(json.dumps(functions))
    assert "crm_intake" not in _console(copy)["functions"]
