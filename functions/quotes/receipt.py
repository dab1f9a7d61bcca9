"""The receipt of a signed decision: everything that was shown and signed, chained, signed by us.

A dealership's receipts are numbered without gaps; each bears the hash of the one before. The content is
canonical JSON (RFC 8785), its SHA-256 is signed with Ed25519, and it names the SHA-256 of its PDF.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from functions.quotes.line import Line
from functions.quotes.pricing import Totals
from functions.quotes.quote import Quote
from functions.quotes.receipt_pdf import draw
from functions.quotes.refusals import Refusal
from functions.quotes.signing import LineChoice, Signature
from functions.quotes.verify_receipt import FIRST, FORMAT, canonical, content_hash, signed_message
from shared.quotes.registry import register
from shared.runtime.work import UnitOfWork

HEAD = "receipt_chain/head"


@dataclass(frozen=True)
class Signed:
    """What the customer signed, and how."""

    choices: Mapping[str, LineChoice]
    totals: Totals
    """Of what is approved."""
    refusals: Sequence[Refusal]
    signature: Signature
    address_digest: str
    user_agent: str


def receipt_path(sequence: int) -> str:
    return f"receipts/{sequence:08d}"


def issue_receipt(work: UnitOfWork, quote: Quote, signed: Signed) -> dict[str, Any]:
    """The next of the dealership's chain, in this commit. Two at once conflict, and the later one follows."""
    head = work.get(HEAD)
    sequence = int(head.data["sequence"]) + 1 if head else 1
    content = {
        **_content(work, quote, signed),
        "receipt_id": work.new_id(),
        "sequence": sequence,
        "previous": str(head.data["hash"]) if head else FIRST,
        "key": {"algorithm": "Ed25519", "public_key": work.tenant.seals.public_keys[0]},
    }
    pdf = draw(content, zone=work.tenant.zone)
    content["pdf_sha256"] = hashlib.sha256(pdf).hexdigest()
    found = content_hash(content)
    signature = work.tenant.seals.sign(signed_message(found)).hex()
    text = canonical({"content": content, "hash": found, "signature": signature}).decode()
    stored = _stored(work, quote, content, found) | {"text": text, "pdf": base64.b64encode(pdf).decode()}
    work.create(receipt_path(sequence), stored)
    work.put(HEAD, {"sequence": sequence, "hash": found, "updated_at": work.now})
    register(work, str(content["receipt_id"]), receipt_path(sequence))
    return stored


def _stored(work: UnitOfWork, quote: Quote, content: Mapping[str, Any], found: str) -> dict[str, Any]:
    return {
        "receipt_id": content["receipt_id"],
        "sequence": content["sequence"],
        "hash": found,
        "previous": content["previous"],
        "quote_id": quote.quote_id,
        "version": quote.version,
        "issued_at": work.now,
    }


def _content(work: UnitOfWork, quote: Quote, signed: Signed) -> dict[str, Any]:
    """Text, whole numbers, lists and objects alone: what any program writes the same way."""
    data = quote.data
    return {
        "format": FORMAT,
        "dealership": {"id": work.tenant.tenant_id, "name": work.tenant.name},
        "issued_at": _moment(work.now),
        "quote": {
            "quote_id": quote.quote_id,
            "version": quote.version,
            "made_at": _moment(data["made_at"]),
            "locked_until": _moment(data["locked_until"]),
            "valid_until": _moment(data["valid_until"]),
        },
        "repair_order": data["repair_order"] or "",
        "vehicle": {"vin": data["vin"], **{n: v for n, v in data["vehicle"].items() if v is not None}},
        "lines": [_line(line, signed.choices[line.line_id]) for line in quote.lines],
        "approved": signed.totals.to_document(),
        "refusals": [_refusal(refusal) for refusal in signed.refusals],
        "signature": _signature(work, quote, signed),
    }


def _line(line: Line, choice: LineChoice) -> dict[str, Any]:
    """Each figure with the records it is from: the price item and the flags."""
    return {
        **{name: value for name, value in line.to_document().items() if name != "findings"},
        "title": line.title,
        "flags": [finding.model_dump() for finding in line.findings],
        "decision": choice.decision,
        "reason": choice.reason or "",
    }


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "line_id": refusal.line.line_id,
        "statement": refusal.statement,
        "follow_up_at": _moment(refusal.follow_up_at),
    }


def _signature(work: UnitOfWork, quote: Quote, signed: Signed) -> dict[str, Any]:
    return {
        "name": signed.signature.name,
        "strokes": [stroke.points for stroke in signed.signature.strokes],
        "signed_at": _moment(work.now),
        "code_texted_to": f"number ending {quote.data['phone'][-4:]}",
        "address_digest": signed.address_digest,
        "user_agent": signed.user_agent,
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
