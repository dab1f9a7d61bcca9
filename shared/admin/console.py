"""What the operator sees and is asked."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TextIO

from shared.errors import InvalidInput

_EVERY_S = 1.0


@dataclass
class Console:
    """Results go to `out`, everything else to `err`, so results can be piped."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    answers: TextIO = field(default_factory=lambda: sys.stdin)
    _told_at: float = 0.0

    def say(self, text: str) -> None:
        self.out.write(f"{text}\n")

    def note(self, text: str) -> None:
        self.err.write(f"{text}\n")
        self.err.flush()

    def table(self, titles: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        cells = [titles, *([str(cell) for cell in row] for row in rows)]
        widths = [max(len(row[place]) for row in cells) for place in range(len(titles))]
        for row in cells:
            self.say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())

    def progress(self, what: str, count: int) -> None:
        """At most once a second."""
        if time.monotonic() - self._told_at >= _EVERY_S:
            self._told_at = time.monotonic()
            self.note(f"  {what}: {count:,}")

    def confirm(self, question: str, *, typed: str, yes: bool) -> None:
        """Raises `InvalidInput` unless `--yes` was given or `typed` is typed."""
        if yes:
            return
        self.err.write(f"{question}\nType [{typed}] to go on: ")
        self.err.flush()
        if self.answers.readline().strip() != typed:
            raise InvalidInput(f"not confirmed, nothing was done; type [{typed}], or give --yes")
