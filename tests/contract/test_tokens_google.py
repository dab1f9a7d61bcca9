from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.adapters.google.signing_keys import ASK_AGAIN_S, SigningKeys
from shared.adapters.google.tokens import KEPT_BACK, FirebaseTokens
from shared.errors import Misconfigured, Unauthenticated, Unavailable
from shared.ports import Claims
from shared.testing.contracts.tokens import AUDIENCE, PERSON, TokensContract
from shared.testing.emulators import free_port
from shared.testing.signing_stub import GoogleSigner, google_signer

PUSH = "push@demo-a.iam.gserviceaccount.com"


class FirebaseRig:
    def __init__(self, signer: GoogleSigner) -> None:
        self.signer = signer
        self.tokens = verifier(signer)
        self.others = FirebaseTokens(
            project="demo-b", firebase_keys_url=signer.url, google_keys_url=signer.url
        )

    def user(self, claims: Claims, *, at: datetime) -> str:
        return self.signer.user(claims, at=at)

    def service(self, subject: str, *, at: datetime) -> str:
        return self.signer.service(subject, AUDIENCE, at=at)

    def unsigned(self, payload: dict[str, Any]) -> str:
        return jwt.encode(payload, "", algorithm="none", headers={"kid": "key-1"})


def verifier(signer: GoogleSigner) -> FirebaseTokens:
    return FirebaseTokens(project="demo-a", firebase_keys_url=signer.url, google_keys_url=signer.url)


@pytest.fixture
def signer() -> Iterator[GoogleSigner]:
    with google_signer("demo-a") as signer:
        yield signer


class TestFirebaseTokens(TokensContract):
    @pytest.fixture
    def rig(self, signer: GoogleSigner) -> FirebaseRig:
        return FirebaseRig(signer)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "demo-b"},
        {"aud": ["demo-b"]},
        {"iss": "https://securetoken.google.com/demo-b"},
        {"iss": "https://accounts.google.com"},
        {"sub": ""},
        {"sub": None},
        {"exp": None},
        {"iat": None},
        {"aud": None},
        {"iss": None},
        {"iat": int((datetime.now(UTC) + timedelta(hours=1)).timestamp())},
    ],
    ids=str,
)
def test_a_user_token_with_a_wrong_claim_does_not_hold(signer: GoogleSigner, changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        verifier(signer).verify_user(signer.user(PERSON, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://crm-intake.example"},
        {"iss": "https://evil.example"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": None},
    ],
    ids=str,
)
def test_a_service_token_with_a_wrong_claim_does_not_hold(
    signer: GoogleSigner, changes: dict[str, Any]
) -> None:
    with pytest.raises(Unauthenticated):
        verifier(signer).verify_service(signer.service(PUSH, AUDIENCE, **changes), audience=AUDIENCE)


def kept_back(token: str) -> str:
    """As Cloud Run may hand on a token it has verified."""
    return token.rpartition(".")[0] + KEPT_BACK


def test_a_token_cloud_run_verified_and_kept_the_signature_of_holds_where_it_lets_nobody_else_in(
    signer: GoogleSigner,
) -> None:
    token = kept_back(signer.service(PUSH, AUDIENCE))
    assert verifier(signer).verify_service(token, audience=AUDIENCE, checked=True).subject == PUSH
    with pytest.raises(Unauthenticated):
        verifier(signer).verify_service(token, audience=AUDIENCE)
    with pytest.raises(Unauthenticated):
        verifier(signer).verify_user(kept_back(signer.user(PERSON)))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://crm-intake.example"},
        {"iss": "https://evil.example"},
        {"email_verified": False},
        {"email": None},
        {"sub": ""},
        {"exp": int((datetime.now(UTC) - timedelta(minutes=5)).timestamp())},
        {"exp": None},
    ],
    ids=str,
)
def test_without_its_signature_all_else_of_a_token_is_checked(
    signer: GoogleSigner, changes: dict[str, Any]
) -> None:
    token = kept_back(signer.service(PUSH, AUDIENCE, **changes))
    with pytest.raises(Unauthenticated):
        verifier(signer).verify_service(token, audience=AUDIENCE, checked=True)


