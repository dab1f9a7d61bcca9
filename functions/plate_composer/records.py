"""Reading the dealership's records for plates: bounded, with the names that ids stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shared.domain.record import document_path
from shared.platform import Tenant
from shared.ports import Query

MOST_READ = 1000
"""More than any workshop has open; a plate shows far fewer."""


def read(
    tenant: Tenant,
    collection: str,
    *where: tuple[str, str, Any],
    order_by: tuple[str, ...] = (),
    limit: int = MOST_READ,
) -> list[dict[str, Any]]:
    found = tenant.documents.query(Query(collection, where, order_by, limit))
    return [dict(document.data) for document in found]


def read_one(tenant: Tenant, collection: str, key: str) -> dict[str, Any] | None:
    """The record of this natural key."""
    document = tenant.documents.get(document_path(collection, key))
    return dict(document.data) if document else None


def read_by_keys(tenant: Tenant, collection: str, keys: Iterable[str | None]) -> dict[str, dict[str, Any]]:
    """The records of these natural keys that exist, in one batch."""
    wanted = sorted({key for key in keys if key})
    if not wanted:
        return {}
    documents = tenant.documents.get_many([document_path(collection, key) for key in wanted])
    return {key: dict(document.data) for key, document in zip(wanted, documents, strict=True) if document}


def is_described(vehicle: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """Whether the vehicle is as the words say, in either case."""
    return all(str(vehicle.get(name)).lower() == word.lower() for name, word in wanted.items())


def vehicle_words(vehicle: dict[str, Any] | None) -> str:
    """`2021 Honda Civic`, or nothing when the vehicle is not known."""
    parts = [vehicle.get(name) for name in ("year", "make", "model")] if vehicle else []
    return " ".join(str(part) for part in parts if part)
