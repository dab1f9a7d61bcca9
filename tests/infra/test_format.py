from __future__ import annotations

import subprocess
from pathlib import Path

from shared.manifest import ROOT


def _unformatted(folder: Path) -> list[str]:
    command = ["terraform", "fmt", "-check", "-recursive", str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode in (0, 3), ended.stderr
    return ended.stdout.split()


def test_terraform_files_are_formatted(terraform: str) -> None:
    assert _unformatted(ROOT / "terraform") == []


def test_a_file_that_is_not_formatted_is_named(small: Path) -> None:
    main = small / "small" / "main.tf"
    main.write_text(main.read_text().replace("  name     = each.key", "  name = each.key"))
    assert [Path(name).name for name in _unformatted(small)] == ["main.tf"]
