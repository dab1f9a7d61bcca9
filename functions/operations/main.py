"""What got stuck is seen, replayed and decided by an operator, within the operator's own tenant."""

from __future__ import annotations

from datetime import timedelta

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from functions.operations.effects import OpenEffect, decide, open_effects
from functions.operations.letters import Letter, letters_of, replay_letter
from shared.platform import Platform
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork

LONGEST_WINDOW = timedelta(days=7)
"""The bus keeps messages for so long."""


class Letters(BaseModel):
    letters: list[Letter]


class Effects(BaseModel):
    effects: list[OpenEffect]


class Window(BaseModel):
    """The messages published from `since` until before `until`, for one consumer."""

    subscription: str = Field(pattern=r"^[a-z][a-z0-9_-]{2,80}$")
    since: AwareDatetime
    until: AwareDatetime

    @model_validator(mode="after")
    def _is_a_window(self) -> Window:
        if not timedelta(0) < self.until - self.since <= LONGEST_WINDOW:
            raise ValueError("until must lie after since, by 7 days at most")
        return self


class Replayed(BaseModel):
    """How many messages are delivered again; one that was handled before changes nothing."""

    count: int


class Decision(BaseModel):
    """Whether the outside effect happened, as a person found out."""

    happened: bool


def list_letters(work: UnitOfWork, platform: Platform) -> Letters:
    """The tenant's stuck messages, newest first, 200 at most."""
    return Letters(letters=letters_of(platform, work.tenant.tenant_id, work.now))


def replay_one(letter_id: str, work: UnitOfWork, platform: Platform) -> Replayed:
    """Delivers a stuck message again, to the function that failed at it."""
    replay_letter(platform, work.tenant.tenant_id, letter_id)
    work.audit("letter.replayed", subject=f"letters/{letter_id}")
    return Replayed(count=1)


def replay_window(window: Window, work: UnitOfWork, platform: Platform) -> Replayed:
    """Delivers the tenant's messages of a time window again, to one consumer alone."""
    count = platform.bus_operations.replay(
        subscription=window.subscription,
        since=window.since,
        until=window.until,
        tenant_id=work.tenant.tenant_id,
    )
    detail = {"since": window.since.isoformat(), "until": window.until.isoformat(), "count": count}
    work.audit("window.replayed", subject=f"subscriptions/{window.subscription}", detail=detail)
    return Replayed(count=count)


def list_effects(work: UnitOfWork) -> Effects:
    """Outside effects that were begun and have no known end, oldest first."""
    return Effects(effects=open_effects(work))


def decide_effect(effect_id: str, decision: Decision, work: UnitOfWork) -> None:
    """Closes an effect nobody could tell the end of: it happened, or it may be tried again."""
    decide(work, effect_id, happened=decision.happened)


operations = entry_point(__file__, list_letters, replay_one, replay_window, list_effects, decide_effect)
