"""What is signed can be checked by anybody, and what is digested can be recomputed by nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.ed25519_seals import Ed25519Seals
from shared.errors import Misconfigured
from shared.platform import Platform
from shared.settings import Settings
from shared.testing.harness import settings_for
from shared.wiring import build_platform

SEALS = Ed25519Seals(secrets="a" * 40)


def _holds(public_key: str, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@given(st.binary(max_size=200))
def test_a_signature_holds_for_its_message_alone_and_is_always_the_same(message: bytes) -> None:
    signature = SEALS.sign(message)
    assert len(signature) == 64 and SEALS.sign(message) == signature
    assert _holds(SEALS.public_keys[0], signature, message)
    assert not _holds(SEALS.public_keys[0], signature, message + b"!")


def test_another_secret_is_another_key() -> None:
    assert Ed25519Seals(secrets="b" * 40).public_keys != SEALS.public_keys


def test_a_key_is_replaced_without_a_gap() -> None:
    both = Ed25519Seals(secrets=f"{'b' * 40} {'a' * 40}")
    assert both.public_keys[1] == SEALS.public_keys[0]
    assert both.sign(b"x") == Ed25519Seals(secrets="b" * 40).sign(b"x") != SEALS.sign(b"x")


def test_digests_differ_by_purpose_value_and_secret() -> None:
    found = [
        SEALS.digest("code", "123456"),
        SEALS.digest("address", "123456"),
        SEALS.digest("code", "123457"),
        Ed25519Seals(secrets="b" * 40).digest("code", "123456"),
    ]
    assert len(set(found)) == 4 and SEALS.digest("code", "123456") == found[0]


@pytest.mark.parametrize("secrets", ["", "  ", "short", "a" * 31, f"{'a' * 40} short"])
def test_a_secret_too_short_for_a_key_stops_the_start(secrets: str) -> None:
    with pytest.raises(Misconfigured, match=r"\[receipt_signing_key\]"):
        Ed25519Seals(secrets=secrets)


def test_a_laptop_makes_its_own_key_once_and_keeps_it(tmp_path: Path) -> None:
    def keys() -> tuple[str, ...]:
        platform = build_platform(settings_for(tmp_path))
        try:
            return platform.tenant("autohaus").seals.public_keys
        finally:
            platform.close()

    assert keys() == keys()


def test_the_google_profile_signs_with_the_mounted_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECEIPT_SIGNING_KEY", "a" * 40)
    platform: Platform = build_platform(Settings.model_validate({"profile": "google", "project": "demo"}))
    assert platform.seals.public_keys == SEALS.public_keys
    platform.close()
