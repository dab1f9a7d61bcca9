"""The command line's words."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from shared.errors import InvalidInput

_SPAN = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

Add = Callable[..., argparse.ArgumentParser]


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m shared.admin",
        description="Dealerships, API keys and users; export, import and deletion. "
        "On this machine's data, or with --project in a Google Cloud project with your own credentials "
        "(gcloud auth application-default login). docs/operations/README.md has the recipes.",
    )
    subjects = made.add_subparsers(dest="subject", required=True, metavar="SUBJECT")
    _tenants(_adding(subjects, "tenant", "dealerships: create, list, show, close, export, import, delete"))
    _keys(_adding(subjects, "key", "API keys of a dealership: issue, list, rotate, revoke"))
    _users(_adding(subjects, "user", "who may sign in to a dealership: grant, list, revoke"))
    return made


def _tenants(add: Add) -> None:
    create = add("create", "make a dealership")
    create.add_argument("tenant_id", metavar="ID", help="its id for ever, e.g. harbor")
    create.add_argument("--name", required=True, help="what people call it, e.g. 'Harbor Motors'")
    create.add_argument("--time-zone", required=True, help="of the IANA list, e.g. America/Chicago")
    add("list", "every dealership")
    for verb, words in (
        ("show", "a dealership with its keys and how much it has"),
        ("close", "take no more in; what is under way is finished"),
        ("reopen", "take in again"),
    ):
        add(verb, words).add_argument("tenant_id", metavar="ID")
    number = add(
        "number", "say which number a dealership's customers text; texts to it are theirs from then on"
    )
    number.add_argument("tenant_id", metavar="ID")
    number.add_argument(
        "number", metavar="NUMBER", help="E.164, e.g. +13125550100; it must be yours at Twilio"
    )
    _exports(add)
    delete = add("delete", "delete everything of a dealership, proved by reading back")
    delete.add_argument("tenant_id", metavar="ID")
    delete.add_argument("--export", required=True, metavar="PLACE", help="a verified export of it")
    delete.add_argument("--max-age-days", type=int, default=7, help="oldest export accepted (default 7)")
    delete.add_argument(
        "--settle-seconds",
        type=float,
        help="wait so long for requests at work (default: as long as the longest may take)",
    )
    _confirmed(delete)


def _exports(add: Add) -> None:
    export = add("export", "write everything of a dealership to files")
    export.add_argument("tenant_id", metavar="ID")
    export.add_argument("--to", required=True, metavar="PLACE", help="an empty folder, or gs://bucket/prefix")
    export.add_argument(
        "--at", metavar="TIME", help="as it was at a whole minute of the last 7 days, e.g. 2026-11-20T07:15Z"
    )
    export.add_argument(
        "--database",
        default="(default)",
        help="the Firestore database its documents are read from, e.g. a restored backup",
    )
    export.add_argument(
        "--without-keys", action="store_true", help="leave the API keys' hashes out, to hand the copy over"
    )
    verify = add("verify-export", "read an export whole and compare it with its manifest")
    verify.add_argument("place", metavar="PLACE")
    restore = add("import", "put an export back into a dealership that is not there")
    restore.add_argument("place", metavar="PLACE")
    restore.add_argument(
        "--with-accounts", action="store_true", help="also give the sign-in rights back, making accounts"
    )
    _confirmed(restore)


def _keys(add: Add) -> None:
    issue = add("issue", "make a key; it is shown once")
    listing = add("list", "every key, without the keys themselves")
    rotate = add("rotate", "make a new key of the same name; the old one still opens for a while")
    revoke = add("revoke", "end a key at once, by its name or id")
    for one in (issue, listing, rotate, revoke):
        one.add_argument("tenant_id", metavar="TENANT")
    for one in (issue, rotate):
        one.add_argument("--name", required=True, help="what uses it, e.g. web-form; the ledger names it")
    rotate.add_argument(
        "--overlap", default="24h", help="how long the old key still opens: 0s, 30m, 24h, 7d (default 24h)"
    )
    revoke.add_argument("key", metavar="KEY", help="a key's name or id")
    _confirmed(revoke)


def _users(add: Add) -> None:
    grant = add("grant", "let somebody sign in to a dealership; makes the account when there is none")
    grant.add_argument("email", metavar="EMAIL")
    grant.add_argument("--tenant", required=True, dest="tenant_id", metavar="ID")
    grant.add_argument("--roles", required=True, help="separated by commas, e.g. ceo,operator")
    add("list", "who may sign in to a dealership").add_argument("tenant_id", metavar="TENANT")
    revoke = add("revoke", "take every right and end every session")
    revoke.add_argument("email", metavar="EMAIL")
    revoke.add_argument("--delete", action="store_true", help="delete the account too")
    _confirmed(revoke)


def _adding(subjects: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str) -> Add:
    verbs = subjects.add_parser(name, help=words, description=words.capitalize() + ".")
    each = verbs.add_subparsers(dest="verb", required=True, metavar="VERB")

    def add(verb: str, words: str) -> argparse.ArgumentParser:
        made = each.add_parser(verb, help=words, description=words.capitalize() + ".")
        _where(made)
        return made

    return add


def _where(to: argparse.ArgumentParser) -> None:
    group = to.add_argument_group("where")
    group.add_argument("--project", help="the Google Cloud project; without it, COS_PROFILE decides")
    group.add_argument("--region", help="its region (default us-central1)")
    group.add_argument("--bucket", help="the bucket of its files (default PROJECT-files)")
    group.add_argument("--data-dir", help="the data folder of the embedded profile (default .cos)")
    group.add_argument("--as", dest="operator", metavar="NAME", help="who you are, for the ledger")
    group.add_argument("--identity-url", default="", help=argparse.SUPPRESS)


def _confirmed(to: argparse.ArgumentParser) -> None:
    to.add_argument("--yes", action="store_true", help="do not ask")


def read_span(text: str) -> timedelta:
    """`30m`, `24h`, `7d`. Raises `InvalidInput`."""
    match = _SPAN.fullmatch(text)
    if match is None:
        raise InvalidInput(f"--overlap is [{text}]: write a number and s, m, h or d, e.g. 24h")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def read_minute(text: str | None) -> datetime | None:
    """A whole minute with its zone. Raises `InvalidInput`."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"--at is [{text}]: write it like 2026-11-20T07:15Z") from error
    if moment.tzinfo is None or moment.second or moment.microsecond:
        raise InvalidInput(f"--at is [{text}]: a whole minute with its zone, e.g. 2026-11-20T07:15Z")
    return moment.astimezone(UTC)
