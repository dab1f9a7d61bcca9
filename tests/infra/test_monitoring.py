"""Every alert has its runbook and looks at things that exist; every runbook has its alert."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.manifest import ROOT, all_manifests
from tests.infra.offline import Plan, applied, plan

ALERTS = ROOT / "terraform" / "modules" / "monitoring" / "alerts.yaml"
RUNBOOKS = ROOT / "docs" / "runbooks"
SECTIONS = ("## What it means", "**What people notice:**", "## Look", "## Do", "## Afterwards")
FROM_OUTSIDE = "unreachable"
"""The one alert that stands in main.tf: it watches a check and no metric of ours."""
VARIABLES = {
    "project": "demo-project",
    "environment": "staging",
    "domain": "cos.example.com",
    "alert_emails": ["owner@example.com"],
    "watched": {
        "called": ["chat", "crm-intake"],
        "answering": ["chat"],
        "driven": ["membrane", "outbox-sweeper"],
        "handling": ["membrane"],
        "consumers": ["membrane", "plate_composer"],
        "rows": ["audit-recorded--warehouse"],
        "dead_letters": ["membrane--dead-letters"],
    },
}


@pytest.fixture(scope="module")
def monitoring() -> Plan:
    return plan("modules/monitoring", VARIABLES)


def alerts() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(ALERTS.read_text(encoding="utf-8").replace("${", "{"))
    return read


def without_runbook(names: set[str], folder: Path) -> list[str]:
    """What stands on one side alone, and pages that lack a section."""
    pages = {page.stem: page.read_text(encoding="utf-8") for page in folder.glob("*.md")}
    pages.pop("README", None)
    missing = [f"{name}: no runbook" for name in sorted(names - set(pages))]
    unused = [f"{name}: no alert" for name in sorted(set(pages) - names)]
    lacking = [f"{n}: no [{part}]" for n in sorted(pages) for part in SECTIONS if part not in pages[n]]
    return missing + unused + lacking


def test_each_alert_has_its_runbook_and_each_runbook_its_alert() -> None:
    assert without_runbook({*alerts(), FROM_OUTSIDE}, RUNBOOKS) == []


def test_an_alert_without_a_runbook_is_named(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text("# Old\n\n" + "\n".join(SECTIONS[:-1]))
    found = without_runbook({"new"}, tmp_path)
    assert found == ["new: no runbook", "old: no alert", "old: no [## Afterwards]"]


def test_the_index_says_of_each_alert_what_the_alert_says() -> None:
    index = (RUNBOOKS / "README.md").read_text(encoding="utf-8")
    for name, alert in alerts().items():
        assert f"[{alert['title']}]({name}.md) | {alert['severity'].lower()} | {alert['says']} |" in index


def test_each_alert_is_made_with_its_words(monitoring: Plan) -> None:
    made = {one.index: one.values for one in monitoring.of("google_monitoring_alert_policy")}
    for name, alert in alerts().items():
        assert made[name]["display_name"] == alert["title"]
        said = made[name]["documentation"][0]["content"]
        assert alert["says"] in said and f"docs/runbooks/{name}.md" in said


KNOWN_METRICS = {
    *("pubsub.googleapis.com/subscription/num_undelivered_messages",),
    *("pubsub.googleapis.com/subscription/oldest_unacked_message_age",),
    *("pubsub.googleapis.com/topic/send_message_operation_count",),
    *("run.googleapis.com/request_count", "run.googleapis.com/request_latencies"),
    *("run.googleapis.com/job/completed_execution_count", "run.googleapis.com/container/instance_count"),
    *("run.googleapis.com/container/startup_latencies", "run.googleapis.com/container/memory/utilizations"),
    *(
        "firestore.googleapis.com/document/read_ops_count",
        "firestore.googleapis.com/document/write_ops_count",
    ),
    *("bigquery.googleapis.com/query/scanned_bytes_billed", "serviceruntime.googleapis.com/quota/exceeded"),
    *("monitoring.googleapis.com/uptime_check/check_passed",),
}
"""From cloud.google.com/monitoring/api/metrics_gcp; Monitoring takes any name, and then never alerts."""


def unknown_metrics(text: str) -> set[str]:
    return set(re.findall(r'metric\.type *= *\\?"([^"\\]+)', text)) - KNOWN_METRICS


def test_every_metric_is_one_google_has() -> None:
    files = [ALERTS, *ALERTS.parent.glob("*.tf")]
    assert {path.name: unknown_metrics(path.read_text(encoding="utf-8")) for path in files} == {
        path.name: set() for path in files
    }
    wrong = 'metric.type = "run.googleapis.com/request_counts" metric.type=\\"run.googleapis.com/requests\\"'
    assert len(unknown_metrics(wrong)) == 2


def test_each_alert_tells_whoever_is_named(terraform: str) -> None:
    made = applied("modules/monitoring", VARIABLES)
    channels = {one.values["id"] for one in made.of("google_monitoring_notification_channel")}
    assert len(channels) == len(VARIABLES["alert_emails"])
    for alert in made.of("google_monitoring_alert_policy"):
        assert set(alert.values["notification_channels"]) == channels, alert.address


def test_names_in_filters_are_those_watched(monitoring: Plan) -> None:
    made = {one.index: one.values for one in monitoring.of("google_monitoring_alert_policy")}
    (condition,) = made["backlog"]["conditions"]
    assert 'full_match("membrane|plate_composer")' in condition["condition_threshold"][0]["filter"]


def test_what_takes_longer_by_its_nature_is_not_told_to_be_slow(foundation: Plan) -> None:
    """A video takes Gemini half a minute and a phone that sends it longer, a schedule the longer the more
    dealerships there are."""
    made = {one.index: one.values for one in foundation.of("google_monitoring_alert_policy")}

    def watched(alert: str) -> set[str]:
        (condition,) = made[alert]["conditions"]
        (names,) = re.findall(r'full_match\("([^"]+)"\)', condition["condition_threshold"][0]["filter"])
        return set(names.split("|"))

    kinds = {one.deployed_name: one.kind for one in all_manifests()}
    assert {"membrane", "text-sender"} < watched("handling_latency")
    assert {kinds[name] for name in watched("handling_latency")} == {"event"}
    assert "visual-scribe" not in watched("handling_latency")
    assert {"chat", "inbox", "quotes", "twilio-sms"} < watched("latency")
    assert {kinds[name] for name in watched("latency")} == {"http"}
    assert "media-ingest" not in watched("latency")


def test_a_log_line_an_alert_waits_for_is_written_somewhere() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("shared", "functions")
        for path in (ROOT / folder).rglob("*.py")
    )
    for name, alert in alerts().items():
        for message in re.findall(r'jsonPayload\.message = "([^"]+)"', alert.get("log", "")):
            assert f'"{message}"' in code, f"alert [{name}] waits for [{message}], which nothing logs"


def test_log_lines_in_runbooks_are_written_somewhere() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "shared").rglob("*.py"))
    for page in RUNBOOKS.glob("*.md"):
        for message in re.findall(r'jsonPayload\.message="([^"]+)"', page.read_text(encoding="utf-8")):
            assert f'"{message}"' in code, f"{page.name} looks for [{message}], which nothing logs"


def test_runbooks_name_functions_jobs_and_routes_that_exist() -> None:
    paths = {route.path for manifest in all_manifests() for route in manifest.routes}
    shapes = [re.compile(re.sub(r"\{\w+\}", "[^/\"' ]+", path) + "$") for path in paths]
    jobs = {manifest.deployed_name for manifest in all_manifests() if manifest.kind == "job"}
    for page in RUNBOOKS.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for path in re.findall(r"\$SITE(/api/[^\s\"'`]+)", text):
            assert any(shape.match(path) for shape in shapes), f"{page.name}: nothing is served at [{path}]"
        named = re.findall(r"--job=([\w-]+)|jobs execute ([\w-]+)", text)
        assert {one or other for one, other in named} <= jobs, page.name


def test_the_dashboard_says_nothing_that_monitoring_does_not_answer(monitoring: Plan) -> None:
    """Else every plan would show a change: a value of zero is left out of an answer."""
    (dashboard,) = monitoring.of("google_monitoring_dashboard")
    layout = json.loads(dashboard.values["dashboard_json"])["mosaicLayout"]
    said = [value for tile in layout["tiles"] for value in (tile.get("xPos"), tile.get("yPos"))]
    assert 0 not in said
    places = {(tile.get("xPos", 0), tile.get("yPos", 0)) for tile in layout["tiles"]}
    assert len(places) == len(layout["tiles"])
    assert max(tile.get("xPos", 0) + tile["width"] for tile in layout["tiles"]) == layout["columns"] <= 48


def test_without_a_domain_nothing_is_asked_from_outside() -> None:
    nowhere = plan("modules/monitoring", {**VARIABLES, "domain": ""})
    assert nowhere.of("google_monitoring_uptime_check_config") == []
    assert FROM_OUTSIDE not in {
        one.values["user_labels"]["alert"] for one in nowhere.of("google_monitoring_alert_policy")
    }
