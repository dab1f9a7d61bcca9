"""The offline check of receipts, with the standard library alone."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.quotes.verify_receipt import (
    FIRST,
    FORMAT,
    canonical,
    chain,
    content_hash,
    ed25519_holds,
    examine,
    signed_message,
)
from shared.adapters.ed25519_seals import Ed25519Seals

SEALS = Ed25519Seals(secrets="k" * 40)
KEY = SEALS.public_keys[0]
PDF = b"%PDF-1.4 a receipt"

RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]
"""Section 7.1, tests 1 to 3: public key, message, signature."""


def content(**changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "format": FORMAT,
        "dealership": {"id": "autohaus", "name": "AutoHaus"},
        "receipt_id": "r1",
        "sequence": 1,
        "previous": FIRST,
        "signature": {"name": 'José Łuk \u2028 "quoted" \\ 中', "strokes": [[1, 2, 3, 4]]},
        "key": {"algorithm": "Ed25519", "public_key": KEY},
        "pdf_sha256": hashlib.sha256(PDF).hexdigest(),
    }
    return {**whole, **changes}


def receipt(seals: Ed25519Seals = SEALS, **changes: Any) -> bytes:
    said = content(**changes)
    found = content_hash(said)
    return canonical({"content": said, "hash": found, "signature": seals.sign(signed_message(found)).hex()})


def failing(raw: bytes, keys: tuple[str, ...] = (KEY,), pdf: bytes | None = None) -> list[str]:
    return [check.name for check in examine(raw, keys, pdf).checks if not check.holds]


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_signatures_of_the_standard_hold(key: str, message: str, signature: str) -> None:
    of = bytes.fromhex
    assert ed25519_holds(of(key), of(message), of(signature))
    assert not ed25519_holds(of(key), of(message) + b"!", of(signature))


@settings(max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 64 * 8 + 32 * 8 - 1))
def test_it_says_what_cryptography_says_also_of_signatures_and_keys_with_a_bit_changed(
    seed: bytes, message: bytes, bit: int
) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    whole = private.sign(message) + private.public_key().public_bytes_raw()
    assert ed25519_holds(whole[64:], message, whole[:64])
    changed = (int.from_bytes(whole, "big") ^ 1 << bit).to_bytes(96, "big")
    try:
        Ed25519PublicKey.from_public_bytes(changed[64:]).verify(changed[:64], message)
        holds = True
    except InvalidSignature:
        holds = False
    assert ed25519_holds(changed[64:], message, changed[:64]) is holds is False


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_or_signature_of_another_length_holds_nothing(length: int) -> None:
    assert not ed25519_holds(bytes(length), b"", bytes(64))
    assert not ed25519_holds(bytes.fromhex(KEY), b"", bytes(length))


def test_a_signature_with_the_group_order_added_is_another_and_refused() -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    signature = SEALS.sign(b"x")
    s = int.from_bytes(signature[32:], "little") + order
    assert not ed25519_holds(bytes.fromhex(KEY), b"x", signature[:32] + s.to_bytes(32, "little"))


def test_a_receipt_holds_as_issued_also_with_a_line_break_at_its_end() -> None:
    assert failing(receipt()) == failing(receipt() + b"\n") == failing(receipt(), pdf=PDF) == []


def test_every_single_changed_byte_is_found() -> None:
    raw = receipt()
    for place in range(len(raw)):
        for value in {raw[place] ^ 1, raw[place] ^ 0x20, 0x20, 0x30, 0xFF} - {raw[place]}:
            changed = raw[:place] + bytes([value]) + raw[place + 1 :]
            assert failing(changed), f"byte {place}: {changed[place - 10 : place + 10]!r}"


@given(st.data())
def test_a_byte_left_out_or_put_in_is_found(data: st.DataObject) -> None:
    raw = receipt()
    place = data.draw(st.integers(0, len(raw) - 1))
    assert failing(raw[:place] + raw[place + 1 :])
    more = data.draw(st.binary(min_size=1, max_size=3).filter(lambda one: one.strip(b"\r\n") != b""))
    assert failing(raw[:place] + more + raw[place:])


def test_the_same_content_written_otherwise_is_not_as_issued() -> None:
    import json

    assert failing(json.dumps(json.loads(receipt())).encode()) == ["form"]


def test_a_forgers_own_key_is_not_published() -> None:
    forger = Ed25519Seals(secrets="f" * 40)
    forged = receipt(forger, key={"algorithm": "Ed25519", "public_key": forger.public_keys[0]})
    assert failing(forged) == ["key"] and failing(forged, keys=()) == []


def test_a_signature_taken_from_another_receipt_does_not_hold() -> None:
    import json

    one, two = json.loads(receipt()), json.loads(receipt(receipt_id="r2"))
    assert failing(canonical({**two, "signature": one["signature"]})) == ["signature"]


def test_a_pdf_with_another_byte_is_not_the_one() -> None:
    assert failing(receipt(), pdf=PDF + b" ") == ["pdf"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"content":{},"hash":"","signature":""}',
        b'{"content":1,"hash":"","signature":""}',
        receipt().replace(b'"sequence":1', b'"sequence":1.0'),
        receipt().replace(b'"sequence":1', b'"sequence":NaN'),
        receipt().replace(b'"sequence":1', b'"sequence":1,"sequence":1'),
        receipt().replace(b'"sequence":1', b'"sequence":"1"'),
        receipt().replace(b'"sequence":1', b'"sequence":' + b"9" * 5000),
        receipt().replace(FORMAT.encode(), b"another/1"),
    ],
    ids=lambda raw: repr(raw[:30]),
)
def test_what_is_no_receipt_is_said_to_be_none(raw: bytes) -> None:
    assert failing(raw) == ["form"] and examine(raw).content is None


def test_receipts_that_follow_each_other_are_a_chain() -> None:
    first = examine(receipt())
    second = examine(receipt(sequence=2, previous=first.hash))
    third = examine(receipt(sequence=3, previous=FIRST))
    assert [check.holds for check in chain([first, second, third])] == [True, False]


def test_receipts_of_others_or_with_one_between_are_not_compared() -> None:
    first, far = examine(receipt()), examine(receipt(sequence=3))
    other = examine(receipt(sequence=2, dealership={"id": "northside", "name": "Northside"}))
    assert all("not compared" in check.says for check in chain([first, far]) + chain([first, other]))
