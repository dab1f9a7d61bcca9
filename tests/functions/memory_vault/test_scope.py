"""Nobody meets another's memories: not by asking, guessing an id, planting a record, or being elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.document_rules import check_path
from shared.errors import Forbidden, InvalidInput
from shared.memory.preferences import preference_path
from shared.memory.recall import rank, recall
from shared.ports import Nearest, Scope, StoredVector, Write
from shared.vector_records import id_of, path_of
from tests.functions.memory_vault.conftest import PERSONAS, Person, Vault

SECRET = "I prefer to sell the Rockford lot before summer"
ASKED = "what should happen with the Rockford lot before summer?"
OTHERS = [("sales", "autohaus"), ("advisor", "autohaus"), ("ceo", "northside"), ("operator", "northside")]


@pytest.mark.parametrize(("persona", "tenant"), OTHERS)
def test_nobody_else_finds_lists_reads_or_deletes_it(
    ceo: Person, vault: Vault, persona: str, tenant: str
) -> None:
    memory_id = ceo.say(SECRET)["memory"]["memory_id"]
    other = vault.person(persona, tenant)
    other.say("I prefer the Aurora lot")
    assert other.ask(ASKED, k=50) == ["I prefer the Aurora lot"]
    assert SECRET not in other.listed() + other.listed("superseded")
    assert other.call("GET", f"/api/memory/{memory_id}/history").status == 404
    assert other.call("DELETE", f"/api/memory/{memory_id}").status == 404
    assert other.call("GET", f"/api/memory?after={memory_id}").status == 404
    assert ceo.listed() == [SECRET]


def test_a_tenant_or_a_person_in_the_request_changes_nothing(ceo: Person, vault: Vault) -> None:
    ceo.say(SECRET)
    sales = vault.person("sales")
    more = "&tenant_id=autohaus&person_id=ceo&user_id=ceo&scope=ceo"
    assert sales.call("GET", f"/api/memory/context?q=Rockford{more}").json()["memories"] == []
    assert sales.call("GET", f"/api/memory?person_id=ceo{more}").json()["memories"] == []
    assert sales.call("POST", "/api/memory", json={"text": "x", "user_id": "ceo"}).status == 403
    planted = {"text": "Call me Boss", "person_id": "ceo", "tenant_id": "northside"}
    assert sales.call("POST", "/api/memory", json=planted).status == 201
    assert sales.listed() == ["Call me Boss"] and ceo.listed() == [SECRET]
    assert ceo.call("POST", "/api/memory", json={"text": "Call me Kay", "user_id": "ceo"}).status == 201


def test_a_receipt_of_somebody_elses_deletion_is_not_shown(ceo: Person, vault: Vault) -> None:
    memory_id = ceo.say(SECRET)["memory"]["memory_id"]
    ceo.call("DELETE", f"/api/memory/{memory_id}")
    assert vault.person("sales").call("DELETE", f"/api/memory/{memory_id}").status == 404


def test_one_persons_contradiction_replaces_nothing_of_anothers(ceo: Person, vault: Vault) -> None:
    ceo.say("I want margin reports grouped by week")
    sales = vault.person("sales")
    assert sales.say("I want margin reports grouped by month")["superseded"] is None
    assert (ceo.preferences(), sales.preferences()) == (
        {"finance.bucket": "week"},
        {"finance.bucket": "month"},
    )


def test_a_vector_planted_under_ones_own_scope_does_not_bring_anothers_memory(
    ceo: Person, vault: Vault
) -> None:
    """Whoever could write into the index still gets nothing that is not theirs in the documents."""
    memory_id = ceo.say(SECRET)["memory"]["memory_id"]
    sales = vault.person("sales")
    sales.say("Call me Alex")
    embedding = vault.models.embed([ASKED])
    item = StoredVector(id=memory_id, model=embedding.model, values=embedding.vectors[0])
    vault.vectors.upsert(sales.scope, [item])
    assert sales.ask(ASKED, k=50) == ["Call me Alex"]


def test_an_index_that_answers_with_anothers_ids_brings_nothing(vault: Vault, ceo: Person) -> None:
    memory_id = ceo.say(SECRET)["memory"]["memory_id"]
    sales = vault.person("sales")
    sales.say("Call me Alex")
    tenant = vault.harness.tenant()
    now = vault.harness.platform.clock.now()
    mine = recall(tenant, sales.scope, ASKED, k=50, now=now).found
    ranked = rank([one.memory for one in mine], ASKED, {memory_id: 1.0}, now=now)
    assert [one.memory.text for one in ranked] == ["Call me Alex"]


def test_a_document_of_another_person_in_a_history_is_not_shown(ceo: Person, vault: Vault) -> None:
    secret = ceo.say(SECRET)["memory"]["memory_id"]
    sales = vault.person("sales")
    own = sales.say("Call me Alex")["memory"]["memory_id"]
    documents = vault.harness.tenant().documents
    found = documents.get(f"memories/{own}")
    assert found
    documents.commit([Write(found.path, {**found.data, "supersedes": secret})])
    versions = sales.call("GET", f"/api/memory/{own}/history").json()["versions"]
    assert [one["memory_id"] for one in versions] == [own]
    assert sales.call("DELETE", f"/api/memory/{own}").json()["memory_ids"] == [own]
    assert ceo.listed() == [SECRET]


def test_a_tenants_ports_refuse_the_scope_of_another(vault: Vault) -> None:
    foreign = Scope(tenant_id="northside", person_id="ceo")
    vectors = vault.harness.tenant("autohaus").vectors
    values = vault.models.embed(["x"]).vectors[0]
    for attempt in (
        lambda: vectors.search(foreign, model="m", values=values),
        lambda: vectors.upsert(foreign, [StoredVector(id="a", model="m", values=values)]),
        lambda: vectors.delete(foreign, ["a"]),
        lambda: vectors.held(foreign, ["a"]),
    ):
        with pytest.raises(Forbidden, match="northside"):
            attempt()


@given(st.text(max_size=30))
def test_a_dealerships_id_is_plain_or_none_at_all(text: str) -> None:
    if text.isascii() and all(c.isalnum() or c in "_.:-" for c in text) and text[:1].isalnum():
        assert Scope(tenant_id=text, person_id="ceo")
    else:
        with pytest.raises(InvalidInput, match="no id"):
            Scope(tenant_id=text, person_id="ceo")


@given(st.text(max_size=30), st.text("ab|/% .", min_size=1, max_size=5))
def test_a_persons_id_is_any_staff_number_and_never_leads_out_of_its_place(text: str, other: str) -> None:
    try:
        scope = Scope(tenant_id="t", person_id=text)
    except InvalidInput:
        assert not any(one.isalnum() for one in text) or text.startswith("__") or not text.isprintable()
        return
    for path in (preference_path(scope), path_of(scope, "m1")):
        check_path(path)
        assert path.count("/") == (1 if path.startswith("preferences") else 3)
    assert id_of(scope, path_of(scope, "m1").rpartition("/")[2]) == "m1"
    if any(one.isalnum() for one in other) and other != text:
        elsewhere = Scope(tenant_id="t", person_id=other)
        assert path_of(elsewhere, "m1") != path_of(scope, "m1")


@pytest.mark.parametrize("person", ["", "\x00", "..", "  ", "__all__", "a\nb", "x" * 129])
def test_what_is_nobodys_id_is_refused(person: str) -> None:
    with pytest.raises(InvalidInput, match="no id"):
        Scope(tenant_id="t", person_id=person)


WORDS = st.lists(st.sampled_from(["margin", "coffee", "tahoe", "week", "lane", "call", "bay"]), min_size=1)
SAID = st.tuples(st.sampled_from(PERSONAS), st.sampled_from(["autohaus", "northside"]), WORDS)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=st.lists(SAID, min_size=1, max_size=8), question=WORDS)
def test_whoever_asks_whatever_gets_only_what_they_said_themselves(
    vault: Vault, said: list[tuple[str, str, list[str]]], question: Sequence[str]
) -> None:
    for persona, tenant, words in said:
        text = f"{persona} of {tenant} says {' '.join(words)}"
        vault.person(persona, tenant).say(text, subject=f"s{len(words)}")
    for persona, tenant, _ in said:
        answers = vault.person(persona, tenant).ask(" ".join(question), k=50)
        assert answers and all(one.startswith(f"{persona} of {tenant} says") for one in answers)


def test_what_is_found_is_a_plain_value(vault: Vault, ceo: Person) -> None:
    ceo.say(SECRET)
    embedding = vault.models.embed([ASKED])
    found = vault.vectors.search(ceo.scope, model=embedding.model, values=embedding.vectors[0], limit=5)
    assert len(found) == 1 and isinstance(found[0], Nearest)
