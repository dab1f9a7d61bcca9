"""The schema of provider google, read from the classes generated of it for another tool.

The provider itself comes from a registry that needs a network; the npm package `@cdktf/provider-google` is
generated from the provider's own schema and says for every attribute whether it is required, optional or
computed, its type, and its description. Each compiled file carries its TypeScript in its source map: that is
what is read here. The result has the form of `terraform providers schema -json`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_CLASS = re.compile(r"^export class (\w+) extends cdktf\.(\w+) \{$", re.M)
_INTERFACE = re.compile(r"^export interface (\w+)(?: extends [\w.]+)? \{\n(.*?)^\}$", re.M | re.S)
_TYPE = re.compile(r'tfResourceType = "(\w+)"')
_ATTRIBUTE = re.compile(
    r"^  // (\w+) - computed: (\w+), optional: (\w+), required: (\w+)\n(.*)\n(?:.*)\n(.*)", re.M
)
_NESTED = re.compile(r"new (cdktf\.)?(\w+?)(OutputReference|List|Map)\(this, \"\w+\"(?:, (\w+))?\)")
_GETTER = re.compile(r"get(\w+?)Attribute\(")
_DECLARED = re.compile(r"private _\w+\?: (.*?); *$")
_DOC = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\s*readonly \w+\??:", re.S)
_DOC_NAME = re.compile(r"\{@link [^#}]*#(\w+) ")
_POSSIBLE = re.compile(r"Possible values: (\[[^\]]*\])")
_DEPRECATED = re.compile(r"^\W*(?:deprecated\b|[`'\"]?\w+[`'\"]? (?:is|has been) deprecated)", re.I)

_PRIMITIVES = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
}
_OF_PROVIDER = {
    "string": "string",
    "boolean | cdktf.IResolvable": "bool",
    "string[]": ["list", "string"],
    "{ [key: string]: string }": ["map", "string"],
}
_PACKAGE_MAPS = {"String": "string", "Number": "number", "Boolean": "bool", "Any": "string"}


class UnreadSchema(Exception):
    """The generated code has a form this reader does not know: the version was changed, read it anew."""


@dataclass
class _Folder:
    """The classes of one resource's folder and what is said of each argument, by interface."""

    bodies: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    docs: dict[str, dict[str, str]] = field(default_factory=dict)


def provider_schema(library: Path) -> Json:
    """`library` is the package's `lib`. Answers provider, resource_schemas and data_source_schemas."""
    found: Json = {"provider": {}, "resource_schemas": {}, "data_source_schemas": {}}
    for folder in sorted(path for path in library.iterdir() if path.is_dir()):
        read = _read(folder)
        for name, kind in read.kinds.items():
            if kind == "TerraformProvider":
                found["provider"] = {"block": _provider_block(read, name)}
            elif kind in ("TerraformResource", "TerraformDataSource"):
                part = "resource_schemas" if kind == "TerraformResource" else "data_source_schemas"
                found[part][_type_name(read, name)] = {"block": _block(read, name, f"{name}Config")}
    return found


def _read(folder: Path) -> _Folder:
    read = _Folder()
    for path in sorted(folder.rglob("*.js")):
        text = _typescript(path)
        heads = list(_CLASS.finditer(text))
        ends = [*(head.start() for head in heads[1:]), len(text)]
        for head, end in zip(heads, ends, strict=False):
            read.bodies[head[1]] = text[head.end() : end]
            read.kinds[head[1]] = head[2]
        for interface in _INTERFACE.finditer(text):
            read.docs[interface[1]] = dict(_documented(interface[2]))
    return read


def _typescript(path: Path) -> str:
    text = path.read_text()
    _, found, encoded = text.rpartition("sourceMappingURL=data:application/json;base64,")
    if not found:
        raise UnreadSchema(f"No source map in [{path}].")
    (source,) = json.loads(base64.b64decode(encoded))["sourcesContent"]
    return str(source)


def _documented(interface: str) -> Iterator[tuple[str, str]]:
    for doc in _DOC.finditer(interface):
        words = " ".join(line.strip(" *") for line in doc[1].splitlines()).strip()
        if name := _DOC_NAME.search(words):
            yield name[1], words


def _type_name(read: _Folder, name: str) -> str:
    found = _TYPE.search(read.bodies[name])
    if not found:
        raise UnreadSchema(f"No resource type in class [{name}].")
    return found[1]


def _block(read: _Folder, name: str, interface: str) -> Json:
    """The block of class `name`; `interface` is where its arguments are described."""
    attributes, blocks = {}, {}
    docs = read.docs.get(interface, {})
    for match in _ATTRIBUTE.finditer(read.bodies[name]):
        argument = match[1]
        nested = _NESTED.search(match[5])
        settable = match[3] == "true" or match[4] == "true"
        if nested and settable and not nested[1]:
            blocks[argument] = _nested_block(read, match, nested)
        else:
            attributes[argument] = _flags(match) | {"type": _attribute_type(read, match, nested)}
            attributes[argument] |= _said(docs.get(argument, "")) if settable else {}
    return {"attributes": attributes, "block_types": blocks}


def _nested_block(read: _Folder, match: re.Match[str], nested: re.Match[str]) -> Json:
    block = _block(read, nested[2] + "OutputReference", nested[2])
    if match[1] == "timeouts":
        return {"nesting_mode": "single", "block": block}
    found: Json = {"nesting_mode": "set" if nested[4] == "true" else "list", "block": block}
    if match[4] == "true":
        found["min_items"] = 1
    if nested[3] == "OutputReference":
        found["max_items"] = 1
    return found


def _flags(match: re.Match[str]) -> Json:
    flags = {"computed": match[2], "optional": match[3], "required": match[4]}
    return {flag: True for flag, value in flags.items() if value == "true"}


def _attribute_type(read: _Folder, match: re.Match[str], nested: re.Match[str] | None) -> object:
    if nested:
        return _nested_type(read, nested)
    getter = _GETTER.search(match[5] + match[6]) or _GETTER.search(match[0])
    if not getter:
        raise UnreadSchema(f"No type of [{match[1]}] in [{match[0]}].")
    known = _PRIMITIVES[getter[1]]
    return ["set", known[1]] if "Fn.tolist" in match[0] else known


def _nested_type(read: _Folder, nested: re.Match[str]) -> object:
    if nested[1]:
        of_map = nested[2].removesuffix("Map")
        known = ["map", _PACKAGE_MAPS[of_map]]
        return ["set" if nested[4] == "true" else "list", known] if nested[3] == "List" else known
    item = nested[2] + "OutputReference"
    fields = {
        match[1]: _attribute_type(read, match, _NESTED.search(match[5]))
        for match in _ATTRIBUTE.finditer(read.bodies[item])
    }
    kind = {"List": "set" if nested[4] == "true" else "list", "Map": "map"}.get(nested[3], "list")
    return [kind, ["object", fields]]


def _said(words: str) -> Json:
    """What the description alone says: the values there are, and that an argument is deprecated."""
    found: Json = {}
    if possible := _POSSIBLE.search(words):
        found["enum"] = json.loads(possible[1])
    if _DEPRECATED.search(words):
        found["deprecated"] = True
    return found


def _provider_block(read: _Folder, name: str) -> Json:
    attributes: Json = {}
    for match in _ATTRIBUTE.finditer(read.bodies[name]):
        declared = _DECLARED.search(match[5])
        known = _OF_PROVIDER.get(declared[1] if declared else "")
        if known and match[1] != "alias":
            attributes[match[1]] = {"type": known, "optional": True}
    return {"attributes": attributes, "block_types": {}}
