"""Messages that got stuck, of one tenant: given up by a subscription, or rejected by a function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from shared.errors import Malformed, NotFound, Rejected
from shared.platform import Platform
from shared.ports import DeadLetter, Document, Message, Query, Write
from shared.runtime.push import AGAIN_ATTRIBUTE, REPLAY_ATTRIBUTE, read_message

TENANT_ATTRIBUTE = "ce-tenantid"
MOST_LETTERS = 10_000
"""The bus keeps all tenants' letters together, so more are read than are shown."""

SHOWN = 200


class Letter(BaseModel):
    """One stuck message. `kind` dead: tried and given up; rejected: can never succeed as it is."""

    letter_id: str
    kind: Literal["dead", "rejected"]
    function: str
    topic: str
    event_id: str
    reason: str
    attempts: int
    failed_at: datetime
    age_seconds: float


def letters_of(platform: Platform, tenant_id: str, now: datetime) -> list[Letter]:
    """The tenant's newest letters, newest first."""
    dead = [_dead(letter, now) for letter in _dead_of(platform, tenant_id)]
    query = Query("rejected", (("tenant_id", "==", tenant_id),), ("-rejected_at",), SHOWN)
    rejected = [_rejected(record, now) for record in platform.documents.query(query)]
    return sorted([*dead, *rejected], key=lambda letter: letter.failed_at, reverse=True)[:SHOWN]


def replay_letter(platform: Platform, tenant_id: str, letter_id: str) -> None:
    """Delivers the message again to the function that failed at it.

    Raises `NotFound` for another tenant's letter as for none at all, `Rejected` when the stored
    body is no message that could be delivered.
    """
    record = platform.documents.get(f"rejected/{letter_id}")
    if record is not None and record.data["tenant_id"] == tenant_id:
        _replay_rejected(platform, record)
        return
    for letter in _dead_of(platform, tenant_id):
        if _public_id(letter) == letter_id:
            platform.bus_operations.replay_dead_letter(letter.letter_id)
            return
    raise NotFound(f"there is no letter [{letter_id}]")


def _replay_rejected(platform: Platform, record: Document) -> None:
    try:
        message = read_message(record.data["body"].encode())
    except Malformed as error:
        raise Rejected(f"the letter [{record.id}] cannot be replayed: {error}") from error
    meant_for = {REPLAY_ATTRIBUTE: record.data["function"], AGAIN_ATTRIBUTE: record.id}
    # The consumer's own topic: one that calls itself something else would reach nobody and be lost.
    attributes = {**message.attributes, **meant_for}
    platform.bus.publish([Message(record.data["topic"], message.data, attributes, message.ordering_key)])
    # After the publish: a crash in between leaves a letter that can be replayed again, and doubles nothing.
    platform.documents.commit([Write(record.path, None)])


def _dead_of(platform: Platform, tenant_id: str) -> list[DeadLetter]:
    letters = platform.bus_operations.dead_letters(MOST_LETTERS)
    return [letter for letter in letters if letter.message.attributes.get(TENANT_ATTRIBUTE) == tenant_id]


def _public_id(letter: DeadLetter) -> str:
    # Pub/Sub's own id has a slash, which a path parameter cannot have; no resource name has a colon.
    return letter.letter_id.replace("/", ":")


def _dead(letter: DeadLetter, now: datetime) -> Letter:
    return Letter(
        letter_id=_public_id(letter),
        kind="dead",
        function=letter.subscription,
        topic=letter.message.topic,
        event_id=letter.message.attributes.get("ce-id", ""),
        reason=letter.reason,
        attempts=letter.attempts,
        failed_at=letter.failed_at,
        age_seconds=_age(letter.failed_at, now),
    )


def _rejected(record: Document, now: datetime) -> Letter:
    attributes = _attributes(record.data["body"])
    return Letter(
        letter_id=record.id,
        kind="rejected",
        function=record.data["function"],
        topic=attributes.get("ce-type", ""),
        event_id=attributes.get("ce-id", ""),
        reason=record.data["reason"],
        attempts=1,
        failed_at=record.data["rejected_at"],
        age_seconds=_age(record.data["rejected_at"], now),
    )


def _attributes(body: str) -> Mapping[str, Any]:
    """What can be told of a rejected body, which has a tenant, so it was a push body with attributes."""
    attributes: Mapping[str, Any] = json.loads(body)["message"]["attributes"]
    return attributes


def _age(moment: datetime, now: datetime) -> float:
    return round((now - moment).total_seconds(), 3)
