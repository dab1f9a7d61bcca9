"""A running product where nothing is delivered, and a person who keeps memories in it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.adapters.embedded.models import EmbeddedModels
from shared.adapters.embedded.vectors import ExactVectors
from shared.brain.circuit import circuit_of
from shared.errors import Unavailable
from shared.local.wsgi_call import Response
from shared.ports import Embedding, Nearest, Scope, StoredVector, Write
from shared.testing.harness import Harness, model_folder, running

NUMBERS = itertools.count()
PERSONAS = ("ceo", "advisor", "sales", "mechanic", "driver", "operator")


class MovableModels(EmbeddedModels):
    """MiniLM that can be away, be slow to answer, or speak of another space."""

    is_away = False
    asked = 0
    space = ""
    before_answering: Callable[[], None] | None = None

    def embed(self, texts: Sequence[str]) -> Embedding:
        self.asked += 1
        if self.is_away:
            raise Unavailable("the model is away")
        answered = super().embed(texts)
        if texts and self.before_answering:
            happening, self.before_answering = self.before_answering, None
            happening()
        return Embedding(self.space or answered.model, answered.vectors)


class BreakableVectors(ExactVectors):
    """Fails when told to, before or after it did what was asked."""

    is_away = False
    keeps_all = False

    def search(
        self, scope: Scope, *, model: str, values: Sequence[float], limit: int = 1000
    ) -> list[Nearest]:
        self._check()
        return super().search(scope, model=model, values=values, limit=limit)

    def upsert(self, scope: Scope, items: Sequence[StoredVector]) -> None:
        self._check()
        super().upsert(scope, items)

    def delete(self, scope: Scope, ids: Sequence[str]) -> None:
        self._check()
        if not self.keeps_all:
            super().delete(scope, ids)

    def _check(self) -> None:
        if self.is_away:
            raise Unavailable("the vectors are away")


@dataclass
class Person:
    """Somebody signed in, alone with their memories."""

    harness: Harness
    persona: str = "ceo"
    tenant: str = "autohaus"

    def call(self, method: str, target: str, **more: Any) -> Response:
        return self.harness.call(method, target, persona=self.persona, tenant=self.tenant, **more)

    def say(self, text: str, **more: Any) -> dict[str, Any]:
        """Keeps it; answers what was stored."""
        response = self.call("POST", "/api/memory", json={"text": text, **more})
        assert response.status in (200, 201), response.text
        stored: dict[str, Any] = response.json()
        return stored

    def ask(self, question: str, k: int = 5) -> list[str]:
        """The texts that bear on it."""
        return [one["text"] for one in self.found(question, k)["memories"]]

    def found(self, question: str, k: int = 5) -> dict[str, Any]:
        from urllib.parse import quote

        response = self.call("GET", f"/api/memory/context?q={quote(question)}&k={k}")
        assert response.status == 200, response.text
        context: dict[str, Any] = response.json()
        return context

    def listed(self, state: str = "live") -> list[str]:
        return [
            one["text"] for one in self.call("GET", f"/api/memory?state={state}&limit=100").json()["memories"]
        ]

    @property
    def scope(self) -> Scope:
        return Scope(tenant_id=self.tenant, person_id=self.persona)

    def held(self, *ids: str) -> list[str]:
        return [one.id for one in self.harness.platform.vectors.held(self.scope, ids)]

    def preferences(self) -> dict[str, str]:
        answered = self.call("GET", "/api/memory/preferences").json()["preferences"]
        return {one["key"]: one["value"] for one in answered}


@dataclass
class Vault:
    harness: Harness
    models: MovableModels
    vectors: BreakableVectors

    def person(self, persona: str = "ceo", tenant: str = "autohaus") -> Person:
        return Person(self.harness, persona, tenant)


@pytest.fixture(scope="module")
def module_vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    folder: Path = tmp_path_factory.mktemp("vault")
    documents = SqliteDocuments(folder / "documents.db")
    models, vectors = MovableModels(model_folder()), BreakableVectors(documents)
    replaced = {
        "documents": lambda _: documents,
        "models": lambda _: models,
        "vectors": lambda _: vectors,
    }
    with running(folder, replaced=replaced, delivering=False) as harness:
        yield Vault(harness, models, vectors)


@pytest.fixture
def vault(module_vault: Vault) -> Iterator[Vault]:
    """Nobody remembers anything, nothing is broken."""
    for tenant in ("autohaus", "northside"):
        _empty(module_vault.harness, tenant)
    yield module_vault
    module_vault.models.is_away = module_vault.vectors.is_away = module_vault.vectors.keeps_all = False
    circuit_of(module_vault.harness.platform, "recall by meaning").answered()
    module_vault.models.space, module_vault.models.before_answering = "", None


def _empty(harness: Harness, tenant: str) -> None:
    from shared.ports import Query

    documents = harness.tenant(tenant).documents
    for collection in ("memories", "vectors", "preferences", "memory_receipts"):
        found = documents.query(Query(collection))
        documents.commit([Write(one.path, None) for one in found])


@pytest.fixture
def ceo(vault: Vault) -> Person:
    return vault.person("ceo")
