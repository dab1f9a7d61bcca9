"""The one question that finds out which department a text is for, as it waits in its conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.inbox.choose import Target, Thing
from shared.inbox.rules import InboxRules

MOST_KEPT = 5
"""Texts passed on together once it is answered; all stand in the conversation."""


def asked(options: Sequence[Target], text: str, *, now: datetime, rules: InboxRules) -> dict[str, Any]:
    """As it stands in the conversation: `texts` are the words that wait for it."""
    return {
        "options": [_kept(option) for option in options],
        "texts": [text],
        "asked_at": now,
        "open_until": now + timedelta(minutes=rules.choice.question_minutes),
    }


def options_of(question: Mapping[str, Any]) -> list[Target]:
    return [_read(one) for one in question["options"]]


def with_text(question: Mapping[str, Any], text: str) -> dict[str, Any]:
    return {**question, "texts": [*question["texts"], text][:MOST_KEPT]}


def waiting_words(question: Mapping[str, Any]) -> str:
    """What the customer had written, without the answer to the question."""
    return "\n".join(text for text in question.get("texts", ()) if text)


def _kept(option: Target) -> dict[str, Any]:
    thing = option.thing
    kept = {"department": option.department, "label": option.label, "thread_id": option.thread_id}
    if thing is None:
        return {**kept, "thing": None}
    return {**kept, "thing": {**thing.about, "staff_id": thing.staff_id, "names": list(thing.names)}}


def _read(kept: Mapping[str, Any]) -> Target:
    thing = kept["thing"]
    return Target(
        kept["department"],
        kept["label"],
        kept["thread_id"],
        thing and Thing(department=kept["department"], **{**thing, "names": tuple(thing["names"])}),
    )
