"""Runs gcloud, terraform and docker for a release, and says in their own words what failed.

Only the standard library: a release runs where Python is, before anything is installed.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shared.errors import CosError

Say = Callable[[str], None]

QUICK_S = 300.0
"""A question to the cloud; a login, a copy or a list never takes longer."""

ENDING_S = 600.0
"""Terraform ends what it is doing and gives the lock of its state back before it stops."""

LAST_LINES = 12


class ReleaseError(CosError):
    """The release stops; the message says why and what to do."""


class CommandFailed(ReleaseError):
    """A program ended with an error, or not in time."""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """`programs` names those that do not lie on the search path: terraform → where it is."""

    programs: Mapping[str, str] = field(default_factory=dict)

    def ask(self, program: str, *arguments: str, stdin: str = "") -> Ran:
        """What it answered, whatever its exit code. Raises `CommandFailed` when it takes too long."""
        command = [self._path(program), *arguments]
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=QUICK_S)
        except FileNotFoundError as error:
            raise CommandFailed(f"[{program}] is not installed here: {error}") from error
        except subprocess.TimeoutExpired as error:
            raise CommandFailed(f"[{shown(program, arguments)}] took over {QUICK_S:g} s") from error
        return Ran(done.returncode, done.stdout, done.stderr)

    def must(self, program: str, *arguments: str, stdin: str = "") -> str:
        """What it wrote. Raises `CommandFailed` with the last it said."""
        ran = self.ask(program, *arguments, stdin=stdin)
        if ran.code != 0:
            raise failed(program, arguments, ran)
        return ran.out

    def show(self, program: str, *arguments: str, seconds: float) -> None:
        """Its words go to the log as they come. Raises `CommandFailed` when it fails or takes too long;
        then it has first been asked to end what it is at."""
        sys.stdout.flush()
        try:
            process = subprocess.Popen([self._path(program), *arguments])
        except FileNotFoundError as error:
            raise CommandFailed(f"[{program}] is not installed here: {error}") from error
        try:
            code = process.wait(seconds)
        except KeyboardInterrupt:
            process.wait(ENDING_S)  # the program was interrupted by the same keys and ends what it is at
            raise
        except subprocess.TimeoutExpired as error:
            _end(process)
            raise CommandFailed(
                f"[{shown(program, arguments)}] took over {seconds / 60:g} minutes"
            ) from error
        if code != 0:
            raise CommandFailed(f"[{shown(program, arguments)}] ended with [{code}]; its words are above")

    def _path(self, program: str) -> str:
        return self.programs.get(program, program)


def failed(program: str, arguments: tuple[str, ...], ran: Ran) -> CommandFailed:
    last = "\n".join((ran.err.strip() or ran.out.strip()).splitlines()[-LAST_LINES:])
    return CommandFailed(f"[{shown(program, arguments)}] ended with [{ran.code}]: {last}")


def shown(program: str, arguments: tuple[str, ...]) -> str:
    return " ".join((program, *arguments))


def to_log(text: str) -> None:
    """One line of the release's own, told apart from those of the programs it runs."""
    for line in text.splitlines():
        sys.stdout.write(f"release: {line}\n")
    sys.stdout.flush()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(ENDING_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
