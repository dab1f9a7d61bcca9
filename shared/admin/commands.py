"""One function a command: reads its arguments, does it, says what came of it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta

from shared.admin import keys, tenants, users
from shared.admin.acts import Operator
from shared.admin.arguments import read_minute, read_span
from shared.admin.belongings import tenant_path
from shared.admin.console import Console
from shared.admin.export import export_tenant
from shared.admin.export_files import Manifest
from shared.admin.removal import Removal, check_deletable, settle_seconds
from shared.admin.restore import import_tenant
from shared.admin.verify import verify_export
from shared.admin.wiring import Administration
from shared.runtime.auth import key_holds
from shared.runtime.tenant_state import state_of

RECEIPT = "deletion-receipt.json"


@dataclass(frozen=True)
class Command:
    """What a command works with."""

    admin: Administration
    operator: Operator
    given: argparse.Namespace
    console: Console


def tenant_create(command: Command) -> None:
    given = command.given
    tenants.create_tenant(
        command.admin.platform, command.operator, given.tenant_id, name=given.name, time_zone=given.time_zone
    )
    command.console.say(f"tenant [{given.tenant_id}] is there; next: `key issue {given.tenant_id} --name …`")


def tenant_list(command: Command) -> None:
    rows = [
        (one.id, state_of(one.data), one.data.get("name", ""), one.data.get("time_zone", ""))
        for one in tenants.tenants(command.admin.platform)
    ]
    command.console.table(("id", "state", "name", "time zone"), rows)


def tenant_show(command: Command) -> None:
    admin, tenant_id = command.admin, command.given.tenant_id
    tenant = tenants.require_tenant(admin.platform, tenant_id)
    now = admin.platform.clock.now()
    holding = [key for key in keys.keys_of(admin.platform, tenant_id) if key_holds(key.data, now)]
    rows: list[tuple[str, object]] = sorted((name, str(value)) for name, value in tenant.data.items())
    rows += [("keys that hold", len(holding)), ("users", sum(1 for _ in admin.accounts.of_tenant(tenant_id)))]
    rows.append(("documents", sum(1 for _ in admin.documents.below(tenant_path(tenant_id)))))
    rows += [
        (f"rows of {name}", admin.rows.count(table, tenant_id))
        for name, table in admin.catalogue.tables.items()
    ]
    command.console.table(("what", tenant_id), rows)


def tenant_close(command: Command) -> None:
    tenants.close_tenant(command.admin.platform, command.operator, command.given.tenant_id)
    command.console.say(
        f"tenant [{command.given.tenant_id}] takes nothing in; every process knows within 15 s"
    )


def tenant_reopen(command: Command) -> None:
    tenants.reopen_tenant(command.admin.platform, command.operator, command.given.tenant_id)
    command.console.say(f"tenant [{command.given.tenant_id}] is open; every process knows within 15 s")


def tenant_number(command: Command) -> None:
    given = command.given
    before = tenants.give_number(command.admin.platform, command.operator, given.tenant_id, given.number)
    command.console.say(f"customers of [{given.tenant_id}] text [{given.number}]")
    if before and before != given.number:
        command.console.note(f"texts to [{before}], its number until now, are nobody's; tell Twilio")


def tenant_export(command: Command) -> None:
    given, console = command.given, command.console
    manifest = export_tenant(
        command.admin,
        given.tenant_id,
        command.admin.place(given.to),
        at=read_minute(given.at),
        with_keys=not given.without_keys,
        progress=console.progress,
    )
    _say_manifest(console, manifest)
    if manifest.waiting_messages:
        console.note(
            f"[{manifest.waiting_messages}] messages were still on the bus and are not in the export"
        )
    console.say(f"next: `tenant verify-export {given.to}`")


def tenant_verify_export(command: Command) -> None:
    place = command.admin.place(command.given.place)
    manifest = verify_export(place, progress=command.console.progress)
    _say_manifest(command.console, manifest)
    command.console.say("the export is whole")


def tenant_import(command: Command) -> None:
    given, console = command.given, command.console
    where = command.admin.settings.project or str(command.admin.settings.data_dir)
    console.confirm(f"This writes a dealership into [{where}].", typed=where, yes=given.yes)
    place = command.admin.place(given.place)
    manifest = import_tenant(
        command.admin, place, with_accounts=given.with_accounts, progress=console.progress
    )
    tenant = tenants.require_tenant(command.admin.platform, manifest.tenant_id)
    _say_manifest(console, manifest)
    console.say(f"tenant [{tenant.id}] is there and [{state_of(tenant.data)}]")


def tenant_delete(command: Command) -> None:
    admin, given, console = command.admin, command.given, command.console
    place = admin.place(given.export)
    manifest = verify_export(place, progress=console.progress)
    now, max_age = admin.platform.clock.now(), timedelta(days=given.max_age_days)
    tenant = check_deletable(admin, given.tenant_id, manifest, now=now, max_age=max_age)
    console.confirm(
        f"This deletes everything of [{given.tenant_id}]. "
        f"What came after {manifest.read_at:%Y-%m-%d %H:%M} UTC is in no export.",
        typed=given.tenant_id,
        yes=given.yes,
    )
    settle_s = given.settle_seconds
    settle_s = settle_seconds(admin.settings.profile) if settle_s is None else settle_s
    receipt = Removal(admin, given.tenant_id, console.progress, settle_s).run(tenant, manifest, place.place)
    text = json.dumps(asdict(receipt), indent=2, default=str)
    with place.create(RECEIPT) as file:
        file.write(text.encode() + b"\n")
    console.say(text)


def key_issue(command: Command) -> None:
    given = command.given
    new = keys.issue_key(command.admin.platform, command.operator, given.tenant_id, given.name)
    _show_key(command.console, new)


def key_rotate(command: Command) -> None:
    given, overlap = command.given, read_span(command.given.overlap)
    platform = command.admin.platform
    new = keys.rotate_key(platform, command.operator, given.tenant_id, given.name, overlap=overlap)
    _show_key(command.console, new)
    command.console.note(
        f"the keys of that name before it open until {platform.clock.now() + overlap:%F %H:%M} UTC"
    )


def key_list(command: Command) -> None:
    platform, tenant_id = command.admin.platform, command.given.tenant_id
    tenants.require_tenant(platform, tenant_id)
    now = platform.clock.now()
    rows = [
        (keys.key_id(key), key.data["name"], f"{key.data['created_at']:%F}", keys.state_of_key(key, now))
        for key in keys.keys_of(platform, tenant_id)
    ]
    command.console.table(("id", "name", "made", "state"), rows)


def key_revoke(command: Command) -> None:
    given, console = command.given, command.console
    console.confirm(f"What uses [{given.key}] is refused at once.", typed=given.key, yes=given.yes)
    ended = keys.revoke_key(command.admin.platform, command.operator, given.tenant_id, given.key)
    console.say(f"revoked: {', '.join(ended) or 'none, they were revoked already'}")


def user_grant(command: Command) -> None:
    given, admin = command.given, command.admin
    email, roles = users.read_email(given.email), users.read_roles(given.roles)
    is_new = users.grant_user(admin, command.operator, email, tenant_id=given.tenant_id, roles=roles)
    command.console.say(f"[{email}] is {', '.join(roles)} of [{given.tenant_id}] from the next sign-in")
    if is_new and admin.settings.profile == "google":
        command.console.say("the account is new: a mail to set a password is on its way")
    if admin.settings.profile == "embedded":
        command.console.note(
            "this profile signs in by persona: POST /local/login with the role and the tenant"
        )


def user_list(command: Command) -> None:
    tenants.require_tenant(command.admin.platform, command.given.tenant_id)
    found = sorted(command.admin.accounts.of_tenant(command.given.tenant_id), key=lambda one: one.email)
    rows = [(one.email, ", ".join(one.roles), one.uid) for one in found]
    command.console.table(("e-mail", "roles", "uid"), rows)


def user_revoke(command: Command) -> None:
    given, email = command.given, users.read_email(command.given.email)
    command.console.confirm(f"[{email}] loses every right.", typed=email, yes=given.yes)
    was = users.revoke_user(command.admin, command.operator, email, delete=given.delete)
    command.console.say(
        f"[{email}] was {', '.join(was.roles) or 'nothing'} of [{was.tenant_id or 'no tenant'}]"
    )
    if command.admin.settings.profile == "google":
        command.console.note("a token made before holds until its hour is over")


COMMANDS: Mapping[str, Callable[[Command], None]] = {
    "tenant create": tenant_create,
    "tenant list": tenant_list,
    "tenant show": tenant_show,
    "tenant close": tenant_close,
    "tenant reopen": tenant_reopen,
    "tenant number": tenant_number,
    "tenant export": tenant_export,
    "tenant verify-export": tenant_verify_export,
    "tenant import": tenant_import,
    "tenant delete": tenant_delete,
    "key issue": key_issue,
    "key list": key_list,
    "key rotate": key_rotate,
    "key revoke": key_revoke,
    "user grant": user_grant,
    "user list": user_list,
    "user revoke": user_revoke,
}

ALONE = frozenset({"tenant show", "tenant export", "tenant import", "tenant delete"})
"""They open the embedded warehouse, which one process may have at a time."""


def _show_key(console: Console, new: keys.NewKey) -> None:
    console.note(f"key [{new.key_id}]; it is shown this once and stored nowhere:")
    console.say(new.key)


def _say_manifest(console: Console, manifest: Manifest) -> None:
    rows: list[tuple[object, ...]] = [(one.kind, one.name, one.count, one.bytes) for one in manifest.files]
    console.table(("kind", "name", "count", "bytes"), rows)
    console.say(f"[{manifest.tenant_id}] as of {manifest.read_at:%Y-%m-%d %H:%M:%S} UTC")
    console.say(f"content {manifest.content_sha256}")
