"""Dealerships: made, looked at, closed and opened again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.admin.acts import Operator
from shared.admin.belongings import tenant_path
from shared.errors import AlreadyExists, InvalidInput, NotFound
from shared.platform import Platform
from shared.ports import Document, Expect, Query, Write
from shared.runtime.tenant_state import CLOSED, DELETED, OPEN, state_of
from shared.runtime.webhook import sms_number_path

_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
TENANT_ID = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")


def create_tenant(
    platform: Platform, operator: Operator, tenant_id: str, *, name: str, time_zone: str
) -> None:
    """Raises `InvalidInput` naming the argument, `AlreadyExists`."""
    if not TENANT_ID.fullmatch(tenant_id):
        raise InvalidInput(f"ID is [{tenant_id}]: 3 to 40 lower-case letters, digits and [-], a letter first")
    if not name.strip():
        raise InvalidInput("--name is []; say what people call the dealership")
    _check_zone(time_zone)
    known = platform.documents.get(tenant_path(tenant_id))
    if known is not None:
        raise AlreadyExists(f"tenant [{tenant_id}] is there and [{state_of(known.data)}]; choose another ID")
    now = platform.clock.now()
    tenant = {"name": name.strip(), "time_zone": time_zone, "state": OPEN, "created_at": now}
    operator.act(
        platform,
        tenant_id,
        "tenant.created",
        [Write(tenant_path(tenant_id), tenant, Expect.ABSENT)],
        subject=tenant_path(tenant_id),
    )


def _check_zone(time_zone: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(
            f"--time-zone is [{time_zone}]; use a name of the IANA list such as [America/Chicago]"
        ) from error


def tenants(platform: Platform) -> Iterator[Document]:
    """Every dealership, also closed ones; not what is left of deleted ones."""
    found = platform.documents.query(Query("tenants"))
    return (tenant for tenant in found if state_of(tenant.data) != DELETED)


def require_tenant(platform: Platform, tenant_id: str) -> Document:
    """Raises `NotFound` saying which there are."""
    found = platform.documents.get(tenant_path(tenant_id))
    if found is None or state_of(found.data) == DELETED:
        known = ", ".join(tenant.id for tenant in tenants(platform)) or "none yet: `tenant create`"
        raise NotFound(f"there is no tenant [{tenant_id}]; there is {known}")
    return found


def close_tenant(platform: Platform, operator: Operator, tenant_id: str) -> None:
    """Takes no more in; what is under way is finished."""
    _change(platform, operator, tenant_id, was=OPEN, becomes=CLOSED, act="tenant.closed")


def reopen_tenant(platform: Platform, operator: Operator, tenant_id: str) -> None:
    _change(platform, operator, tenant_id, was=CLOSED, becomes=OPEN, act="tenant.reopened")


def give_number(platform: Platform, operator: Operator, tenant_id: str, number: str) -> str:
    """The dealership's number until now, or nothing. Raises `InvalidInput`, `AlreadyExists` for another's."""
    if not _NUMBER.fullmatch(number):
        raise InvalidInput(f"NUMBER is [{number}]; it begins with + and the country, e.g. +13125550100")
    tenant, path = require_tenant(platform, tenant_id), sms_number_path(number)
    held = platform.documents.get(path)
    if held is not None and held.data["tenant_id"] != tenant_id:
        raise AlreadyExists(f"[{number}] is the number of [{held.data['tenant_id']}]; give that one another")
    before = str(tenant.data.get("sms_number") or "")
    writes = [
        Write(tenant.path, {**tenant.data, "sms_number": number}, tenant.version),
        Write(path, {"tenant_id": tenant_id, "created_at": platform.clock.now()}),
    ]
    if before and before != number:
        writes.append(Write(sms_number_path(before), None))
    operator.act(platform, tenant_id, "tenant.number_given", writes, subject=tenant.path)
    return before


def _change(
    platform: Platform, operator: Operator, tenant_id: str, *, was: str, becomes: str, act: str
) -> None:
    tenant = require_tenant(platform, tenant_id)
    state = state_of(tenant.data)
    if state not in (was, becomes):
        raise InvalidInput(f"tenant [{tenant_id}] is [{state}]; only one that is [{was}] can be [{becomes}]")
    if state == was:
        write = Write(tenant.path, {**tenant.data, "state": becomes}, tenant.version)
        operator.act(platform, tenant_id, act, [write], subject=tenant.path)
