"""`python -m tests.media.make_walk_around`: speaks, draws and encodes the media of the tests anew.

Needs Debian's `flite` (a speech synthesiser without a network) besides the group [media]. What it writes is
committed, so a test run needs neither.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

HERE = Path(__file__).parent
WIDTH, HEIGHT, FRAMES_A_SECOND = 640, 360, 2
SECONDS = 30
VIN = "1HGCM82633A004352"
ODOMETER = "84213"
PAUSE_S = 1.0
WALK_AROUND = (
    "Okay, walking around the Accord.",
    "Wiper blades are good.",
    "Now the brakes. I have got metal on metal rotors, front left.",
    "Front right brake pads are good, seven millimeters.",
    "Rear tires are at four thirty seconds.",
    "The right headlight, no wait, the left headlight is cracked.",
    "I do not see any leaks. That is it.",
)
CHECK_OUT = (
    "Check out of the Accord.",
    "The rear bumper has a big dent.",
    "Metal on metal rotors, front left.",
)
SPANISH = "El freno delantero izquierdo hace un ruido muy fuerte. Hay que cambiar las pastillas hoy mismo."


def main() -> None:
    video("walk_around.mp4", spoken(*WALK_AROUND, voice="slt", seconds=SECONDS), pictures(VIN, ODOMETER))
    video(
        "other_vin.mp4",
        spoken("Metal on metal rotors, front left.", voice="rms"),
        pictures("5GZCZ43D13S812715", ""),
    )
    video("silent.mp4", np.zeros(5 * RATE, np.int16), pictures("", ""))
    video("check_out.mp4", spoken(*CHECK_OUT, voice="slt"), pictures(VIN, ""))
    sound("spanish.m4a", spanish(SPANISH))
    plate = card([("VIN", 0.9), (VIN, 1.5), ("MFD BY HONDA OF AMERICA MFG INC", 0.6)])
    cv2.imwrite(str(HERE / "vin_plate.jpg"), plate, [cv2.IMWRITE_JPEG_QUALITY, 70])
    for path in sorted(HERE.glob("*.[mj]p*")) + sorted(HERE.glob("*.m4a")):
        print(f"{path.name}: {path.stat().st_size // 1000} kB", file=sys.stderr)


RATE = 16_000


def spoken(*sentences: str, voice: str, seconds: int = 0) -> Any:
    """With a pause after each, and silence up to so many seconds."""
    pause = np.zeros(int(PAUSE_S * RATE), np.int16)
    said = [_synthesised(["flite", "-voice", voice, "-t", text, "-o"]) for text in sentences]
    samples = np.concatenate([part for one in said for part in (one, pause)])
    return np.pad(samples, (0, max(0, seconds * RATE - len(samples))))


def spanish(text: str) -> Any:
    return _synthesised(["espeak-ng", "-v", "es", "-s", "150", text, "-w"])


def _synthesised(command: list[str]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run([*command, str(path)], check=True)
        with wave.open(str(path)) as said:
            samples = np.frombuffer(said.readframes(said.getnframes()), np.int16)
            rate = said.getframerate()
    places = np.arange(0, len(samples), rate / RATE)
    return np.interp(places, np.arange(len(samples)), samples).astype(np.int16)


def pictures(vin: str, odometer: str) -> Iterator[Any]:
    """One a half second: the plate, the odometer, then the car's corners."""
    plate = card([("VIN", 0.9), (vin, 1.5)]) if vin else card([("front of the car", 0.9)])
    dash = card([("ODO", 0.9), (f"{odometer} mi", 2.2)]) if odometer else card([("dashboard", 0.9)])
    wheel = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    cv2.circle(wheel, (320, 180), 140, (30, 30, 30), -1)
    cv2.circle(wheel, (320, 180), 80, (170, 170, 170), 6)
    for number in range(SECONDS * FRAMES_A_SECOND):
        yield plate if number < 8 else dash if number < 16 else wheel


def card(lines: list[tuple[str, float]]) -> Any:
    picture = np.full((HEIGHT, WIDTH, 3), 225, np.uint8)
    for row, (text, size) in enumerate(lines):
        place = (24, 90 + 90 * row)
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, (20, 20, 20), 3, cv2.LINE_AA)
    return picture


def video(name: str, samples: Any, shown: Iterator[Any]) -> None:
    with av.open(str(HERE / name), "w") as out:
        picture_track = out.add_stream("libx264", rate=FRAMES_A_SECOND)
        picture_track.width, picture_track.height, picture_track.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        picture_track.codec_context.gop_size = 2 * FRAMES_A_SECOND
        picture_track.options = {"crf": "30"}
        sound_track = out.add_stream("aac", rate=RATE)
        sound_track.layout, sound_track.bit_rate = "mono", 32_000
        seconds = max(4, -(-len(samples) // RATE))
        for number, pixels in zip(range(min(SECONDS, seconds) * FRAMES_A_SECOND), shown, strict=False):
            frame = av.VideoFrame.from_ndarray(pixels, "bgr24")
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_A_SECOND)
            out.mux(picture_track.encode(frame))
        out.mux(picture_track.encode(None))
        _encode(out, sound_track, samples)


def sound(name: str, samples: Any) -> None:
    with av.open(str(HERE / name), "w", format="ipod") as out:
        track = out.add_stream("aac", rate=RATE)
        track.layout, track.bit_rate = "mono", 32_000
        _encode(out, track, samples)


def _encode(out: Any, track: Any, samples: Any) -> None:
    for start in range(0, len(samples), 1024):
        piece = samples[start : start + 1024].astype(np.float32) / 32768
        frame = av.AudioFrame.from_ndarray(piece.reshape(1, -1), "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        out.mux(track.encode(frame))
    out.mux(track.encode(None))


if __name__ == "__main__":
    main()
