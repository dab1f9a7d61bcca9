"""Who may say who the chiefs are.

Texts from a member's phone are answered under the member's role, and what is odd about the money is texted to
the chiefs. So an API key, which lies in other systems and only ever writes, can make nobody one of them, and
changes neither the role nor the phone of one: it could read the books with its own phone otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.records_intake.report import RowError
from shared.domain.record import Record
from shared.domain.staff import StaffMember

CHIEFS = frozenset({"ceo", "operator"})


def refused_to_a_key(record: Record, before: Mapping[str, Any] | None) -> RowError | None:
    """The row's error, None for what a key may send: also that a chief has left, or the same again."""
    if not isinstance(record, StaffMember):
        return None
    known = before or {}
    if not CHIEFS & {record.role, known.get("role")}:
        return None
    if record.role != known.get("role"):
        return _error("role", f"[{record.role}] of [{record.staff_id}]")
    if record.phone != known.get("phone"):
        return _error("phone", f"the phone of [{record.staff_id}], who is [{record.role}],")
    if record.active and not known.get("active", True):
        return _error("active", f"that [{record.staff_id}], who is [{record.role}], is back")
    return None


def _error(field: str, what: str) -> RowError:
    message = f"{what} is said by a signed-in ceo or operator, not with an API key"
    return RowError(line=0, field=field, message=message)
