"""A person says how they want things and finds it again, in other words too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.brain.circuit import FAILURES, circuit_of
from shared.memory import remember as remembering
from tests.functions.memory_vault.conftest import Person, Vault

WEEKLY = "I want margin reports grouped by week"


def test_what_is_said_is_found_in_other_words_and_says_how_old_it_is(ceo: Person) -> None:
    ceo.say("Remember that Mrs. Alvarez only picks up her phone on Fridays")
    ceo.say("I prefer automatic gearboxes in loaner cars")
    ceo.say("Keep in mind that the car wash is closed in winter")
    found = ceo.found("when can I reach Mrs. Alvarez by telephone?")
    best = found["memories"][0]
    assert "Alvarez" in best["text"] and best["score"] > found["memories"][1]["score"]
    assert 0 <= best["age_seconds"] < 60 and best["memory_id"] and best["similarity"] > 0.4
    assert (found["searched"], found["by_meaning"]) == (3, True)


def test_a_paraphrase_without_a_common_word_is_the_top_match(ceo: Person) -> None:
    ceo.say("I like my espresso without sugar")
    ceo.say("Invoices over five thousand dollars need my approval")
    assert ceo.ask("unsweetened coffee")[0] == "I like my espresso without sugar"


def test_a_preference_is_kept_with_its_effect_and_its_receipt_of_storing(ceo: Person) -> None:
    stored = ceo.say(WEEKLY)
    assert stored["is_new"] and stored["superseded"] is None
    memory = stored["memory"]
    assert (memory["subject"], memory["preference"]) == (
        "finance.bucket",
        {"key": "finance.bucket", "value": "week"},
    )
    assert ceo.preferences() == {"finance.bucket": "week"}
    assert ceo.held(memory["memory_id"]) == [memory["memory_id"]]


def test_a_contradiction_replaces_and_the_old_stays_in_history(ceo: Person) -> None:
    first = ceo.say(WEEKLY)["memory"]
    second = ceo.say("I prefer monthly margin reports")
    assert second["superseded"]["memory_id"] == first["memory_id"]
    assert ceo.listed() == ["I prefer monthly margin reports"]
    assert ceo.listed("superseded") == [WEEKLY]
    assert ceo.preferences() == {"finance.bucket": "month"}
    history = ceo.call("GET", f"/api/memory/{second['memory']['memory_id']}/history").json()["versions"]
    assert [one["text"] for one in history] == ["I prefer monthly margin reports", WEEKLY]
    assert (history[1]["state"], history[1]["superseded_by"]) == (
        "superseded",
        second["memory"]["memory_id"],
    )
    assert WEEKLY not in ceo.ask("how are margin reports grouped"), "history is not recalled"
    assert ceo.held(first["memory_id"], second["memory"]["memory_id"]) == [second["memory"]["memory_id"]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("I prefer texts over calls", "I prefer calls over texts"),
        ("Always call me in the morning", "Always call me in the evening"),
        ("My favourite salesperson is Dave", "My favourite salesperson is Maria Lopez"),
        ("I want my alerts by email", "I don't want my alerts by email"),
        ("Remember that the shop closes at 5", "Remember that the shop closes at 6"),
    ],
)
def test_another_word_on_the_same_subject_replaces(ceo: Person, first: str, second: str) -> None:
    ceo.say(first)
    assert ceo.say(second)["superseded"]["text"] == first
    assert ceo.listed() == [second]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("I prefer texts over calls", "I prefer used cars over new ones"),
        ("Remember that Ann Lee drives a Tahoe", "Remember that Ben Cole drives a Tahoe"),
        ("The loaner fleet has six cars", "The parts desk is closed on Sundays"),
        (WEEKLY, "I prefer to see the oldest vehicles first"),
        ("I like my coffee black", "I like my reports short"),
    ],
)
def test_another_subject_stands_beside(ceo: Person, first: str, second: str) -> None:
    ceo.say(first)
    assert ceo.say(second)["superseded"] is None
    assert ceo.listed() == [second, first]


def test_a_named_subject_decides_whatever_the_words(ceo: Person) -> None:
    ceo.say("black", subject="coffee")
    assert ceo.say("with milk and two sugars", subject="coffee")["superseded"]["text"] == "black"
    ceo.say("monthly", subject="finance.bucket")
    assert ceo.preferences() == {"finance.bucket": "month"}


def test_the_same_again_is_known_and_changes_nothing(ceo: Person) -> None:
    first = ceo.say(WEEKLY)
    again = ceo.call("POST", "/api/memory", json={"text": " i want margin reports, grouped by WEEK "})
    assert again.status == 200 and not again.json()["is_new"]
    assert again.json()["memory"]["memory_id"] == first["memory"]["memory_id"]
    assert ceo.listed() == [WEEKLY] and ceo.listed("superseded") == []


def test_a_request_that_comes_twice_stores_once(ceo: Person, vault: Vault) -> None:
    headers = {"Idempotency-Key": "memory-once"}
    before = len(vault.harness.events("memory-changed"))
    first = ceo.call("POST", "/api/memory", json={"text": "Call me Sam"}, headers=headers)
    second = ceo.call("POST", "/api/memory", json={"text": "Call me Sam"}, headers=headers)
    assert (first.status, second.status) == (201, 201) and first.json() == second.json()
    assert ceo.listed() == ["Call me Sam"]
    assert len(vault.harness.events("memory-changed")) == before + 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": 7}, "text"),
        ({"text": "ok", "subject": "No/Path"}, "subject"),
    ],
)
def test_what_cannot_be_kept_is_refused_naming_the_field(
    ceo: Person, body: dict[str, Any], field: str
) -> None:
    response = ceo.call("POST", "/api/memory", json=body)
    assert response.status == 422
    assert response.json()["errors"][0]["field"] == field
    assert ceo.listed() == []


@pytest.mark.parametrize("query", ["", "?q=", "?q=x&k=0", "?q=x&k=51", "?q=x&k=many", "?k=3"])
def test_a_question_that_is_none_is_refused(ceo: Person, query: str) -> None:
    assert ceo.call("GET", f"/api/memory/context{query}").status == 422


def test_a_plain_statement_sets_no_preference(ceo: Person) -> None:
    stored = ceo.say("The weekly margin report showed a loss in lane B")
    assert stored["memory"]["preference"] is None
    assert ceo.preferences() == {}


def test_pages_list_everything_once(ceo: Person) -> None:
    texts = [f"Stock {20_000 + n} is promised to customer number {n}" for n in range(7)]
    for number, text in enumerate(texts):
        ceo.say(text, subject=f"promise_{number}")
    seen, after = list[str](), ""
    while True:
        page = ceo.call("GET", f"/api/memory?limit=3{after}").json()
        seen += [one["text"] for one in page["memories"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == texts[::-1]


def test_nobody_signed_in_has_no_memories(vault: Vault) -> None:
    call = vault.harness.call
    assert call("POST", "/api/memory", json={"text": "x"}).status == 401
    assert call("GET", "/api/memory/context?q=x").status == 401
    assert call("GET", "/api/memory", api_key=True).status == 401


def test_while_the_model_is_away_words_alone_find_and_the_answer_says_so(ceo: Person, vault: Vault) -> None:
    ceo.say("The spare key hangs behind the coffee machine")
    vault.models.is_away = True
    stored = ceo.say("Deliveries to Joliet leave at six")
    assert ceo.held(stored["memory"]["memory_id"]) == []
    found = ceo.found("when do deliveries to Joliet leave?")
    assert found["by_meaning"] is False
    assert found["memories"][0]["text"] == "Deliveries to Joliet leave at six"


def test_a_model_that_stays_away_is_left_alone_and_asked_again_later(ceo: Person, vault: Vault) -> None:
    ceo.say("The spare key hangs behind the coffee machine")
    vault.models.is_away, vault.models.asked = True, 0
    for _ in range(FAILURES + 3):
        assert ceo.found("where is the spare key")["by_meaning"] is False
    assert vault.models.asked == FAILURES
    vault.models.is_away = False
    circuit_of(vault.harness.platform, "recall by meaning").answered()
    assert ceo.found("where is the spare key")["by_meaning"] is True


def test_while_the_index_is_away_words_alone_find(ceo: Person, vault: Vault) -> None:
    ceo.say("The spare key hangs behind the coffee machine")
    vault.vectors.is_away = True
    found = ceo.found("where is the spare key")
    assert found["by_meaning"] is False and len(found["memories"]) == 1


def test_vectors_of_another_model_are_never_compared(ceo: Person, vault: Vault) -> None:
    ceo.say("I like my espresso without sugar")
    vault.models.space = "another-space"
    found = ceo.found("unsweetened coffee")
    assert found["memories"][0]["similarity"] is None and found["memories"][0]["score"] == 0


def test_contradictions_at_the_same_moment_leave_one_live(ceo: Person) -> None:
    wishes = [f"I want margin reports grouped by {value}" for value in ("day", "week", "month") * 3]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ceo.say, wishes))
    (live,) = ceo.listed()
    assert ceo.preferences() == {"finance.bucket": live.rsplit(" ", 1)[1]}
    held = ceo.call("GET", "/api/memory").json()["memories"][0]["memory_id"]
    history = ceo.call("GET", f"/api/memory/{held}/history").json()["versions"]
    assert len(history) == len(ceo.listed("superseded")) + 1


def test_more_than_can_be_recalled_is_refused_until_one_is_deleted(
    ceo: Person, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembering, "MAX_LIVE", 3)
    kept = [ceo.say(f"number {n}", subject=f"s{n}")["memory"]["memory_id"] for n in range(3)]
    refused = ceo.call("POST", "/api/memory", json={"text": "one more", "subject": "s9"})
    assert refused.status == 422 and "delete one" in refused.json()["detail"]
    assert ceo.say("number 0 again", subject="s0")["superseded"]["memory_id"] == kept[0]
    assert ceo.call("DELETE", f"/api/memory/{kept[1]}").status == 200
    assert ceo.say("one more", subject="s9")["is_new"]
