"""Sign-in rights, as claims that the product's own verifier reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.google.tokens import FirebaseTokens
from shared.admin.users import ROLES
from shared.local.product import PERSONAS
from shared.manifest import all_manifests
from shared.ports import Claims
from shared.testing.harness import settings_for
from shared.testing.identity_stub import IdentityStub, identity_stub
from shared.testing.local_cloud import BUCKET, local_cloud
from shared.testing.signing_stub import google_signer
from tests.unit.admin.owner import Owner


@pytest.fixture
def identity() -> Iterator[IdentityStub]:
    with identity_stub() as stub:
        yield stub


@pytest.fixture
def owner(
    tmp_path: Path, firestore_host: str, identity: IdentityStub, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Owner]:
    with local_cloud(tmp_path, firestore_host=firestore_host, pubsub_host="127.0.0.1:9") as cloud:
        for name, value in cloud.variables().items():
            monkeypatch.setenv(name, value)
        where = ("--project", cloud.project, "--bucket", BUCKET, "--identity-url", identity.url)
        owner = Owner(cloud.settings(), tmp_path, (*where, "--as", "test"), identity.url)
        owner.done("tenant", "create", "harbor", "--name", "Harbor", "--time-zone", "America/Chicago")
        owner.done("tenant", "create", "other", "--name", "Other", "--time-zone", "America/Chicago")
        yield owner


def test_somebody_new_gets_an_account_a_mail_and_the_claims_the_product_reads(
    owner: Owner, identity: IdentityStub
) -> None:
    said = owner.done("user", "grant", "Ann@Example.com", "--tenant", "harbor", "--roles", "ceo,operator")
    assert "a mail to set a password" in said and identity.mails == ["ann@example.com"]
    claims = identity.claims("ann@example.com")
    with google_signer("demo") as signer:
        tokens = FirebaseTokens(project="demo", firebase_keys_url=signer.url, google_keys_url=signer.url)
        token = signer.user(Claims("user", "uid-1"), **claims)
        assert tokens.verify_user(token) == Claims("user", "uid-1", "harbor", ("ceo", "operator"))


def test_new_roles_replace_the_old_ones_and_no_second_mail_is_sent(
    owner: Owner, identity: IdentityStub
) -> None:
    owner.done("user", "grant", "ann@example.com", "--tenant", "harbor", "--roles", "ceo")
    owner.done("user", "grant", "ann@example.com", "--tenant", "harbor", "--roles", "sales")
    assert identity.claims("ann@example.com") == {"tenant_id": "harbor", "roles": ["sales"]}
    assert len(identity.users) == len(identity.mails) == 1
    assert "sales" in owner.done("user", "list", "harbor") and "ann" not in owner.done(
        "user", "list", "other"
    )


def test_nobody_is_taken_over_from_another_dealership(owner: Owner, identity: IdentityStub) -> None:
    owner.done("user", "grant", "ann@example.com", "--tenant", "harbor", "--roles", "ceo")
    said = owner("user", "grant", "ann@example.com", "--tenant", "other", "--roles", "ceo")
    assert said.code == 2 and "belongs to tenant [harbor]" in said.err
    assert identity.claims("ann@example.com")["tenant_id"] == "harbor"


def test_who_is_revoked_has_no_claims_and_no_session(owner: Owner, identity: IdentityStub) -> None:
    owner.done("user", "grant", "ann@example.com", "--tenant", "harbor", "--roles", "ceo")
    assert owner("user", "revoke", "ann@example.com", typed="no").code == 2
    said = owner("user", "revoke", "ann@example.com", typed="ann@example.com\n")
    assert said.code == 0 and "was ceo of [harbor]" in said.out
    (user,) = identity.users.values()
    assert user["customAttributes"] == "{}" and int(user["validSince"]) > 1_700_000_000
    owner.done("user", "revoke", "ann@example.com", "--yes", "--delete")
    assert identity.users == {}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("grant", "no address", "--tenant", "harbor", "--roles", "ceo"), "EMAIL"),
        (("grant", "a@example.com", "--tenant", "harbor", "--roles", "king"), "--roles is [king]"),
        (("grant", "a@example.com", "--tenant", "harbor", "--roles", ","), "--roles is [,]"),
        (("grant", "a@example.com", "--tenant", "nobody", "--roles", "ceo"), "no tenant [nobody]"),
        (("revoke", "nobody@example.com", "--yes"), "nobody signs in as"),
    ],
)
def test_what_is_wrong_is_named(
    owner: Owner, identity: IdentityStub, words: tuple[str, ...], message: str
) -> None:
    said = owner("user", *words)
    assert said.code in (1, 2) and message in said.err
    assert identity.users == {}


def test_every_role_that_a_route_asks_for_can_be_given() -> None:
    asked = {role for one in all_manifests() for route in one.routes for role in route.roles}
    assert asked <= set(ROLES) == set(PERSONAS)


def test_on_a_laptop_rights_are_noted_and_one_signs_in_as_a_persona(tmp_path: Path) -> None:
    data = tmp_path / "data"
    local = Owner(settings_for(data), tmp_path, ("--data-dir", str(data), "--as", "test"))
    local.done("tenant", "create", "harbor", "--name", "Harbor", "--time-zone", "America/Chicago")
    said = local("user", "grant", "ann@example.com", "--tenant", "harbor", "--roles", "ceo")
    assert said.code == 0 and "by persona" in said.err
    assert "ann@example.com" in local.done("user", "list", "harbor")
