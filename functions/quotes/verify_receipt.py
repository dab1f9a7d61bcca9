"""Checks AutoHaus receipts offline: python verify_receipt.py receipt.json [more.json ...]
                                    [--pdf receipt.pdf] [--key PUBLIC_KEY_IN_HEX]

Needs nothing but Python 3.9 or newer: the Ed25519 signature (RFC 8032) is verified here in plain Python.

What is checked of each receipt
  form       the file is, byte for byte, the canonical JSON that was issued (a line break may follow)
  hash       the SHA-256 of its content is the hash it bears
  signature  that hash was signed with the key the receipt names
  key        that key is one the dealership publishes (only with --key; without it the key is printed:
             compare it with GET /api/public/receipt/verify, for a forger would bring a key of their own)
  pdf        the PDF is the one the receipt names (only with --pdf)
  chain      several receipts given in order: each bears the hash of the one before, where their numbers
             follow each other

Ends with 0 when everything holds, 1 when anything does not, 2 when it was called wrongly.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = "autohaus-receipt/1"
FIRST = "0" * 64
"""What the first receipt of a dealership bears as the hash of the one before."""

_HEX = re.compile(r"[0-9a-f]+")


class Check(NamedTuple):
    name: str
    holds: bool
    says: str


class Examined(NamedTuple):
    """`content` is None when the file is no receipt at all."""

    checks: list[Check]
    content: dict[str, Any] | None
    hash: str

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)


def canonical(value: Any) -> bytes:
    """RFC 8785 for what receipts hold (text, whole numbers, lists, objects): sorted, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def content_hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def signed_message(hash_in_hex: str) -> bytes:
    """What the signature is of: the hash, and what it is the hash of."""
    return f"{FORMAT}\n{hash_in_hex}".encode("ascii")


def examine(raw: bytes, keys: Sequence[str] = (), pdf: bytes | None = None) -> Examined:
    """One receipt's checks, in the order above. `keys` are published public keys in hex."""
    try:
        receipt = _read(raw)
    except ValueError as error:
        return Examined([Check("form", False, f"this is no receipt: {error}")], None, "")
    content, found = receipt["content"], receipt["hash"]
    key = content["key"]["public_key"]
    checks = [_form(raw, receipt), _hash(content, found)]
    # Of a hash that is not the content's, a signature says nothing.
    if checks[-1].holds:
        checks.append(_signature(found, receipt["signature"], key))
    if keys:
        known = "the key is published" if key in keys else f"the key [{key[:16]}...] is NOT a published one"
        checks.append(Check("key", key in keys, known))
    if pdf is not None:
        checks.append(_pdf(content, pdf))
    return Examined(checks, content, found)


def chain(receipts: Sequence[Examined]) -> list[Check]:
    """Each receipt against the one before it, where their numbers follow each other."""
    return [
        _link(receipts[place - 1], receipts[place])
        for place in range(1, len(receipts))
        if receipts[place - 1].content and receipts[place].content
    ]


def _link(before: Examined, after: Examined) -> Check:
    one, two = before.content or {}, after.content or {}
    if one["dealership"] != two["dealership"] or two["sequence"] != one["sequence"] + 1:
        says = f"receipts {one['sequence']} and {two['sequence']} do not follow each other: not compared"
        return Check("chain", True, says)
    holds = two["previous"] == before.hash
    word = "bears" if holds else "does NOT bear"
    return Check("chain", holds, f"receipt {two['sequence']} {word} the hash of receipt {one['sequence']}")


def _read(raw: bytes) -> dict[str, Any]:
    """Raises `ValueError` for anything that is no receipt."""
    try:
        text = raw.decode("utf-8")
        receipt = json.loads(text, object_pairs_hook=_once, parse_float=_refused, parse_constant=_refused)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    shape = {"content": dict, "hash": str, "signature": str}
    if not isinstance(receipt, dict) or set(receipt) != set(shape):
        raise ValueError("it has not exactly [content], [hash] and [signature]")
    for name, kind in shape.items():
        if not isinstance(receipt[name], kind):
            raise ValueError(f"[{name}] is of the wrong kind")
    _check_content(receipt["content"])
    return receipt


