"""`python -m shared.local serve|reset`: the whole product on this machine."""

from __future__ import annotations

import sys


def main() -> int:
    try:
        # Not above, so that Ctrl-C during the first imports ends as quietly as later.
        from shared.local.commands import run

        return run()
    except KeyboardInterrupt:
        return 130


sys.exit(main())
