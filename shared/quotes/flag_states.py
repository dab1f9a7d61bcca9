"""What becomes of the twin's flags that a quote is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from shared.domain.twin_flags import FlagState, flag_path, set_states
from shared.runtime.work import UnitOfWork


def flag_ids(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Of the stored lines of a quote, each once."""
    return list(dict.fromkeys(finding["flag_id"] for line in lines for finding in line["findings"]))


def move_flags(
    work: UnitOfWork,
    states: Mapping[str, FlagState],
    *,
    by: str,
    reason: str,
    when: Collection[str] | None = None,
) -> None:
    """Flag id → its new state; those gone meanwhile, or in none of the states `when`, stay as they are."""
    found = work.get_many([flag_path(flag_id) for flag_id in states]) if states else []
    known = {flag.data["flag_id"]: flag.data["state"] for flag in found if flag is not None}
    wanted = {one: states[one] for one, state in known.items() if when is None or state in when}
    if wanted:
        set_states(work, wanted, by=by, reason=reason)