def _check_content(content: dict[str, Any]) -> None:
    if content.get("format") != FORMAT:
        raise ValueError(f"[content.format] is not [{FORMAT}]")
    parts = {"key": dict, "dealership": dict, "sequence": int, "previous": str, "pdf_sha256": str}
    for name, kind in parts.items():
        if not isinstance(content.get(name), kind):
            raise ValueError(f"[content.{name}] is missing or of the wrong kind")
    if not isinstance(content["key"].get("public_key"), str):
        raise ValueError("[content.key.public_key] is missing")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refused(text: str) -> Any:
    raise ValueError(f"a receipt holds whole numbers alone, found [{text[:20]}]")


def _form(raw: bytes, receipt: dict[str, Any]) -> Check:
    try:
        holds = raw.rstrip(b"\r\n") == canonical(receipt)
    except UnicodeEncodeError:
        holds = False
    says = "the file is in the form it was issued in"
    return Check("form", holds, says if holds else "the file is NOT in the form it was issued in")


def _hash(content: dict[str, Any], found: str) -> Check:
    try:
        holds = content_hash(content) == found
    except UnicodeEncodeError:
        holds = False
    says = "the content has the hash the receipt bears"
    return Check("hash", holds, says if holds else "the content was CHANGED: it has another hash")


def _signature(found: str, signature: str, key: str) -> Check:
    are_hex = all(_HEX.fullmatch(text) for text in (found, signature, key))
    holds = are_hex and (len(found), len(signature), len(key)) == (64, 128, 64)
    holds = holds and ed25519_holds(bytes.fromhex(key), signed_message(found), bytes.fromhex(signature))
    says = f"the hash was signed with key {key[:16]}..."
    return Check("signature", holds, says if holds else "the signature does NOT hold")


def _pdf(content: dict[str, Any], pdf: bytes) -> Check:
    holds = hashlib.sha256(pdf).hexdigest() == content["pdf_sha256"]
    says = "the PDF is the one the receipt names"
    return Check("pdf", holds, says if holds else "the PDF is NOT the one the receipt names")


# Ed25519, RFC 8032 section 5.1. Verification handles nothing secret, so it need not take constant time.

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)

_Point = tuple[int, int, int, int]


def ed25519_holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """The signature is of this message by this key: exactly R = sB - kA, with s in range."""
    point = _decompressed(public_key)
    s = int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or s >= _L:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    k = int.from_bytes(digest, "little") % _L
    x, y, z, t = point
    return _compressed(_add(_times(s, _BASE), _times(k, (_P - x, y, z, _P - t)))) == signature[:32]


def _add(one: _Point, two: _Point) -> _Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c = 2 * one[3] * two[3] * _D % _P
    d = 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(count: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while count:
        if count & 1:
            total = _add(total, point)
        point, count = _add(point, point), count >> 1
    return total


def _compressed(point: _Point) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decompressed(encoded: bytes) -> _Point | None:
    number = int.from_bytes(encoded, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    if len(encoded) != 32 or y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


_BASE = _decompressed((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little")) or (0, 1, 1, 0)


def main(arguments: Sequence[str]) -> int:
    """The command; answers its exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("receipts", nargs="+", metavar="receipt.json")
    parser.add_argument("--pdf", help="the PDF of the (one) receipt")
    parser.add_argument("--key", action="append", default=[], help="a public key the dealership publishes")
    asked = parser.parse_args(arguments)
    if asked.pdf and len(asked.receipts) > 1:
        parser.error("--pdf goes with one receipt")
    pdf = Path(asked.pdf).read_bytes() if asked.pdf else None
    keys = [key.lower() for key in asked.key]
    found = [examine(Path(path).read_bytes(), keys, pdf) for path in asked.receipts]
    for place, path in enumerate(asked.receipts):
        _tell(path, found[place], bool(keys))
    links = chain(found)
    for check in links:
        _say(check)
    holds = all(one.holds for one in found) and all(check.holds for check in links)
    sys.stdout.write("VALID\n" if holds else "NOT VALID\n")
    return 0 if holds else 1


def _tell(path: str, one: Examined, key_was_given: bool) -> None:
    sys.stdout.write(f"{path}\n")
    for check in one.checks:
        _say(check)
    if one.content is not None and not key_was_given:
        key = one.content["key"]["public_key"]
        sys.stdout.write(f"  note       compare this key with the published one: {key}\n")


def _say(check: Check) -> None:
    sys.stdout.write(f"  {check.name:10} {'ok' if check.holds else 'FAILED'}: {check.says}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
