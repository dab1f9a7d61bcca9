"""A small project on disk, to stage from."""

from __future__ import annotations

from pathlib import Path


def project(root: Path, files: dict[str, str]) -> Path:
    """Writes the files, with an `__init__.py` in every folder of code."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if path.suffix == ".py":
            for folder in path.relative_to(root).parents:
                if folder != Path():
                    (root / folder / "__init__.py").touch()
    return root
