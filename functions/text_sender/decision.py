"""Whether a text goes now, later or never, from what is known; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from shared.domain.consent import Consent
from shared.texting.frequency import free_at
from shared.texting.places import Whereabouts
from shared.texting.quiet_hours import next_allowed, shown, solicitation_limits
from shared.texting.rules import Limit, PurposeRule

Verdict = Literal["send", "defer", "refuse"]

E164 = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True)
class Facts:
    """`consents` are of the number and of every other number of the person; `person_consents` what the people
    with this number said about texts elsewhere (granted or denied). `asked_at` is when the customer last
    wrote in the conversation, `sent` when earlier texts of this purpose went to the number."""

    rule: PurposeRule
    phone: str
    requested_at: datetime
    where: Whereabouts
    consents: Sequence[Consent] = ()
    person_consents: Sequence[str] = ()
    asked_at: datetime | None = None
    sent: Sequence[datetime] = ()
    is_own_number: bool = False
    has_left: bool = False


@dataclass(frozen=True)
class Decision:
    """`due_at` is when a deferred text is looked at again; `because` what was looked at."""

    verdict: Verdict
    reason: str
    due_at: datetime | None = None
    because: Mapping[str, Any] = field(default_factory=dict)


def decide(facts: Facts, now: datetime) -> Decision:
    """The first obstacle decides; what only waits is deferred, unless its time is over by then."""
    because = {
        "consents": [consent.state for consent in facts.consents],
        "person_consents": list(facts.person_consents),
        "where": shown(facts.where),
        "sent_before": len(facts.sent),
    }
    if reason := obstacle(facts) or consent_obstacle(facts.rule, facts.consents, facts.person_consents):
        return Decision("refuse", reason, because=because)
    due_at = _moment(facts, now)
    if due_at is None:
        return Decision("refuse", "no_common_hour", because=because)
    if due_at > facts.requested_at + timedelta(hours=facts.rule.keep_hours):
        return Decision("refuse", "too_late", because=because)
    if due_at > now:
        return _wait(facts, now, due_at, because)
    return Decision("send", "allowed", because=because)


def obstacle(facts: Facts) -> str:
    """Why nobody can or should be texted there at all; "" when nothing is in the way."""
    if not E164.fullmatch(facts.phone):
        return "number_unusable"
    if facts.is_own_number:
        return "own_number"
    return "staff_left" if facts.has_left else ""


def consent_obstacle(rule: PurposeRule, consents: Sequence[Consent], elsewhere: Sequence[str]) -> str:
    """Whoever said no, said no for all of a person's numbers and for everybody with the number."""
    if rule.consent == "nobody_asked":
        return ""
    if "denied" in (*(consent.of(rule.topic) for consent in consents), *elsewhere):
        return "refused"
    said_yes = "granted" in (*(consent.of(rule.topic) for consent in consents[:1]), *elsewhere)
    return "no_permission" if rule.consent == "granted" and not said_yes else ""


def limits_of(facts: Facts) -> tuple[Limit, ...]:
    """The purpose's own, and the states' where it is a solicitation."""
    by_law = solicitation_limits(facts.where) if _is_solicitation(facts) else ()
    return (*facts.rule.limits, *by_law)


def _moment(facts: Facts, now: datetime) -> datetime | None:
    """The first moment from now on with a free place in every limit, inside the hours."""
    free = free_at(facts.sent, limits_of(facts), now)
    return (
        free
        if _is_any_hour(facts, now)
        else next_allowed(free, facts.where, solicitation=_is_solicitation(facts))
    )


def _wait(facts: Facts, now: datetime, due_at: datetime, because: Mapping[str, Any]) -> Decision:
    is_full = free_at(facts.sent, limits_of(facts), now) > now
    if is_full and facts.rule.over == "refuse":
        return Decision("refuse", "too_often", because=because)
    return Decision("defer", "too_often" if is_full else "quiet_hours", due_at, because)


def _is_any_hour(facts: Facts, now: datetime) -> bool:
    if facts.rule.hours != "unless_asked":
        return facts.rule.hours == "always"
    window = timedelta(minutes=facts.rule.asked_minutes)
    return facts.asked_at is not None and now - facts.asked_at <= window


def _is_solicitation(facts: Facts) -> bool:
    return facts.rule.hours == "solicitation"
