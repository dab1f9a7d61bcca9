"""`python -m tests.benchmarks [module …] [--write]`: every figure beside its baseline, measured in this run.

Without a module every module of this folder that has `run()` is measured. The table goes to standard output,
progress to standard error; `--write` keeps it in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import pkgutil
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import tests.benchmarks
from shared.manifest import ROOT

COLUMNS = ("measure", "ours", "baseline", "ratio", "baseline_name", "notes")
DOCUMENT = ROOT / "docs" / "benchmarks.md"

Row = Mapping[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("modules", nargs="*", help="names of modules in tests/benchmarks")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/benchmarks.md")
    asked = parser.parse_args()
    known = [module.name for module in pkgutil.iter_modules(tests.benchmarks.__path__)]
    if unknown := set(asked.modules) - set(known):
        parser.error(f"no benchmark [{', '.join(sorted(unknown))}]; there are {', '.join(known)}")
    rows = [row for name in known if not asked.modules or name in asked.modules for row in measured(name)]
    table = markdown(rows)
    print(table)
    if asked.write:
        DOCUMENT.write_text(f"{_heading()}\n{table}\n")
    return 0


def measured(name: str) -> Iterator[Row]:
    """The module's rows; none when it has no `run`, for some only help others."""
    if name == "__main__":
        return
    module = importlib.import_module(f"tests.benchmarks.{name}")
    run = getattr(module, "run", None)
    if run is None:
        return
    began = time.monotonic()
    say(f"{name} …")
    yield from _run(module, run)
    say(f"{name}: {time.monotonic() - began:.0f} s")


def _run(module: ModuleType, run: Callable[..., Sequence[Row]]) -> Sequence[Row]:
    return run(say=say) if "say" in inspect.signature(run).parameters else run()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def markdown(rows: Sequence[Row]) -> str:
    """One table; `ratio` is ours by the baseline where a row does not give it."""
    lines = [[_cell(_value(row, column)) for column in COLUMNS] for row in rows]
    return "\n".join(
        "| " + " | ".join(cells) + " |"
        for cells in [[c.replace("_", " ") for c in COLUMNS], ["---"] * len(COLUMNS), *lines]
    )


def _value(row: Row, column: str) -> Any:
    ours, baseline = row.get("ours"), row.get("baseline")
    numbers = isinstance(ours, int | float) and isinstance(baseline, int | float)
    if column == "ratio" and "ratio" not in row and numbers and baseline:
        return round(float(ours) / float(baseline), 2)  # type: ignore[arg-type]  # both are numbers
    return row.get(column)


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def _heading() -> str:
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}"
    return (
        "# Figures\n\n`make bench` measures all of them again, each beside its baseline in the same run. "
        f"This run: {datetime.now(UTC):%Y-%m-%d}, {machine}.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
