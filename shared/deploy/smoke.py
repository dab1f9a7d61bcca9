"""Asks the live product whether this release runs: `python -m shared.deploy.smoke --url https://<domain>`.

Only the standard library, and nothing is changed: every question without a credential, except the one whole
way through the product that `--user-token-file` asks for.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.deploy.release_shell import ReleaseError, Say, to_log
from shared.deploy.smoke_checks import HEALTH, Check, Expected, Functions, checks
from shared.deploy.smoke_question import plate
from shared.deploy.smoke_web import Unreachable, Web

FUNCTIONS = Path(__file__).resolve().parents[2] / "terraform" / "derived" / "functions.json"
PLATE_S = 60.0


@dataclass(frozen=True)
class Waiting:
    """`first_answer_s`: a first release waits for DNS, certificate and load balancer, up to an hour.
    `settled_s`: a changed one reaches every front end of the load balancer within a few minutes."""

    first_answer_s: float = 600.0
    settled_s: float = 180.0
    looks_every_s: float = 5.0
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def smoke(web: Web, expected: Expected, waiting: Waiting, say: Say, *further: Check) -> list[str]:
    """What is wrong, one line each; nothing when the release is live."""
    if silent := await_answer(web, waiting, say):
        return [silent]
    wanted = [*checks(web, expected), *further]
    wrong = _settled(wanted, waiting, say)
    for check in wanted:
        verdict = "FAILED" if check.name in wrong else "ok    "
        say(f"{verdict} {check.name}{_reason(wrong.get(check.name, ''))}")
    say(f"{len(wanted) - len(wrong)} of {len(wanted)} checks hold at {web.url}")
    return [f"{name}: {reason}" for name, reason in wrong.items()]


def await_answer(web: Web, waiting: Waiting, say: Say) -> str:
    """Waits until the product answers at all, and says what for. What is missing in the end, or nothing."""
    until, told = waiting.now() + waiting.first_answer_s, ""
    while reason := _missing(web):
        if reason != told:
            say(f"waiting, at most {max(0, until - waiting.now()) / 60:.0f} more minutes: {reason}")
            told = reason
        if waiting.now() >= until:
            return f"no answer from the product within {waiting.first_answer_s / 60:g} minutes: {reason}"
        waiting.sleep(waiting.looks_every_s)
    return ""


def _missing(web: Web) -> str:
    try:
        answer = web.ask("GET", HEALTH)
    except Unreachable as error:
        return str(error)
    return "" if answer.status == 200 else f"{HEALTH} answers {answer.status}"


def _settled(wanted: Sequence[Check], waiting: Waiting, say: Say) -> dict[str, str]:
    """Looks again at what failed until it holds or the time is over: check → what is wrong."""
    until, left = waiting.now() + waiting.settled_s, list(wanted)
    while True:
        wrong = {check.name: reason for check in left if (reason := _looked(check))}
        if not wrong or waiting.now() >= until:
            return wrong
        if len(wrong) < len(left) or left == list(wanted):
            name, reason = next(iter(wrong.items()))
            say(f"{len(wrong)} checks do not hold yet, such as {name}: {reason}")
        left = [check for check in left if check.name in wrong]
        waiting.sleep(waiting.looks_every_s)


def _looked(check: Check) -> str:
    try:
        return check.look()
    except Unreachable as error:
        return str(error)


def _reason(reason: str) -> str:
    return f": {reason}" if reason else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every check holds, else 1."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except ReleaseError as error:
        to_log(str(error))
        return 1


def _run(options: argparse.Namespace) -> int:
    known_as = {}
    if options.api_key_file:
        known_as["X-API-Key"] = _secret(options.api_key_file)
    if options.user_token_file:
        known_as["Authorization"] = f"Bearer {_secret(options.user_token_file)}"
    web = Web(options.url.rstrip("/"), ca_file=options.ca_file, known_as=known_as)
    further = (
        [Check("a question gets its plate", lambda: plate(web, seconds=PLATE_S))]
        if options.user_token_file
        else []
    )
    expected = Expected(read_functions(options.functions), frozenset(options.tolerate), options.plain_port)
    waiting = Waiting(options.wait_minutes * 60, options.settle_seconds)
    return 1 if smoke(web, expected, waiting, to_log, *further) else 0


def read_functions(path: Path) -> Functions:
    functions: Functions = json.loads(path.read_text(encoding="utf-8"))
    return functions


def _secret(path: str) -> str:
    """Of a file, or of standard input for `-`: never of the command line, which others on the machine see."""
    return (sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")).strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shared.deploy.smoke", description=__doc__)
    parser.add_argument("--url", required=True, help="https://<domain>")
    parser.add_argument("--functions", type=Path, default=FUNCTIONS, help="functions.json of the release")
    parser.add_argument(
        "--wait-minutes", type=float, default=10, help="for a first answer; 60 for a new domain"
    )
    parser.add_argument("--settle-seconds", type=float, default=180, help="for what does not hold at once")
    parser.add_argument(
        "--tolerate", action="append", default=[], metavar="PRIMITIVE", help="may be degraded"
    )
    parser.add_argument("--api-key-file", help="an API key; then it is told why a primitive is degraded")
    parser.add_argument("--user-token-file", help="a user's ID token (or -): then a question is asked")
    parser.add_argument("--ca-file", help="further certificates to trust")
    parser.add_argument("--plain-port", type=int, default=80, help="where plain HTTP is asked")
    return parser


if __name__ == "__main__":
    sys.exit(main())
