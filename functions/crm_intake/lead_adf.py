"""ADF 1.0, the Auto-lead Data Format: read leniently, as it occurs, never as a risk.

Real files vary in the case of their tags, leave pieces out and write dates nobody can read; what cannot be
understood is left out as long as the person is still known. A DTD or an entity is refused before it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from shared.domain.written_values import read_moment
from shared.errors import InvalidInput, Malformed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ADF_TYPES = ("application/xml", "text/xml", "application/adf+xml", "application/x-adf+xml")

_MOST_PROSPECTS = 1

_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s*<\?(?:adf|xml)\b[^<>]*\?>)*\s*", re.IGNORECASE)
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([\w.:-]+)["']""", re.IGNORECASE)


def read_adf(body: bytes) -> dict[str, Any]:
    """The fields of a lead as the `Lead` model takes them.

    Raises `Malformed` when it is no XML or has a DTD, `InvalidInput` unless it holds one prospect.
    """
    root = _parsed(body)
    prospects = list(_all(root, "prospect"))
    if len(prospects) != _MOST_PROSPECTS:
        raise InvalidInput(f"prospect: an ADF document holds one prospect, this one holds [{len(prospects)}]")
    return _lead(prospects[0])


def _parsed(body: bytes) -> Element:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(_with_one_declaration(body), forbid_dtd=True)
    except DefusedXmlException as error:
        raise Malformed(
            "the XML has a DTD or entities, which ADF has no need of and nobody reads here"
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise Malformed(f"the body is no valid XML: {error}") from error


def _with_one_declaration(body: bytes) -> bytes:
    """Of what stands before the first element only the encoding says something.

    Leads are seen to begin `<?ADF VERSION "1.0"?> <?XML VERSION "1.0"?>`, which no parser takes.
    """
    prolog = _PROLOG.match(body)
    assert prolog is not None, "the pattern matches nothing as well"
    encoding = _ENCODING.search(prolog[0])
    declaration = b'<?xml version="1.0" encoding="%s"?>' % encoding[1] if encoding else b""
    return declaration + body[prolog.end() :]


def _lead(prospect: Element) -> dict[str, Any]:
    customer = _first(prospect, "customer")
    contact = _first(customer, "contact")
    number = _first(prospect, "id")
    return {
        "source": _source(prospect, number),
        "external_id": _text(number),
        "requested_at": _moment(_text(_first(prospect, "requestdate"))),
        **_name(contact),
        "emails": _texts(contact, "email"),
        "phones": _texts(contact, "phone"),
        "address": _address(_first(contact, "address")),
        "vehicle": _vehicle(prospect),
        "comments": _text(_first(customer, "comments")) or _text(_first(prospect, "comments")),
    }


def _source(prospect: Element, number: Element | None) -> str:
    provider = _text(_first(_first(prospect, "provider"), "name"))
    return provider or (number.get("source", "").strip() if number is not None else "") or "ADF"


def _name(contact: Element | None) -> dict[str, str]:
    """`part` is full, first or last; without it the name is whole."""
    parts: dict[str, list[str]] = {}
    for node in _children(contact, "name"):
        if text := _text(node):
            parts.setdefault(node.get("part", "full").strip().lower(), []).append(text)
    whole = " ".join(parts.get("full", []))
    first, last = (" ".join(parts.get(part, [])) for part in ("first", "last"))
    return {"name": whole, "first_name": first, "last_name": last}


def _address(address: Element | None) -> dict[str, str] | None:
    found = {
        "street": " ".join(_texts(address, "street")),
        "city": _text(_first(address, "city")),
        "region": _text(_first(address, "regioncode")) or _text(_first(address, "region")),
        "postal_code": _text(_first(address, "postalcode")),
    }
    return found if any(found.values()) else None


def _vehicle(prospect: Element) -> dict[str, Any] | None:
    """The vehicle they want; one they give in payment only when there is no other."""
    vehicles = sorted(
        _children(prospect, "vehicle"), key=lambda v: v.get("interest", "").lower() == "trade-in"
    )
    if not vehicles:
        return None
    vehicle = vehicles[0]
    year = re.fullmatch(r"(19|20)\d\d", _text(_first(vehicle, "year")))
    return {
        "year": int(year[0]) if year else None,
        "make": _text(_first(vehicle, "make")),
        "model": _text(_first(vehicle, "model")),
        "trim": _text(_first(vehicle, "trim")),
        "vin": _text(_first(vehicle, "vin")),
        "stock_number": _text(_first(vehicle, "stock")),
        "interest": vehicle.get("interest", ""),
    }


def _moment(text: str) -> str | None:
    """The date when anybody can read it: `2008-06-25T8:47:50`, `-08:0` and the year 1 are left out."""
    with suppress(ValueError):
        read_moment(text)
        return text
    return None


def _all(root: Element, tag: str) -> Iterator[Element]:
    return (node for node in root.iter() if _tag(node) == tag)


def _children(parent: Element | None, tag: str) -> list[Element]:
    return [] if parent is None else [node for node in parent if _tag(node) == tag]


def _first(parent: Element | None, tag: str) -> Element | None:
    return next(iter(_children(parent, tag)), None)


def _tag(node: Element) -> str:
    # Comments and processing instructions have no text tag.
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _text(node: Element | None) -> str:
    return " ".join("".join(node.itertext()).split()) if node is not None else ""


def _texts(parent: Element | None, tag: str) -> list[str]:
    return [text for node in _children(parent, tag) if (text := _text(node))]
