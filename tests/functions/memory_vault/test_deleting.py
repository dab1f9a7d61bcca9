"""A memory that is deleted is gone from both stores, and a receipt says so after looking."""

from __future__ import annotations

from shared.events.memory import MemoryChanged
from tests.functions.memory_vault.conftest import Person, Vault

WEEKLY = "I want margin reports grouped by week"


def test_a_deleted_memory_is_gone_and_the_receipt_was_read_back(ceo: Person, vault: Vault) -> None:
    kept = ceo.say("Call me Sam")["memory"]["memory_id"]
    gone = ceo.say("I prefer texts over calls")["memory"]["memory_id"]
    response = ceo.call("DELETE", f"/api/memory/{gone}")
    assert response.status == 200
    receipt = response.json()
    assert (receipt["memory_ids"], receipt["documents_left"], receipt["vectors_left"]) == ([gone], 0, 0)
    assert ceo.listed() == ["Call me Sam"]
    assert ceo.held(kept, gone) == [kept]
    documents = vault.harness.tenant().documents
    assert documents.get(f"memories/{gone}") is None
    stored = documents.get(f"memory_receipts/{gone}")
    assert stored and "texts over calls" not in str(stored.data)


def test_deleting_again_answers_the_same_receipt(ceo: Person, vault: Vault) -> None:
    gone = ceo.say("Call me Sam")["memory"]["memory_id"]
    first = ceo.call("DELETE", f"/api/memory/{gone}").json()
    told = len(vault.harness.events("memory-changed"))
    assert ceo.call("DELETE", f"/api/memory/{gone}").json() == first
    assert len(vault.harness.events("memory-changed")) == told


def test_deleting_takes_the_history_and_the_preference_along(ceo: Person) -> None:
    first = ceo.say(WEEKLY)["memory"]["memory_id"]
    second = ceo.say("I prefer monthly margin reports")["memory"]["memory_id"]
    receipt = ceo.call("DELETE", f"/api/memory/{second}").json()
    assert receipt["memory_ids"] == [second, first]
    assert (ceo.listed(), ceo.listed("superseded"), ceo.preferences()) == ([], [], {})


def test_deleting_history_leaves_what_replaced_it(ceo: Person) -> None:
    first = ceo.say(WEEKLY)["memory"]["memory_id"]
    second = ceo.say("I prefer monthly margin reports")["memory"]["memory_id"]
    third = ceo.say("I prefer daily margin reports")["memory"]["memory_id"]
    assert ceo.call("DELETE", f"/api/memory/{second}").json()["memory_ids"] == [second, first]
    assert (ceo.listed(), ceo.preferences()) == (
        ["I prefer daily margin reports"],
        {"finance.bucket": "day"},
    )
    history = ceo.call("GET", f"/api/memory/{third}/history").json()["versions"]
    assert [one["memory_id"] for one in history] == [third]


def test_what_was_never_there_cannot_be_deleted(ceo: Person) -> None:
    assert ceo.call("DELETE", "/api/memory/nowhere").status == 404


def test_no_receipt_while_a_vector_is_still_there(ceo: Person, vault: Vault) -> None:
    gone = ceo.say("Call me Sam")["memory"]["memory_id"]
    vault.vectors.keeps_all = True
    assert ceo.call("DELETE", f"/api/memory/{gone}").status == 503
    assert vault.harness.tenant().documents.get(f"memory_receipts/{gone}") is None


def test_a_deletion_that_stopped_half_way_is_finished_by_the_event(ceo: Person, vault: Vault) -> None:
    gone = ceo.say("Call me Sam")["memory"]["memory_id"]
    vault.vectors.is_away = True
    assert ceo.call("DELETE", f"/api/memory/{gone}").status == 503
    assert ceo.listed() == [] and ceo.held(gone) == [gone]
    vault.vectors.is_away = False
    event = vault.harness.events("memory-changed")[-1]["data"]
    assert event == {"person_id": "ceo", "memory_ids": [gone], "change": "deleted"}
    answered = vault.harness.deliver("memory_indexer", MemoryChanged.model_validate(event), cause=gone)
    assert answered.status == 200
    assert ceo.held(gone) == []
    assert ceo.call("DELETE", f"/api/memory/{gone}").json()["vectors_left"] == 0


def test_a_memory_deleted_while_its_vector_is_made_leaves_none(ceo: Person, vault: Vault) -> None:
    deleted: list[str] = []

    def delete_meanwhile() -> None:
        (memory,) = ceo.call("GET", "/api/memory").json()["memories"]
        deleted.append(memory["memory_id"])
        assert ceo.call("DELETE", f"/api/memory/{memory['memory_id']}").status == 200

    vault.models.before_answering = delete_meanwhile
    ceo.say("Call me Sam")
    assert deleted and ceo.held(*deleted) == []
