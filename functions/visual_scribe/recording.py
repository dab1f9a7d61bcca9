"""What was found is written: to the media, and as flags to the vehicle it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from functions.visual_scribe.car import Car, decide_car
from functions.visual_scribe.flagging import Flag, Sighting, flagged
from functions.visual_scribe.looking import kept_frames
from functions.visual_scribe.telling import tell_danger, tell_doubts, tell_new_damage, tell_wrong_car
from shared.brain.inspect_media.models import Inspection
from shared.domain.media import COLLECTION, MediaState, media_path
from shared.domain.twin_diff import compare
from shared.domain.twin_flags import flags_of, keep
from shared.ports import Query
from shared.runtime.work import UnitOfWork

MOST_MEDIA = 50


def record(media: Mapping[str, Any], found: Inspection, work: UnitOfWork) -> None:
    """In one commit: the media, the flags, the vehicle's summary, and who has to know."""
    car = _car(media, found, work)
    if car.vin is None:
        if car.check == "mismatch":
            tell_wrong_car(media, work)
        else:
            tell_doubts((), found, media, car, work)
        state: MediaState = "vin_mismatch" if car.check == "mismatch" else "needs_review"
        _write(media, found, car, (), state, None, work)
        return
    before, check_ins = flags_of(work, car.vin), _check_ins(media, car.vin, work)
    changed = flagged(found.findings, before, _sighting(media, found, car.vin, check_ins, work))
    after = list({flag["flag_id"]: flag for flag in [*before, *changed]}.values())
    keep(work, car.vin, changed, before, media_id=media["media_id"])
    tell_danger(changed, media, work)
    tell_doubts(changed, found, media, car, work)
    tell_new_damage(changed, media, work)
    _write(media, found, car, changed, _state(found, changed), _compared(media, after, check_ins), work)


def _car(media: Mapping[str, Any], found: Inspection, work: UnitOfWork) -> Car:
    seen = [one.text for one in found.vins]
    paths = [f"vehicles/{vin}" for vin in seen] if media["vin"] is None else []
    known = [document.id for document in work.get_many(paths) if document] if paths else []
    by_person = bool(media.get("vin_said_by"))
    return decide_car(media["vin"], seen, said_by_a_person=by_person, known=frozenset(known))


def _check_ins(media: Mapping[str, Any], vin: str, work: UnitOfWork) -> tuple[str, ...]:
    """What a check-out is compared with: media of the same repair order's check-in, else the newest ones."""
    if media["stage"] != "check_out":
        return ()
    where = (("vin", "==", vin), ("stage", "==", "check_in"))
    found = [one.data for one in work.query(Query(COLLECTION, where, ("-uploaded_at",), MOST_MEDIA))]
    read = [one for one in found if one["state"] in ("read", "needs_review")]
    same = [one for one in read if one["repair_order"] == media["repair_order"]]
    return tuple(one["media_id"] for one in (same if media["repair_order"] else read))


def _sighting(
    media: Mapping[str, Any], found: Inspection, vin: str, check_ins: tuple[str, ...], work: UnitOfWork
) -> Sighting:
    return Sighting(
        vin=vin,
        media_id=media["media_id"],
        stage=media["stage"],
        repair_order=media["repair_order"],
        captured_at=media["captured_at"],
        model_version=found.model_version,
        frames=frozenset(media.get("frames", ()) or kept_frames(found)),
        check_ins=check_ins,
        now=work.now,
    )


def _state(found: Inspection, changed: Sequence[Flag]) -> MediaState:
    if "cannot_be_decoded" in found.unread or "nobody_could_look" in found.unread:
        return "unreadable"
    doubted = any(flag["state"] == "needs_review" for flag in changed)
    return "needs_review" if doubted or found.unread else "read"


def _compared(
    media: Mapping[str, Any], flags: Sequence[Flag], check_ins: tuple[str, ...]
) -> dict[str, Any] | None:
    if media["stage"] != "check_out":
        return None
    compared = compare(flags, check_in=check_ins, check_out=[media["media_id"]])
    return {name: list(ids) for name, ids in asdict(compared).items()}


def _write(
    media: Mapping[str, Any],
    found: Inspection,
    car: Car,
    changed: Sequence[Flag],
    state: MediaState,
    compared: dict[str, Any] | None,
    work: UnitOfWork,
) -> None:
    reading = found.model_dump(mode="json", exclude={"pictures"})
    work.put(
        media_path(media["media_id"]),
        {
            **media,
            "state": state,
            "vin": car.vin or media["vin"],
            "vin_check": car.check,
            "vins_seen": reading["vins"],
            "odometer": reading["odometer"],
            "transcript": reading["transcript"],
            "findings": reading["findings"],
            "unread": reading["unread"],
            "duration_s": found.duration_s,
            "model_version": found.model_version,
            "frames": list(media.get("frames", ()) or kept_frames(found)),
            "flag_ids": [flag["flag_id"] for flag in changed],
            "compared": compared,
            "reading": reading,
            "read_at": work.now,
        },
    )
    detail = {"state": state, "vin_check": car.check, "findings": len(found.findings), "flags": len(changed)}
    work.audit("media.read", subject=media_path(media["media_id"]), detail=detail)
