"""Leads come in and people are recognised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import field_serializer

from shared.events.base import Event


class LeadReceived(Event, topic="lead-received"):
    """A lead was taken in and stored as `leads/{lead_id}`. What it says is in the document, not here."""

    example: ClassVar[Mapping[str, Any]] = {
        "lead_id": "5b1f0c9a7e2d4c38",
        "source": "WEB_LEAD",
        "master_person_id": "8a53a0a1d3a74d6a9d1f0d7e3c1b2a49",
        "received_at": "2026-11-20T15:30:00Z",
        "vin": "1HGCM82633A004352",
    }

    lead_id: str
    source: str
    master_person_id: str
    received_at: datetime
    vin: str | None = None

    def about(self) -> str:
        return f"leads/{self.lead_id}"


class PersonResolved(Event, topic="person-resolved"):
    """It was decided whose record one is. `merged_person_ids` turned out to be the same person."""

    example: ClassVar[Mapping[str, Any]] = {
        "master_person_id": "8a53a0a1d3a74d6a9d1f0d7e3c1b2a49",
        "person_id": "0f6f1c7f3d6b4b5f8a9d7c0b1e2f3a4b",
        "lead_id": "5b1f0c9a7e2d4c38",
        "outcome": "merged",
        "confidence_score": 0.998,
        "merged_person_ids": [],
    }

    master_person_id: str
    person_id: str
    lead_id: str
    outcome: Literal["merged", "review", "new"]
    confidence_score: float
    merged_person_ids: tuple[str, ...] = ()

    def about(self) -> str:
        return f"persons/{self.master_person_id}"


class PersonUnmerged(Event, topic="person-unmerged"):
    """A human said that two are not one person; both stand again. `moved_lead_ids` came after the merge and
    belong to the restored person."""

    example: ClassVar[Mapping[str, Any]] = {
        "master_person_id": "8a53a0a1d3a74d6a9d1f0d7e3c1b2a49",
        "restored_person_id": "0f6f1c7f3d6b4b5f8a9d7c0b1e2f3a4b",
        "moved_lead_ids": [],
    }

    master_person_id: str
    restored_person_id: str
    moved_lead_ids: tuple[str, ...] = ()

    def about(self) -> str:
        return f"persons/{self.master_person_id}"


class PersonLinked(Event, topic="person-linked", table="crm.master_person_graph_v1"):
    """A decision about which master person a record belongs to. One row of the person graph."""

    envelope_columns: ClassVar[tuple[str, ...]] = ("tenant_id",)
    example: ClassVar[Mapping[str, Any]] = {
        "link_id": "c1b2a493a7e2d4c38f0d7e3c1b2a49aa",
        "linked_at": "2026-11-20T15:30:00Z",
        "person_id": "0f6f1c7f3d6b4b5f8a9d7c0b1e2f3a4b",
        "master_person_id": "8a53a0a1d3a74d6a9d1f0d7e3c1b2a49",
        "source": "WEB_LEAD",
        "lead_id": "5b1f0c9a7e2d4c38",
        "outcome": "merged",
        "confidence_score": 0.998,
    }

    link_id: str
    linked_at: datetime
    person_id: str
    master_person_id: str
    source: str
    lead_id: str | None = None
    outcome: Literal["new", "merged", "review", "unlinked"]
    confidence_score: float | None = None
    explanation: list[dict[str, Any]] | None = None
    undoes_link_id: str | None = None
    decided_by: str | None = None

    @field_serializer("explanation")
    def _as_json_text(self, value: Any) -> str | None:
        # A BigQuery subscription takes a JSON column as text.
        import json

        return None if value is None else json.dumps(value, separators=(",", ":"))
