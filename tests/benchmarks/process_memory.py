"""Memory of a process and its children, shared pages counted in proportion (PSS)."""

from __future__ import annotations

from pathlib import Path


def proportional_mib(pid: int) -> float:
    """Of the process and all below it; one that ended meanwhile counts nothing."""
    return sum(_pss_kib(one) for one in tree(pid)) / 1024


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(below for child in children for below in tree(int(child)))]


def _pss_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
