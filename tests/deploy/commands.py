"""The commands that documents tell people to type, as words."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(?:sh|bash)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SUBSTITUTION = re.compile(r"\$\((.*)\)")
_VARIABLE = re.compile(r"\$\{?([A-Z_]+)\}?")
_ENDS = {"|", "||", "&&", ";", ">", ">>", "<"}
SAMPLES = {
    "PROJECT": "autohaus-prod",
    "REGION": "us-central1",
    "ENVIRONMENT": "production",
    "DOMAIN": "cos.example.com",
    "BILLING": "ABCDEF-012345-6789AB",
    "A": "deployer@autohaus-prod.iam.gserviceaccount.com",
}


@dataclass(frozen=True)
class Command:
    document: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.document}: {shlex.join(self.words)}"


def blocks(document: Path) -> list[str]:
    return _BLOCK.findall(document.read_text(encoding="utf-8"))


def commands_of(document: Path) -> list[Command]:
    """Of all its shell blocks, one for each part of a pipeline; variables have their sample values."""
    text = "\n".join(blocks(document)).replace("\\\n", " ")
    return [
        Command(document.name, tuple(words))
        for line in _lines(text)
        for words in _parts(_VARIABLE.sub(lambda match: SAMPLES.get(match[1], "x"), line))
    ]


def assigned(document: Path) -> set[str]:
    return set(re.findall(r"\b([A-Z_]+)=", "\n".join(blocks(document))))


def used(document: Path) -> set[str]:
    return set(_VARIABLE.findall("\n".join(blocks(document))))


def _lines(text: str) -> Iterator[str]:
    """What stands in `$(…)` is a command of its own; a quoted text may go on for several lines."""
    for line in _closed(text.splitlines()):
        yield from _SUBSTITUTION.findall(line)
        yield _SUBSTITUTION.sub("x", line)


def _closed(lines: list[str]) -> Iterator[str]:
    whole = ""
    for line in lines:
        whole += line
        if whole.partition(" #")[0].count("'") % 2 == 0:
            yield whole
            whole = ""


def _parts(line: str) -> Iterator[list[str]]:
    reader = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    reader.whitespace_split, reader.commenters = True, "#"
    words: list[str] = []
    for word in (*reader, ";"):
        if word not in _ENDS:
            words.append(word)
            continue
        if words:
            yield words
        words = []
