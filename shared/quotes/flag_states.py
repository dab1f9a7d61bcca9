"""What becomes of the twin's flags that a quote is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from shared.runtime.work import UnitOfWork


def flag_ids(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Of the stored lines of a quote, each once."""
    return list(dict.fromkeys(finding["flag_id"] for line in lines for finding in line["findings"]))


def move_flags(
    work: UnitOfWork, states: Mapping[str, str], *, by: str, reason: str, when: Collection[str] | None = None
) -> None:
    """Flag id → its new state; those gone meanwhile, or in none of the states `when`, stay as they are."""
    if not states:
        return
    found = work.get_many([f"twin_flags/{flag_id}" for flag_id in states])
    for flag in found:
        if flag is None or flag.data["state"] == states[flag.data["flag_id"]]:
            continue
        if when is None or flag.data["state"] in when:
            state = states[flag.data["flag_id"]]
            step = {"at": work.now, "state": state, "by": by, "reason": reason}
            history = [*flag.data.get("history", ()), step]
            work.put(flag.path, {**flag.data, "state": state, "updated_at": work.now, "history": history})
