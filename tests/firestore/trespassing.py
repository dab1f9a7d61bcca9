"""Everybody tries everything on every collection; what differs from the decision is told, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tests.firestore.web_client import Database, WebClient, own_only

Who = Literal["nobody", "own", "tenant"]
TENANT, USER = "autohaus", "ann"


class Decision(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    get: Who
    list: Who
    route: str = Field("", alias="as")


@dataclass(frozen=True)
class Person:
    """`sees`: what decisions let this person in."""

    name: str
    claims: Mapping[str, Any] | None
    sees: frozenset[str] = frozenset()


def _claims(subject: str, **claims: Any) -> dict[str, Any]:
    return {"sub": subject, "user_id": subject, **claims}


PEOPLE = (
    Person("Ann", _claims(USER, tenant_id=TENANT, roles=["sales"]), frozenset({"own", "tenant"})),
    Person("her chief", _claims("ceo", tenant_id=TENANT, roles=["ceo", "operator"]), frozenset({"tenant"})),
    Person("nobody", None),
    Person("Ann of another dealership", _claims(USER, tenant_id="northside", roles=["ceo"])),
    Person("Ann without a dealership", _claims(USER, roles=["ceo"])),
    Person("Ann with a list of dealerships", _claims(USER, tenant_id=[TENANT])),
    Person("Ann with an empty dealership", _claims(USER, tenant_id="")),
)
SEVERAL = {"limit": 10}


def path_in(collection: str) -> str:
    """A document of Ann's in the collection."""
    ids = iter((TENANT, f"{USER}s", "one", "two"))
    return "/".join(next(ids) if part == "*" else part for part in [*collection.split("/"), "*"])


def fill(owner: WebClient, collections: Mapping[str, Any]) -> None:
    """One document each, which says of itself that it is Ann's."""
    for collection in collections:
        owner.put(path_in(collection), {"user_id": USER, "tenant_id": TENANT, "state": "open"})


def wrongly_let_or_refused(database: Database, decisions: Mapping[str, Decision]) -> Iterator[str]:
    fill(WebClient(database, is_owner=True), decisions)
    for person in PEOPLE:
        for collection, decision in decisions.items():
            yield from _tries(WebClient(database, person.claims), person, collection, decision)


def _tries(client: WebClient, person: Person, collection: str, decision: Decision) -> Iterator[str]:
    path = path_in(collection)
    folder = path.rpartition("/")[0]
    asked = {**SEVERAL, **(own_only(USER) if folder.endswith("/sessions") else {})}
    tries = {
        "get": (client.may_get(path), decision.get in person.sees),
        "list": (client.may_list(folder, **asked), decision.list in person.sees),
        "list every": (client.may_list(folder, all_of_its_id=True, **asked), False),
        "writes a new one": (client.may_create(path), False),
        "writes": (client.may_update(path), False),
        "deletes, which writes": (client.may_delete(path), False),
    }
    for name, (is_let, should_be) in tries.items():
        if is_let != should_be:
            yield f"{person.name} {name} [{collection}]: is {'let' if is_let else 'refused'}"
