"""A person says how they want things, and what comes next follows it, for nobody else. On every profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest

from tests.journeys.chat_journeys import entry
from tests.journeys.product import Product, answer_to, ask, eventually

WEEKLY = "I want margin reports grouped by week"
QUESTION = "Show me the financials for this month"


def say(
    product: Product, text: str, *, persona: str = "operator", session: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The frame that answers, in the session of another message or in a new one."""
    more = {"session_id": session["session_id"]} if session else {}
    return answer_to(product, ask(product, text, persona=persona, **more), persona=persona)


def recalled(
    product: Product, question: str, *, persona: str = "operator", **more: Any
) -> list[dict[str, Any]]:
    response = product.call("GET", f"/api/memory/context?q={quote(question)}&k=50", persona=persona, **more)
    assert response.status == 200, response.text
    memories: list[dict[str, Any]] = response.json()["memories"]
    return memories


def answered(product: Product, method: str, path: str, **more: Any) -> dict[str, Any]:
    """The answer, once there is one: a busy store may be away for a moment, and says so."""

    def look() -> dict[str, Any] | None:
        response = product.call(method, path, **more)
        assert response.status in (200, 503, 504), response.text
        return response.json() if response.status == 200 else None

    return eventually(look, f"an answer to {method} {path}")


def keep(product: Product, text: str, *, persona: str = "operator", **more: Any) -> dict[str, Any]:
    response = product.call("POST", "/api/memory", json={"text": text}, persona=persona, **more)
    assert response.status in (200, 201), response.text
    memory: dict[str, Any] = response.json()["memory"]
    return memory


class MemoryJourneys:
    @pytest.fixture(autouse=True)
    def _nothing_is_remembered(self, product: Product) -> Iterator[None]:
        yield
        for persona, tenant in (("operator", "autohaus"), ("sales", "autohaus"), ("operator", "northside")):
            as_person = {"persona": persona, "tenant": tenant}
            for memory in answered(product, "GET", "/api/memory?limit=100", **as_person)["memories"]:
                receipt = answered(product, "DELETE", f"/api/memory/{memory['memory_id']}", **as_person)
                assert (receipt["documents_left"], receipt["vectors_left"]) == (0, 0)

    def test_a_preference_said_in_chat_changes_the_next_money_chart(self, product: Product) -> None:
        posted = product.call("POST", "/api/records/ledger_entries", json=[entry("9.00")], api_key=True)
        assert posted.status == 200, posted.text
        before = say(product, QUESTION)
        assert before["filters"]["bucket"] == "day"
        kept = say(product, WEEKLY, session=before)
        assert kept["type"] == "REMEMBERED" and kept["preference"]["value"] == "week"
        after = say(product, QUESTION, session=before)
        assert after["plate_id"] == "FINANCE_CHART" and after["filters"]["bucket"] == "week"
        assert "Grouped by week, as you prefer." in after["note"]
        undone = say(product, "stop grouping by week", session=before)
        assert undone["type"] == "REMEMBERED"
        assert say(product, QUESTION, session=before)["filters"]["bucket"] == "day"

    def test_another_persons_charts_stay_as_they_were(self, product: Product) -> None:
        say(product, WEEKLY)
        assert say(product, QUESTION, persona="ceo")["filters"]["bucket"] == "day"

    def test_what_was_said_in_chat_is_recalled_in_other_words(self, product: Product) -> None:
        keep(product, "The parts desk closes at noon on Saturdays")
        say(product, "Remember that Mrs. Alvarez can only be reached on Fridays")

        def best() -> dict[str, Any] | None:
            found = recalled(product, "which day can I phone Mrs. Alvarez?")
            return found[0] if found and found[0]["similarity"] is not None else None

        memory = eventually(best, "the memory with its vector")
        assert "Alvarez" in memory["text"] and memory["age_seconds"] < 600

    def test_a_paraphrase_is_the_top_match_at_once(self, product: Product) -> None:
        keep(product, "Invoices over five thousand dollars need my approval")
        keep(product, "I like my espresso without sugar")
        best, other = recalled(product, "unsweetened coffee")
        assert best["text"] == "I like my espresso without sugar"
        assert best["similarity"] > other["similarity"]

    def test_nobody_else_recalls_it_whatever_they_ask(self, product: Product) -> None:
        secret = keep(product, "I will sell the Rockford lot before summer")
        for persona, tenant in (("sales", "autohaus"), ("operator", "northside")):
            assert recalled(product, secret["text"], persona=persona, tenant=tenant) == []
            path = f"/api/memory/{secret['memory_id']}"
            assert product.call("DELETE", path, persona=persona, tenant=tenant).status == 404
            assert product.call("GET", f"{path}/history", persona=persona, tenant=tenant).status == 404
        assert recalled(product, secret["text"])[0]["memory_id"] == secret["memory_id"]

    def test_a_change_of_mind_keeps_the_old_in_history_and_a_deletion_takes_both(
        self, product: Product
    ) -> None:
        first = keep(product, WEEKLY)
        second = keep(product, "I prefer monthly margin reports")
        assert second["supersedes"] == first["memory_id"]
        assert [one["text"] for one in recalled(product, "margin reports")] == [second["text"]]
        receipt = product.call("DELETE", f"/api/memory/{second['memory_id']}", persona="operator")
        assert receipt.status == 200 and receipt.json()["memory_ids"] == [
            second["memory_id"],
            first["memory_id"],
        ]
        assert recalled(product, "margin reports") == []
        again = product.call("DELETE", f"/api/memory/{second['memory_id']}", persona="operator")
        assert again.json() == receipt.json()

    def test_forget_that_undoes_the_last_preference(self, product: Product) -> None:
        kept = say(product, WEEKLY)
        gone = say(product, "forget that", session=kept)
        assert (gone["type"], gone["memory_id"]) == ("FORGOTTEN", kept["memory_id"])
        assert say(product, QUESTION, session=kept)["filters"]["bucket"] == "day"

        def receipt() -> dict[str, Any] | None:
            answered = product.call("DELETE", f"/api/memory/{kept['memory_id']}", persona="operator")
            return answered.json() if answered.status == 200 else None

        assert eventually(receipt, "the receipt of what was forgotten")["vectors_left"] == 0

    def test_a_plain_question_is_never_kept(self, product: Product) -> None:
        say(product, "Show me revenue by week")
        assert product.call("GET", "/api/memory", persona="operator").json()["memories"] == []
