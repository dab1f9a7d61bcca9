"""`make drill`: a backup is only one that was restored."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from shared.testing.emulators import find_emulators
from tests.drill.drill import Report, run_drill


def main() -> int:
    if missing := find_emulators().missing:
        print(f"The drill needs {', '.join(missing)}.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        show(run_drill(Path(folder), print))
    return 0


def show(report: Report) -> None:
    print("\nProved:")
    for check in report.checks:
        print(f"  * {check}")
    size = f"{report.documents:,} documents, {report.rows:,} rows, {report.bytes / 1e6:.1f} MB"
    print(f"\nThe dealership: {size}.")
    print(f"  export   {report.export_s:6.1f} s, verified in {report.verify_s:.1f} s")
    print(f"  import   {report.import_s:6.1f} s, verified before, counted after")
    print(f"  RTO      {report.rto_s:6.1f} s from the loss to the first right answer, of it")
    print(f"           {report.first_answer_s:6.1f} s the answer; the rest import, comparison, start")
    print(f"  RPO      {report.rpo_s:6.1f} s between the moment the export was read as of and the loss")
    print("In the cloud the RPO is the age of the newest copy: one minute with point-in-time recovery,")
    print("a day with scheduled backups (docs/operations/backup-and-restore.md).")


if __name__ == "__main__":
    sys.exit(main())
