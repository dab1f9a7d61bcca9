"""`python -m shared.admin`: see `--help`, and docs/operations/."""

from __future__ import annotations

import sys


def main() -> int:
    try:
        # Not above, so that Ctrl-C during the first imports ends as quietly as later.
        from shared.admin.command_line import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
