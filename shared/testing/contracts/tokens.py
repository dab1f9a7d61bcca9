"""What every issuer of tokens promises. A rig makes tokens as the adapter's real issuer does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import jwt
import pytest

from shared.errors import Unauthenticated
from shared.ports import Claims, Tokens

AUDIENCE = "https://membrane.example"


class TokensRig(Protocol):
    tokens: Tokens
    others: Tokens
    """Of another issuer, or another project."""

    def user(self, claims: Claims, *, at: datetime) -> str:
        """A token made for the user at that moment."""

    def service(self, subject: str, *, at: datetime) -> str:
        """A token made for a service at that moment, for `AUDIENCE`."""

    def unsigned(self, payload: dict[str, Any]) -> str: ...


PERSON = Claims("user", "u1", "autohaus", ("sales", "advisor"), "Sam")


class TokensContract:
    def test_a_users_token_says_who_they_are(self, rig: TokensRig) -> None:
        assert rig.tokens.verify_user(rig.user(PERSON, at=datetime.now(UTC))) == PERSON

    def test_a_user_of_no_dealership_and_without_roles_is_still_somebody(self, rig: TokensRig) -> None:
        nobody = Claims("user", "u2")
        assert rig.tokens.verify_user(rig.user(nobody, at=datetime.now(UTC))) == nobody

    def test_a_services_token_says_which_it_is(self, rig: TokensRig) -> None:
        token = rig.service("push@demo.iam.gserviceaccount.com", at=datetime.now(UTC))
        found = rig.tokens.verify_service(token, audience=AUDIENCE)
        assert (found.kind, found.subject) == ("service", "push@demo.iam.gserviceaccount.com")

    def test_an_expired_token_does_not_hold(self, rig: TokensRig) -> None:
        long_ago = datetime.now(UTC) - timedelta(days=2)
        with pytest.raises(Unauthenticated):
            rig.tokens.verify_user(rig.user(PERSON, at=long_ago))
        with pytest.raises(Unauthenticated):
            rig.tokens.verify_service(rig.service("push", at=long_ago), audience=AUDIENCE)

    def test_a_user_is_no_service_and_a_service_no_user(self, rig: TokensRig) -> None:
        now = datetime.now(UTC)
        with pytest.raises(Unauthenticated):
            rig.tokens.verify_service(rig.user(PERSON, at=now), audience=AUDIENCE)
        with pytest.raises(Unauthenticated):
            rig.tokens.verify_user(rig.service("push", at=now))

    def test_another_issuers_token_does_not_hold(self, rig: TokensRig) -> None:
        with pytest.raises(Unauthenticated):
            rig.others.verify_user(rig.user(PERSON, at=datetime.now(UTC)))

    @pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "ä.ö.ü", "x" * 10_000])
    def test_what_is_no_token_does_not_hold(self, rig: TokensRig, token: str) -> None:
        with pytest.raises(Unauthenticated):
            rig.tokens.verify_user(token)

    def test_a_changed_token_does_not_hold(self, rig: TokensRig) -> None:
        header, payload, signature = rig.user(PERSON, at=datetime.now(UTC)).split(".")
        forged = rig.user(Claims("user", "u1", "northside", ("ceo",)), at=datetime.now(UTC)).split(".")[1]
        with pytest.raises(Unauthenticated):
            rig.tokens.verify_user(f"{header}.{forged}.{signature}")
        with pytest.raises(Unauthenticated):
            rig.tokens.verify_user(f"{header}.{payload}.")

    def test_an_unsigned_token_does_not_hold(self, rig: TokensRig) -> None:
        signed = rig.user(PERSON, at=datetime.now(UTC))
        payload = jwt.decode(signed, options={"verify_signature": False})
        with pytest.raises(Unauthenticated):
            rig.tokens.verify_user(rig.unsigned(payload))