def test_another_signature_does_not_hold_where_cloud_run_checks_too(signer: GoogleSigner) -> None:
    token = signer.service(PUSH, AUDIENCE).rpartition(".")[0]
    for signature in ("", ".", ".SIGNATURE", ".AAAA"):
        with pytest.raises(Unauthenticated):
            verifier(signer).verify_service(token + signature, audience=AUDIENCE, checked=True)


def test_both_spellings_of_googles_issuer_hold(signer: GoogleSigner) -> None:
    token = signer.service(PUSH, AUDIENCE, iss="accounts.google.com")
    assert verifier(signer).verify_service(token, audience=AUDIENCE).subject == PUSH


def test_a_claim_of_another_type_gives_no_role(signer: GoogleSigner) -> None:
    token = signer.user(PERSON, roles="ceo", tenant_id=["autohaus"])
    assert verifier(signer).verify_user(token) == Claims("user", "u1", "", (), "Sam")


def test_the_public_key_used_as_a_shared_secret_does_not_hold(signer: GoogleSigner) -> None:
    public = signer.keys["key-1"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    payload = jwt.decode(signer.user(PERSON), options={"verify_signature": False})
    signed = ".".join(_part(part) for part in ({"alg": "HS256", "typ": "JWT", "kid": "key-1"}, payload))
    signature = hmac.new(public, signed.encode(), hashlib.sha256).digest()
    with pytest.raises(Unauthenticated):
        verifier(signer).verify_user(f"{signed}.{_base64(signature)}")


def _part(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def test_a_key_nobody_published_does_not_hold(signer: GoogleSigner) -> None:
    with google_signer("demo-a") as thief:
        with pytest.raises(Unauthenticated):
            verifier(signer).verify_user(thief.user(PERSON))  # the same key id, another key
        thief.rotate()
        with pytest.raises(Unauthenticated, match="nobody knows"):
            verifier(signer).verify_user(thief.user(PERSON))


def test_without_an_audience_no_service_is_believed(signer: GoogleSigner) -> None:
    with pytest.raises(Misconfigured, match="COS_SERVICE_AUDIENCE"):
        verifier(signer).verify_service(signer.service(PUSH, ""), audience="")


def test_without_a_project_nobody_is_believed() -> None:
    with pytest.raises(Misconfigured, match="GOOGLE_CLOUD_PROJECT"):
        FirebaseTokens(project="")


class Moments:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_keys_are_kept_as_long_as_their_answer_says(signer: GoogleSigner) -> None:
    moments = Moments()
    keys = SigningKeys(signer.url, monotonic=moments)
    signer.cache_control = "public, max-age=600, must-revalidate"
    for later in (0, 300, 299):
        moments.now += later
        keys.get("key-1")
    assert signer.fetches == 1
    moments.now += 2
    keys.get("key-1")
    assert signer.fetches == 2


def test_a_new_key_is_found_at_once_but_unknown_ones_cost_one_question_a_while(signer: GoogleSigner) -> None:
    moments = Moments()
    keys = SigningKeys(signer.url, monotonic=moments)
    keys.get("key-1")
    moments.now += ASK_AGAIN_S
    keys.get(signer.rotate())
    for _ in range(20):
        with pytest.raises(Unauthenticated):
            keys.get("nobody's")
    assert signer.fetches == 2


def test_keys_known_go_on_serving_while_google_does_not_answer(signer: GoogleSigner) -> None:
    moments = Moments()
    keys = SigningKeys(signer.url, monotonic=moments)
    keys.get("key-1")
    moments.now += 100_000
    signer.failing = True
    keys.get("key-1")
    keys.get("key-1")
    assert signer.fetches == 2


def test_without_any_keys_the_answer_is_unavailable_and_not_unauthenticated() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    tokens = FirebaseTokens(project="demo-a", firebase_keys_url=url, google_keys_url=url)
    with google_signer("demo-a") as signer, pytest.raises(Unavailable):
        tokens.verify_user(signer.user(PERSON))
