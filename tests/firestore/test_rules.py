"""What a browser may do at Firestore, tried on the official emulator with the rules that are deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from pydantic import TypeAdapter

from shared.deploy.firestore_shapes import recorded
from shared.manifest import ROOT, all_manifests
from shared.yaml_file import read_yaml
from tests.firestore.trespassing import (
    PEOPLE,
    TENANT,
    USER,
    Decision,
    fill,
    path_in,
    wrongly_let_or_refused,
)
from tests.firestore.web_client import RULES, Database, RulesRefusedError, WebClient, own_only

TEXT = (ROOT / RULES).read_text(encoding="utf-8")
DECISIONS = TypeAdapter(dict[str, Decision]).validate_python(
    read_yaml(Path(__file__).with_name("access.yaml"))
)
ANN = PEOPLE[0].claims


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    # The emulator compiles the rules anew for the first question after they change.
    with httpx.Client(timeout=60) as client:
        yield client


@pytest.fixture
def database(http: httpx.Client, firestore_host: str, project: str) -> Database:
    return Database(http, firestore_host, project)


def undecided(collections: Mapping[str, object], decisions: Mapping[str, Decision]) -> list[str]:
    """Collections without a decision, and decisions about collections nobody writes."""
    return [
        *(
            f"[{one}] is written and nobody decided who may read it"
            for one in sorted({*collections} - {*decisions})
        ),
        *(f"[{one}] is decided about and nobody writes it" for one in sorted({*decisions} - {*collections})),
    ]


def test_every_collection_the_code_writes_is_decided_about() -> None:
    assert undecided(recorded().collections, DECISIONS) == []


def test_a_new_collection_without_a_decision_is_noticed_by_name() -> None:
    (problem,) = undecided({**recorded().collections, "tenants/*/leaflets": "never"}, DECISIONS)
    assert problem.startswith("[tenants/*/leaflets] is written")
    (problem,) = undecided({}, {"tenants/*/leaflets": DECISIONS["outbox"]})
    assert problem.startswith("[tenants/*/leaflets] is decided about")


def test_everybody_is_let_and_refused_as_decided(database: Database) -> None:
    database.load_rules(TEXT)
    assert list(wrongly_let_or_refused(database, DECISIONS)) == []


@pytest.mark.parametrize("route", sorted({one.route for one in DECISIONS.values() if one.route}))
def test_what_a_browser_reads_the_api_gives_to_the_same_people(route: str) -> None:
    method, _, path = route.partition(" ")
    (found,) = [
        one
        for manifest in all_manifests()
        for one in manifest.routes
        if (one.method, one.path) == (method, path)
    ]
    assert (found.auth, found.roles) == (("user",), ())


@pytest.fixture
def ann(database: Database) -> WebClient:
    database.load_rules(TEXT)
    owner = WebClient(database, is_owner=True)
    fill(owner, DECISIONS)
    owner.put(f"tenants/{TENANT}/sessions/others", {"user_id": "ceo"})
    return WebClient(database, ANN)


def test_a_screen_reads_the_frames_after_the_last_it_has(ann: WebClient) -> None:
    after = {
        "where": {
            "fieldFilter": {"field": {"fieldPath": "seq"}, "op": "GREATER_THAN", "value": {"integerValue": 3}}
        },
        "orderBy": [{"field": {"fieldPath": "seq"}}],
    }
    frames = path_in("tenants/*/sessions/*/frames").rpartition("/")[0]
    assert ann.may_list(frames, **after)
    assert not ann.may_list(f"tenants/{TENANT}/sessions/others/frames", **after)


def test_sessions_are_listed_only_as_the_own_ones_and_by_the_page(ann: WebClient) -> None:
    sessions = f"tenants/{TENANT}/sessions"
    assert ann.may_list(sessions, limit=100, **own_only(USER))
    assert not ann.may_list(sessions, limit=101, **own_only(USER))
    assert not ann.may_list(sessions, **own_only(USER))
    assert not ann.may_list(sessions, limit=10, **own_only("ceo"))
    assert not ann.may_list(sessions, limit=10)


def test_a_session_that_is_not_there_is_as_closed_as_anothers(ann: WebClient) -> None:
    sessions = f"tenants/{TENANT}/sessions"
    assert not ann.may_get(f"{sessions}/none") and not ann.may_get(f"{sessions}/others")
    assert not ann.may_get(f"{sessions}/none/frames/1")


def test_of_a_closed_dealership_only_that_it_is_closed_can_be_read(ann: WebClient) -> None:
    owner = WebClient(ann.database, is_owner=True)
    own = [path_in(collection) for collection, one in DECISIONS.items() if one.get == "own"]
    for state, is_let in (("closed", False), ("deleting", False), ("open", True)):
        owner.put(f"tenants/{TENANT}", {"state": state})
        assert [ann.may_get(path) for path in own] == [is_let] * len(own)
        assert ann.may_get(f"tenants/{TENANT}")


# seeded mistakes

SEEDED = {
    "any dealership": (
        "request.auth.token.get('tenant_id', null) == tenant",
        "'tenant_id' in request.auth.token",
    ),
    "nobody needs to sign in": (
        "request.auth != null && request.auth.token.get('tenant_id', null) == tenant",
        "true",
    ),
    "anybody's conversation": ("session.data.user_id == request.auth.uid", "true"),
    "anybody's frames": ("allow read: if isInOwn();", "allow read: if isOf(tenant);"),
    "a browser writes": ("allow get: if isOwn(resource);", "allow get, write: if isOf(tenant);"),
    "everything below": (
        "allow get: if isOf(tenant);",
        "allow get: if isOf(tenant); match /{document=**} { allow read: if isOf(tenant); }",
    ),
    "all dealerships": ("allow get: if isOf(tenant);", "allow read: if request.auth != null;"),
    "nothing at all": ("allow get: if isOf(tenant);", "allow get: if false;"),
    "everything": (
        "match /tenants/{tenant} {",
        "match /{document=**} { allow read, write: if request.auth != null; } match /tenants/{tenant} {",
    ),
}


@pytest.mark.parametrize("name", SEEDED)
def test_rules_that_let_in_or_refuse_too_much_are_noticed(database: Database, name: str) -> None:
    right, wrong = SEEDED[name]
    assert right in TEXT
    database.load_rules(TEXT.replace(right, wrong))
    assert any(wrongly_let_or_refused(database, DECISIONS))


@pytest.mark.parametrize("wrong", ["allow get: if request.auth != null &&;", "alow get: if isOf(tenant);"])
def test_rules_that_do_not_compile_are_refused_with_their_line(database: Database, wrong: str) -> None:
    line = TEXT[: TEXT.index("allow get: if isOf(tenant);")].count("\n") + 1
    with pytest.raises(RulesRefusedError, match=rf"compiling rules:.*\\nL{line}:"):
        database.load_rules(TEXT.replace("allow get: if isOf(tenant);", wrong))
