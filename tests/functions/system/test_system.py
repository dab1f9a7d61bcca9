"""What the product says of itself is derived, live, and tells strangers no details."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.system.live_checks import Lookout
from functions.system.primitives import Capability, Primitive, capabilities, known_primitives, states
from shared.adapters.embedded.documents import SqliteDocuments
from shared.errors import Unavailable
from shared.events.conversation import IntentResolved
from shared.manifest import all_manifests
from shared.ports import Document, Write
from shared.runtime.dead_letter_marks import mark
from shared.runtime.outbox import outbox_document
from shared.testing.harness import Harness, running

A12 = {
    "crm_intake_api",
    "agentic_router",
    "jit_websocket",
    "sovereign_memory_vector_db",
    "anomaly_monitor",
    "omnichannel_twilio",
    "customer_jit_quotes",
    "logistics_tracking",
    "intelligent_membrane",
    "telemetry_observability",
    "visual_scribe_engine",
}


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[Harness]:
    with running(tmp_path) as product:
        yield product


class Broken:
    """A warehouse that does not answer."""

    def query(self, name: str, parameters: Any) -> list[dict[str, Any]]:
        raise Unavailable("the file secret-place is away")

    def append(self, table: str, rows: Any) -> None:
        raise Unavailable("the file secret-place is away")


def test_every_primitive_has_a_state_and_what_is_not_built_is_planned(harness: Harness) -> None:
    state = harness.call("GET", "/api/system/state").json()
    assert set(state["primitives"]) >= A12
    assert state["primitives"]["crm_intake_api"] == "active" and state["status"] == "active"
    claimed = {manifest.primitive for manifest in all_manifests()}
    for primitive in known_primitives():
        if not primitive.made_of:
            expected = "active" if primitive.name in claimed else "planned"
            assert state["primitives"][primitive.name] == expected, primitive.name


def test_the_capabilities_it_knows_are_those_of_the_manifests() -> None:
    assert [c.name for c in capabilities()] == [m.name for m in all_manifests()]


def test_what_a_primitive_is_made_of_must_all_be_there_and_well() -> None:
    def built(name: str) -> Capability:
        return Capability(
            name=name, primitive=f"{name}_api", kind="http", meaning=f"Does {name}.", ports=("bus",)
        )

    two = Primitive(name="pair", requirement="A3", made_of=("one", "two"))
    listed = [two, Primitive(name="later", requirement="B1")]
    assert [(s.name, s.status) for s in states(listed, [built("one")], {})] == [
        ("pair", "planned"),
        ("later", "planned"),
        ("one_api", "active"),
    ]
    found = states(listed, [built("one"), built("two")], {"two": ["bus is away"]})
    assert [(s.name, s.status) for s in found[:1]] == [("pair", "degraded")]
    assert found[0].reasons == ("two: bus is away",)


def test_a_store_that_does_not_answer_degrades_what_needs_it_and_nothing_else(tmp_path: Path) -> None:
    with running(tmp_path, replaced={"warehouse": lambda _: Broken()}) as harness:
        primitives = harness.call("GET", "/api/system/state").json()["primitives"]
        assert primitives["telemetry_observability"] == "degraded"
        assert primitives["crm_intake_api"] == "active"
        health = harness.call("GET", "/api/system/health")
        assert health.status == 200 and health.json()["status"] == "degraded"
        assert health.json()["checks"]["warehouse"]["status"] == "degraded"


def test_strangers_learn_no_reasons(tmp_path: Path) -> None:
    with running(tmp_path, replaced={"warehouse": lambda _: Broken()}) as harness:
        for path in ("/api/system/state", "/api/system/health"):
            stranger = harness.call("GET", path)
            known = harness.call("GET", path, persona="operator")
            assert "Unavailable" not in stranger.text and "Unavailable" in known.text
            assert "secret-place" not in known.text
        assert harness.call("GET", "/api/system/health").json()["checks"]["documents"]["milliseconds"] is None


def test_a_credential_that_does_not_hold_is_refused_even_where_none_is_needed(harness: Harness) -> None:
    assert harness.call("GET", "/api/system/state", api_key="wrong").status == 401


class DocumentsAway(SqliteDocuments):
    """Answers nothing that is asked of it alone."""

    def get(self, path: str) -> Document | None:
        if path.startswith("health/"):
            raise Unavailable("away")
        return super().get(path)


def test_without_documents_the_product_is_down(tmp_path: Path) -> None:
    away = {"documents": lambda _: DocumentsAway(tmp_path / "documents.db")}
    with running(tmp_path, replaced=away) as harness:
        health = harness.call("GET", "/api/system/health")
        assert health.status == 503 and health.json()["status"] == "down"


def test_a_capability_that_gave_a_message_up_is_degraded_for_an_hour(harness: Harness) -> None:
    mark(harness.platform, "plate_composer")
    state = harness.call("GET", "/api/system/state", persona="operator").json()
    assert state["primitives"]["telemetry_observability"] == "degraded"
    assert "gave a message up" in json.dumps(state["details"])
    long_ago = harness.platform.clock.now() - timedelta(hours=2)
    harness.platform.documents.commit([Write("dead_letter_marks/plate_composer", {"at": long_ago})])
    assert Lookout().findings(harness.platform).given_up == {}


def test_the_runtime_marks_who_gave_a_message_up(harness: Harness) -> None:
    event = IntentResolved.model_validate({**IntentResolved.example, "session_id": "s1"})
    harness.tenant().documents.commit([Write("sessions/s1", {"broken": True})])
    assert harness.deliver("plate_composer", event, attempt=1).status == 500
    assert Lookout().findings(harness.platform).given_up == {}
    assert harness.deliver("plate_composer", event, attempt=99).status == 500
    assert list(Lookout().findings(harness.platform).given_up) == ["plate_composer"]


def test_messages_nobody_publishes_degrade_the_bus(harness: Harness) -> None:
    old = harness.platform.clock.now() - timedelta(minutes=4)
    harness.platform.documents.commit([Write("outbox/x-0", outbox_document("outbox/x-0", [], old))])
    checks = {check.port: check.reason for check in Lookout().findings(harness.platform).checks}
    assert "has not taken messages" in checks["bus"] and not checks["documents"]


def test_looking_costs_the_stores_little_however_often_it_is_asked(tmp_path: Path) -> None:
    class Counting:
        asked = 0

        def query(self, name: str, parameters: Any) -> list[dict[str, Any]]:
            Counting.asked += 1
            return []

    with running(tmp_path, replaced={"warehouse": lambda _: Counting()}) as harness:
        for _ in range(5):
            assert harness.call("GET", "/api/system/health").status == 200
            assert harness.call("GET", "/api/system/state").status == 200
    assert Counting.asked == 1


def test_the_api_is_described_and_its_page_needs_no_network(harness: Harness) -> None:
    api = harness.call("GET", "/api/openapi.json")
    assert api.status == 200 and api.json()["openapi"].startswith("3.1")
    page = harness.call("GET", "/api/docs")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<script" not in page.text and "http://" not in page.text and "https://" not in page.text
    for path in api.json()["paths"]:
        assert f"<code>{path}</code>" in page.text
    for name in api.json()["components"]["schemas"]:
        assert f'id="schema-{name}"' in page.text
    assert "`" not in page.text, "what is code in a description is code on the page"


def test_functions_that_are_first_used_at_the_same_time_do_not_mix(tmp_path: Path) -> None:
    """Each is loaded as the module `main`, in which its models look their names up."""
    names = [manifest.name for manifest in all_manifests() if manifest.kind != "service"]
    for attempt in range(3):
        with running(tmp_path / str(attempt)) as harness:
            with ThreadPoolExecutor(len(names)) as pool:
                list(pool.map(harness.product.app, names))
            assert harness.call("GET", "/api/system/health").status == 200
            assert harness.call("GET", "/api/system/state").status == 200
