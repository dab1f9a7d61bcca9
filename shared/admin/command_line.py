"""From the words of a command line to its exit code.

0 done, 1 refused for what was asked, 2 a wrong setting or argument, 3 not done yet: run the same again.
"""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from shared.admin.acts import Operator
from shared.admin.arguments import parser
from shared.admin.commands import ALONE, COMMANDS, Command
from shared.admin.console import Console
from shared.admin.wiring import Administration
from shared.errors import CosError, InvalidInput, Misconfigured, Transient
from shared.local import data_folder
from shared.settings import Settings, load

EXITS: tuple[tuple[type[CosError], int], ...] = ((Misconfigured, 2), (InvalidInput, 2), (Transient, 3))


def run(arguments: Sequence[str], console: Console | None = None) -> int:
    given = parser().parse_args(arguments)
    console = console or Console()
    name = f"{given.subject} {given.verb}"
    try:
        settings = settings_of(given)
        with _alone(settings, name):
            database = getattr(given, "database", "(default)")
            admin = Administration(settings, database=database, identity_url=given.identity_url)
            try:
                operator = Operator(given.operator or getpass.getuser())
                COMMANDS[name](Command(admin, operator, given, console))
            finally:
                admin.close()
    except CosError as error:
        console.note(f"{name}: {error}")
        return next((code for kind, code in EXITS if isinstance(error, kind)), 1)
    return 0


def settings_of(given: Any) -> Settings:
    """The environment's, with what the command line says instead."""
    changes: dict[str, object] = {
        "project": given.project,
        "region": given.region,
        "bucket": given.bucket,
        "data_dir": Path(given.data_dir) if given.data_dir else None,
        "profile": "google" if given.project else None,
        # What is said here is for a person; the adapters' own lines would stand between.
        "log_level": "ERROR",
    }
    return load().model_copy(update={name: value for name, value in changes.items() if value is not None})


def _alone(settings: Settings, name: str) -> AbstractContextManager[None]:
    if settings.profile == "embedded" and name in ALONE:
        return data_folder.only_user(settings.data_dir)
    return nullcontext()
