"""Every message gets exactly one answer, in its turn, to whom it may be given."""

from __future__ import annotations

import json

import pytest

from functions.plate_composer.plate_kinds import plate_kinds
from shared.brain.route_message.intents import Intent
from shared.manifest import FUNCTIONS, read_manifest
from shared.testing.harness import Harness
from tests.functions.plate_composer.conftest import Asking

MANIFEST = read_manifest(FUNCTIONS / "plate_composer" / "function.yaml")


@pytest.fixture
def asking(harness: Harness, request: pytest.FixtureRequest) -> Asking:
    return Asking(harness, request.node.name[:60].replace("[", "-").replace("]", ""))


def test_every_intent_of_the_router_has_a_plate() -> None:
    assert {kind.intent for kind in plate_kinds()} == set(Intent)


def test_the_second_delivery_of_a_message_adds_no_frame(asking: Asking) -> None:
    event = asking.event("FINANCE")
    assert [asking.deliver(event).status for _ in range(2)] == [200, 200]
    assert len(asking.frames()) == 1 and asking.session()["frame_seq"] == 1


def test_a_message_waits_for_the_one_before_it(asking: Asking) -> None:
    first, second = asking.event("FINANCE"), asking.event("SERVICE")
    early = asking.deliver(second)
    assert early.status == 503 and "NotYetInOrder" in early.text and asking.frames() == []
    assert asking.deliver(first).status == 200
    assert asking.deliver(second, attempt=2).status == 200
    assert [frame["plate_id"] for frame in asking.frames()] == ["FINANCE_CHART", "SERVICE_BOARD"]


def test_the_waits_between_attempts_are_longer_than_a_message_waits_for_another() -> None:
    pauses = (MANIFEST.min_backoff_seconds * 2**n for n in range(MANIFEST.max_attempts - 1))
    assert sum(min(pause, MANIFEST.max_backoff_seconds) for pause in pauses) > 20


@pytest.mark.parametrize(
    ("role", "intent", "is_seen"),
    [
        ("mechanic", "FINANCE", False),
        ("driver", "CRM", False),
        ("sales", "SYSTEM_HEALTH", False),
        ("mechanic", "SERVICE", True),
        ("driver", "OUT_OF_SCOPE", True),
    ],
)
def test_a_plate_is_for_its_roles(asking: Asking, role: str, intent: str, is_seen: bool) -> None:
    frame = asking.ask(intent, roles=(role,))
    assert frame["type"] == ("MOUNT_PLATE" if is_seen else "ERROR")
    if not is_seen:
        assert "no permission" in frame["text"] and "You can ask about" in frame["text"]
        assert "dataset" not in frame


def test_who_has_no_role_sees_no_data(asking: Asking) -> None:
    assert asking.ask("INVENTORY", roles=())["type"] == "ERROR"
    assert asking.ask("OUT_OF_SCOPE", roles=())["dataset"] == []


def test_help_offers_only_what_the_person_may_see(asking: Asking) -> None:
    frame = asking.ask("OUT_OF_SCOPE", roles=("mechanic",))
    assert [row["id"] for row in frame["dataset"]] == ["INVENTORY_TABLE", "SERVICE_BOARD"]
    assert all(row["examples"] for row in frame["dataset"])


def test_an_unknown_intent_is_answered_in_words(asking: Asking) -> None:
    frame = asking.ask("ASTROLOGY")
    assert (frame["type"], frame["reason"]) == ("ERROR", "unknown_intent")
    assert asking.session()["answered_seq"] == 1


def test_a_plate_is_in_the_ledger_with_its_intent_and_the_time_of_each_hop(asking: Asking) -> None:
    asking.ask("SERVICE")
    row = asking.ledger("plate.mounted")[-1]
    assert (row["intent"], row["subject"]) == ("SERVICE", f"sessions/{asking.session_id}")
    assert row["latency_ms"] > 20
    assert [hop["hop"] for hop in json.loads(row["hops"])] == [
        "membrane_queue",
        "membrane",
        "plate_composer_queue",
        "plate_composer",
    ]
    mounted = asking.harness.events("plate-mounted")[-1]["data"]
    assert mounted["plate_id"] == "SERVICE_BOARD" and mounted["latency_ms"] == row["latency_ms"]


def test_a_message_of_an_unknown_session_is_rejected_for_good(asking: Asking) -> None:
    event = asking.event("FINANCE").model_copy(update={"session_id": "nobody"})
    response = asking.deliver(event)
    assert response.status == 200 and "rejected" in response.json()["reason"]
