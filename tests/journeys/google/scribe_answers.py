"""What a language model makes of the media of the tests, in the words of its answer's schema."""

from __future__ import annotations

from typing import Any


def _line(at: float, text: str) -> dict[str, Any]:
    return {"at_seconds": at, "text": text}


def _found(
    component: str, zone: str | None, severity: str, condition: str, quote: str, at: float
) -> dict[str, Any]:
    return {
        "component": component,
        "zone": zone,
        "severity": severity,
        "condition": condition,
        "quote": quote,
        "at_seconds": at,
        "is_seen": False,
        "is_certain": True,
    }


METAL = "I have got metal on metal rotors, front left."
LIGHT = "The right headlight, no wait, the left headlight is cracked."
DENT = "The rear bumper has a big dent."

ANSWERS: dict[str, dict[str, Any]] = {
    "walk_around.mp4": {
        "language": "en",
        "transcript": [_line(6.4, METAL), _line(19.4, LIGHT)],
        "writing": [_line(0.5, "VIN 1HGCM82633A004352"), _line(5.0, "ODO 84213 mi")],
        "findings": [
            _found("brake_rotor", "front_left", "red", "metal_on_metal", METAL, 6.4),
            _found("headlight", "front_left", "yellow", "cracked", LIGHT, 19.4),
        ],
    },
    "check_out.mp4": {
        "language": "en",
        "transcript": [_line(2.8, DENT), _line(6.0, METAL)],
        "writing": [_line(0.5, "1HGCM82633A004352")],
        "findings": [
            _found("bumper", "rear", "yellow", "dented", DENT, 2.8),
            _found("brake_rotor", "front_left", "red", "metal_on_metal", METAL, 6.0),
        ],
    },
    "other_vin.mp4": {
        "language": "en",
        "transcript": [_line(0.2, METAL)],
        "writing": [_line(0.5, "5GZCZ43D13S812715")],
        "findings": [_found("brake_rotor", "front_left", "red", "metal_on_metal", METAL, 0.2)],
    },
    "silent.mp4": {"language": "", "transcript": [], "writing": [], "findings": []},
    "spanish.m4a": {
        "language": "es",
        "transcript": [_line(0.1, "El freno delantero izquierdo hace un ruido muy fuerte.")],
        "writing": [],
        "findings": [],
    },
    "vin_plate.jpg": {
        "language": "",
        "transcript": [],
        "writing": [_line(0, "1HGCM82633A004352")],
        "findings": [],
    },
}
