"""Who has to know: about danger, about doubt, about the wrong car, about new damage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from functions.visual_scribe.car import Car
from shared.brain.inspect_media.models import Inspection
from shared.domain.components import catalogue
from shared.domain.in_the_shop import in_the_shop
from shared.domain.media import media_path
from shared.domain.twin_diff import DAMAGE_SYSTEMS
from shared.domain.twin_flags import area
from shared.events.conversation import AttentionRequested
from shared.runtime.work import UnitOfWork

MOST_NAMED = 4
ROLES = ("advisor",)

WHY = {
    "nothing_recognised": "no condition of any part was recognised in it",
    "nothing_said": "nothing understandable is said in it",
    "pictures_only": "it is a picture, and nobody described it",
    "other_language": "it is in a language nobody here reads",
    "unclear_speech": "the speech is unclear",
    "too_long": "only its beginning was looked at",
    "part_not_named": "a defect is named without its part",
    "cannot_be_decoded": "the file cannot be decoded",
    "nobody_could_look": "no model could look at it",
}


def tell_danger(flags: Sequence[Mapping[str, Any]], media: Mapping[str, Any], work: UnitOfWork) -> None:
    """A red flag on a part that keeps people alive is everybody's business at once."""
    sure = [flag for flag in flags if _is_danger(flag) and flag["state"] != "needs_review"]
    if sure:
        car = in_the_shop(work, sure[0]["vin"])
        summary = f"Unsafe: {car.words}: {_named(sure)}"
        _ask(work, media, "safety_flag", summary, vin=sure[0]["vin"], safety=True)


def tell_doubts(
    flags: Sequence[Mapping[str, Any]],
    found: Inspection,
    media: Mapping[str, Any],
    car: Car,
    work: UnitOfWork,
) -> None:
    doubted = [flag for flag in flags if flag["state"] == "needs_review"]
    reasons = [WHY[reason] for reason in found.unread]
    if doubted:
        reasons.insert(0, f"{_named(doubted)} to be confirmed")
    if car.check == "no_vehicle":
        reasons.append("nobody said which vehicle it shows")
    if reasons:
        of = f" of the {in_the_shop(work, car.vin).words}" if car.vin else ""
        summary = f"A walk-around{of} needs a person: {'; '.join(reasons)}"
        _ask(work, media, "scribe_review", summary, vin=car.vin or "", safety=any(map(_is_danger, doubted)))


def tell_wrong_car(media: Mapping[str, Any], work: UnitOfWork) -> None:
    vin = str(media.get("vin") or "")
    sent_for = f"the {in_the_shop(work, vin).words}" if vin else "the vehicle"
    summary = f"A walk-around sent for {sent_for} shows another VIN; no flag was written"
    _ask(work, media, "vin_mismatch", summary, vin=vin, group=f"vin_mismatch:{media['media_id']}")


def tell_new_damage(flags: Sequence[Mapping[str, Any]], media: Mapping[str, Any], work: UnitOfWork) -> None:
    """Damage that was not there when the vehicle came: before the customer finds it."""
    new = [
        flag
        for flag in flags
        if not flag["pre_existing"] and flag["severity"] != "green" and flag["system"] in DAMAGE_SYSTEMS
    ]
    if media["stage"] == "check_out" and new:
        car = in_the_shop(work, new[0]["vin"])
        summary = f"New since check-in: {car.words}: {_named(new)}"
        _ask(work, media, "scribe_review", summary, vin=new[0]["vin"], group=f"new_damage:{new[0]['vin']}")


def _ask(
    work: UnitOfWork,
    media: Mapping[str, Any],
    kind: str,
    summary: str,
    *,
    vin: str,
    safety: bool = False,
    group: str = "",
) -> None:
    staff = in_the_shop(work, vin).staff_id
    work.emit(
        AttentionRequested(
            subject=media_path(media["media_id"]),
            kind=kind,
            summary=summary,
            urgency="high" if safety or kind == "vin_mismatch" else "normal",
            roles=ROLES,
            staff_ids=(staff,) if staff else (),
            safety=safety,
            link=f"/media/{media['media_id']}",
            detail=media_path(media["media_id"]),
            group=group or f"{kind}:{vin or media['media_id']}",
        )
    )


def _is_danger(flag: Mapping[str, Any]) -> bool:
    return bool(flag["severity"] == "red" and catalogue().component(flag["component"]).safety)


def _named(flags: Sequence[Mapping[str, Any]]) -> str:
    named = [area(flag) for flag in flags[:MOST_NAMED]]
    more = len(flags) - len(named)
    return "; ".join(named) + (f" and {more} more" if more else "")
