"""Which of a customer's conversations a text belongs to, or the question that finds it out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.inbox.department import meant_department, named_things
from shared.inbox.rules import Department, InboxRules
from shared.inbox.thread import Thread


@dataclass(frozen=True)
class Thing:
    """An open repair order or deal. `names` are what a customer may call it: its number, the end
    of its VIN, model, make."""

    kind: str
    id: str
    department: Department
    label: str
    staff_id: str = ""
    vin: str = ""
    touched_at: datetime | None = None
    names: tuple[str, ...] = ()

    @property
    def about(self) -> dict[str, str]:
        return {"kind": self.kind, "id": self.id, "label": self.label, "vin": self.vin}


@dataclass(frozen=True)
class Target:
    """Where a text goes: into a conversation that is there (`thread_id`), or into a new one of the
    department, about `thing` when it is about one."""

    department: Department
    label: str
    thread_id: str = ""
    thing: Thing | None = None


@dataclass(frozen=True)
class Choice:
    """A target, or the options of the question to ask."""

    target: Target | None = None
    options: tuple[Target, ...] = ()


def choose(
    text: str, threads: Sequence[Thread], things: Sequence[Thing], *, now: datetime, rules: InboxRules
) -> Choice:
    """`threads` are the customer's that can go on. What a text names decides, then its words, then what was
    talked of last, then what there is at all; where two are as likely the customer is asked."""
    targets = _targets(threads, things, rules)
    named = _named(text, targets, threads, things)
    if len(named) == 1:
        return Choice(named[0])
    meant = meant_department(text, rules)
    if meant:
        fitting = [target for target in (named or targets) if target.department == meant]
        return Choice(fitting[0] if fitting else Target(meant, rules.departments[meant].label))
    if named:
        return Choice(options=tuple(named[: rules.choice.most_options]))
    if lively := _lively(threads, now, rules):
        return _talked_of_last(lively, targets, rules)
    distinct = _distinct(targets)
    if len(distinct) == 1:
        return Choice(distinct[0])
    return Choice(options=tuple(distinct[: rules.choice.most_options] or _departments(rules)))


def _targets(threads: Sequence[Thread], things: Sequence[Thing], rules: InboxRules) -> list[Target]:
    """One a department, a conversation before a thing; the things last touched go first. A conversation that
    others became part of stands for their departments too."""
    found: dict[Department, Target] = {}
    for thread in sorted(threads, key=lambda one: one.last_at, reverse=True):
        label = thread.about.get("label") or rules.departments[thread.department].label
        for department in (thread.department, *thread.also):
            found.setdefault(department, Target(department, label, thread_id=thread.thread_id))
    for thing in sorted(things, key=_touched, reverse=True):
        found.setdefault(thing.department, Target(thing.department, thing.label, thing=thing))
    return list(found.values())


def _distinct(targets: Sequence[Target]) -> list[Target]:
    """Each conversation once, and everything that has none yet."""
    return list({target.thread_id or target.department: target for target in reversed(targets)}.values())[
        ::-1
    ]


def _touched(thing: Thing) -> float:
    return thing.touched_at.timestamp() if thing.touched_at else 0.0


def _named(
    text: str, targets: Sequence[Target], threads: Sequence[Thread], things: Sequence[Thing]
) -> list[Target]:
    """A thing that is named goes into the conversation of its department, else begins one."""
    said = named_things(text, {thing.id: thing.names for thing in things})
    by_department = {target.department: target for target in targets if target.thread_id}
    found: dict[Department, Target] = {}
    for thing in things:
        if thing.id in said:
            own = Target(thing.department, thing.label, thing=thing)
            running = by_department.get(thing.department)
            thread_id = running.thread_id if running else ""
            found.setdefault(thing.department, Target(own.department, own.label, thread_id, thing))
    return list(found.values())


def _lively(threads: Sequence[Thread], now: datetime, rules: InboxRules) -> list[Thread]:
    since = now - timedelta(hours=rules.choice.lively_hours)
    return sorted((one for one in threads if one.last_at >= since), key=lambda one: one.last_at, reverse=True)


def _talked_of_last(lively: Sequence[Thread], targets: Sequence[Target], rules: InboxRules) -> Choice:
    apart = timedelta(minutes=rules.choice.apart_minutes)
    close = [one for one in lively if lively[0].last_at - one.last_at < apart]
    ids = [one.thread_id for one in close]
    fitting = _distinct([target for target in targets if target.thread_id in ids])
    if len(fitting) == 1:
        return Choice(fitting[0])
    return Choice(options=tuple(fitting[: rules.choice.most_options]))


def _departments(rules: InboxRules) -> list[Target]:
    return [Target(name, rule.label) for name, rule in rules.departments.items()]


# the question


def question_text(options: Sequence[Target], dealership: str) -> str:
    """What the customer is asked; every fact in it is from a record."""
    lines = [f"{number} {option.label}" for number, option in enumerate(options, 1)]
    return f"{dealership}: what is your message about? Reply with a number:\n" + "\n".join(lines)


_NUMBER = re.compile(r"^\W*(?:(?:number|option|no\.?|nr\.?)\s*)?([1-9])\W*$", re.IGNORECASE)


def is_number(text: str) -> bool:
    """It says which option, and nothing a colleague would want to read."""
    return bool(_NUMBER.match(text))


def read_answer(text: str, options: Sequence[Target], rules: InboxRules) -> Target | None:
    """The option a text means: its number, its department's words, or what it is called."""
    if found := _NUMBER.match(text):
        number = int(found[1])
        return options[number - 1] if number <= len(options) else None
    names = {str(place): _called(option, rules) for place, option in enumerate(options)}
    said = named_things(text, names)
    if len(said) == 1:
        return options[int(said.pop())]
    meant = meant_department(text, rules)
    fitting = [option for option in options if option.department == meant]
    if meant and not fitting:
        return Target(meant, rules.departments[meant].label)
    return fitting[0] if len(fitting) == 1 else None


def _called(option: Target, rules: InboxRules) -> tuple[str, ...]:
    return (*_unique(option.thing.names if option.thing else ()), option.label, option.department)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
