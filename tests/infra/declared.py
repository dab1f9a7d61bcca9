"""Names a folder of Terraform declares and nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_VARIABLE = re.compile(r'^variable "(\w+)"', re.M)
_OUTPUT = re.compile(r'^output "(\w+)"', re.M)
_LOCALS = re.compile(r"^locals \{\n(.*?)^\}", re.M | re.S)
_LOCAL = re.compile(r"^  (\w+)\s*=", re.M)
_SOURCE = re.compile(r'^module "(\w+)" \{.*?^  source\s*=\s*"([^"]+)"', re.M | re.S)


def unused(terraform: Path) -> Iterator[str]:
    """Variables and locals nobody in the folder reads, outputs no caller reads, modules nobody calls."""
    texts = {folder: _text(folder) for folder in sorted({path.parent for path in terraform.rglob("*.tf")})}
    callers = _callers(texts)
    for folder, text in texts.items():
        place = folder.relative_to(terraform.parent)
        locals_ = [name for block in _LOCALS.findall(text) for name in _LOCAL.findall(block)]
        declared = [("variable", "var", name) for name in _VARIABLE.findall(text)]
        declared += [("local", "local", name) for name in locals_]
        for kind, begin, name in declared:
            if not re.search(rf"\b{begin}\.{name}\b", text):
                yield f"{place}: {kind} [{name}]"
        if folder in callers:
            uses = [(texts[caller], name) for caller, name in callers[folder]]
            yield from (f"{place}: output [{one}]" for one in _OUTPUT.findall(text) if not _asked(uses, one))
        elif "backend " not in text:
            yield f"{place}: nobody calls this module"


def _text(folder: Path) -> str:
    """All of it but comments, which speak of names without using them."""
    whole = "\n".join(path.read_text() for path in sorted(folder.glob("*.tf")))
    return re.sub(r"(?:^|\s)#\s.*$", "", whole, flags=re.M)


def _callers(texts: dict[Path, str]) -> dict[Path, list[tuple[Path, str]]]:
    """Folder → the folders that call it, and the name they call it by."""
    found: dict[Path, list[tuple[Path, str]]] = {}
    for folder, text in texts.items():
        for name, source in _SOURCE.findall(text):
            found.setdefault((folder / source).resolve(), []).append((folder, name))
    return found


def _asked(uses: list[tuple[str, str]], output: str) -> bool:
    """A caller reads it; of a module with `for_each`, by the name of the output at the end."""
    return any(
        re.search(rf"module\.{name}(?:\[[^\]]+\])?\.{output}\b", text)
        or (f"module.{name}" in text and re.search(rf"(?:one|each\.value|module)\.{output}\b", text))
        for text, name in uses
    )
