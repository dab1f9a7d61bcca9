"""People decide about what the scribe found, and add what it did not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from functions.scribe_review import viewing
from functions.scribe_review.deciding import (
    Addition,
    Correction,
    Dismissal,
    Seen,
    added,
    check_decidable,
    confirmed,
    corrected,
)
from functions.scribe_review.viewing import Compared, ComparisonQuery, Flag, Twin
from shared.domain.components import catalogue
from shared.domain.in_the_shop import in_the_shop
from shared.domain.media import media_path
from shared.domain.twin_flags import OPEN_STATES, area, flag_path, flags_of, keep, noted
from shared.domain.vin import parse_vin
from shared.errors import InvalidInput
from shared.events.conversation import AttentionRequested
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork

DECIDABLE = ("open", "needs_review", "declined", "deferred")
"""A flag that is being quoted or was approved is decided with its quote."""


def show_twin(vin: str, work: UnitOfWork) -> Twin:
    """Every flag of the vehicle."""
    return viewing.twin(work, vin)


def show_comparison(vin: str, asked: ComparisonQuery, work: UnitOfWork) -> Compared:
    """Before and after."""
    return viewing.comparison(work, vin, asked.repair_order)


def confirm(flag_id: str, seen: Seen, caller: Caller, work: UnitOfWork) -> Flag:
    """It holds as it stands."""
    return _decide(
        work, flag_id, seen, caller, ("needs_review",), "confirmed", lambda flag, _: confirmed(flag)
    )


def dismiss(flag_id: str, seen: Dismissal, caller: Caller, work: UnitOfWork) -> Flag:
    """It is wrong; it comes back only when it is seen again."""
    return _decide(
        work, flag_id, seen, caller, DECIDABLE, "dismissed", lambda flag, _: {**flag, "state": "dismissed"}
    )


def repaired(flag_id: str, seen: Seen, caller: Caller, work: UnitOfWork) -> Flag:
    """The vehicle has it no more."""
    states = (*DECIDABLE, "approved")
    return _decide(
        work, flag_id, seen, caller, states, "repaired", lambda flag, _: {**flag, "state": "repaired"}
    )


def correct(flag_id: str, correction: Correction, caller: Caller, work: UnitOfWork) -> Flag:
    """Another component, place, severity or wording; a doubtful flag holds from then on."""
    return _decide(
        work,
        flag_id,
        correction,
        caller,
        DECIDABLE,
        "corrected",
        lambda flag, others: corrected(flag, correction, others),
    )


def add_flag(vin: str, addition: Addition, caller: Caller, work: UnitOfWork) -> Flag:
    """What a person saw that nobody recognised."""
    vin = _vin(vin)
    if addition.media_id:
        work.require(media_path(addition.media_id))
    others = flags_of(work, vin)
    flag = added(addition, vin, others=others, by=caller.id, new_id=work.new_id(), now=work.now)
    keep(work, vin, [flag], others, media_id=addition.media_id or "")
    work.audit("flag.added", subject=flag_path(flag["flag_id"]), detail={"severity": flag["severity"]})
    _tell_danger(flag, work)
    return viewing.shown(flag)


def _decide(
    work: UnitOfWork,
    flag_id: str,
    seen: Seen,
    caller: Caller,
    states: tuple[str, ...],
    what: str,
    change: Callable[[Mapping[str, Any], list[dict[str, Any]]], dict[str, Any]],
) -> Flag:
    flag = work.require(flag_path(flag_id)).data
    check_decidable(flag, seen, states)
    others = flags_of(work, flag["vin"])
    after = change(flag, others)
    noted(after, {"state": after["state"], "by": caller.id, "reason": seen.reason or what}, work)
    keep(work, flag["vin"], [after], others)
    detail = {"from": flag["state"], "to": after["state"], "severity": after["severity"]}
    work.audit(f"flag.{what}", subject=flag_path(flag_id), detail=detail)
    if flag["state"] == "needs_review" or flag["severity"] != "red":
        _tell_danger(after, work)
    return viewing.shown(after)


def _vin(text: str) -> str:
    try:
        return parse_vin(text).value
    except ValueError as error:
        raise InvalidInput(f"vin: {error}") from error


def _tell_danger(flag: Mapping[str, Any], work: UnitOfWork) -> None:
    component = catalogue().component(flag["component"])
    if flag["severity"] == "red" and component.safety and flag["state"] in OPEN_STATES:
        car = in_the_shop(work, flag["vin"])
        work.emit(
            AttentionRequested(
                subject=flag_path(flag["flag_id"]),
                kind="safety_flag",
                summary=f"Unsafe: {car.words}: {area(flag)}, confirmed by a person",
                urgency="high",
                roles=("advisor",),
                staff_ids=(car.staff_id,) if car.staff_id else (),
                safety=True,
                detail=flag_path(flag["flag_id"]),
                group=f"safety_flag:{flag['vin']}",
            )
        )


scribe_review = entry_point(
    __file__,
    show_twin,
    show_comparison,
    add_flag,
    confirm,
    dismiss,
    correct,
    repaired,
)
