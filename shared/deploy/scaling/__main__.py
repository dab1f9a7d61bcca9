"""`python -m shared.deploy.scaling` writes docs/scaling.md; a quarter of a minute."""

from __future__ import annotations

import sys

from shared.deploy.scaling.page import scaling_page
from shared.deploy.scaling.world import read_inputs
from shared.manifest import ROOT, all_manifests

DOCUMENT = ROOT / "docs" / "scaling.md"


def main() -> int:
    DOCUMENT.write_text(scaling_page(read_inputs(all_manifests())), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT.relative_to(ROOT)} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
