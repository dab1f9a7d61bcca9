"""Who may sign in to a dealership, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from shared.admin.acts import Operator
from shared.admin.ports import Account
from shared.admin.tenants import require_tenant
from shared.admin.wiring import Administration
from shared.domain.email import parse_email
from shared.domain.staff import Role
from shared.errors import InvalidInput, NotFound

ROLES: tuple[str, ...] = get_args(Role)


def read_email(text: str) -> str:
    """As Identity Platform keeps it: in lower case. Raises `InvalidInput`."""
    try:
        return parse_email(text)
    except ValueError as error:
        raise InvalidInput(f"EMAIL: {error}") from error


def read_roles(text: str) -> tuple[str, ...]:
    roles = tuple(dict.fromkeys(role.strip() for role in text.split(",") if role.strip()))
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise InvalidInput(f"--roles is [{text}]: name some of {', '.join(ROLES)}, separated by commas")
    return roles


def grant_user(
    admin: Administration, operator: Operator, email: str, *, tenant_id: str, roles: Sequence[str]
) -> bool:
    """True when the account was made for it. Raises `InvalidInput` when it belongs to another dealership."""
    require_tenant(admin.platform, tenant_id)
    account = admin.accounts.find(email)
    if account and account.tenant_id not in ("", tenant_id):
        raise InvalidInput(f"EMAIL [{email}] belongs to tenant [{account.tenant_id}]; `user revoke` it first")
    is_new = account is None
    account = account or admin.accounts.create(email)
    admin.accounts.grant(account, tenant_id=tenant_id, roles=roles)
    _note(admin, operator, account, tenant_id, "user.granted", roles)
    if is_new:
        admin.accounts.invite(account)
    return is_new


def revoke_user(admin: Administration, operator: Operator, email: str, *, delete: bool) -> Account:
    """What it was. Raises `NotFound`."""
    account = admin.accounts.find(email)
    if account is None:
        raise NotFound(f"nobody signs in as [{email}]")
    admin.accounts.revoke(account, now=admin.platform.clock.now())
    if account.tenant_id:
        _note(admin, operator, account, account.tenant_id, "user.revoked", ())
    if delete:
        admin.accounts.delete(account)
    return account


def _note(
    admin: Administration,
    operator: Operator,
    account: Account,
    tenant_id: str,
    type: str,
    roles: Sequence[str],
) -> None:
    """The ledger holds no personal data: the account's id, not its address."""
    detail = {"roles": list(roles)} if roles else {}
    operator.act(admin.platform, tenant_id, type, [], subject=f"users/{account.uid}", detail=detail)
