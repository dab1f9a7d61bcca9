"""`python -m shared.deploy.manifests` says what is wrong with the manifests, a line each."""

from __future__ import annotations

import sys
from pathlib import Path

from shared.deploy.manifests.check import problems
from shared.manifest import ROOT


def main(root: Path = ROOT) -> int:
    """1 when something is wrong."""
    found = problems(root)
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
