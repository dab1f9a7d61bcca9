"""Reads a manifest as far as it can be read, so that one mistake does not hide the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared.deploy.manifests.problem import Problem, unknown
from shared.manifest import Manifest, Route, Schedule

_SENTENCE = "told in a sentence elsewhere"
_MODELS: Mapping[str, type[BaseModel]] = {"routes": Route, "schedule": Schedule}


def read(path: Path, file: str) -> tuple[Manifest | None, list[Problem]]:
    """The manifest without what cannot be read, None when too little is left; and what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
        raw, twice = yaml.safe_load(text), list(_named_twice(yaml.compose(text, yaml.SafeLoader)))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return None, [Problem(file, "-", path.name, f"cannot be read: {' '.join(str(error).split())}")]
    if not isinstance(raw, Mapping):
        return None, [Problem(file, "-", path.name, "holds no fields; docs/authoring.md shows some")]
    found = [Problem(file, name, name, "stands there twice; the first would be ignored") for name in twice]
    manifest, wrong = _repaired(dict(raw), path.parent.name)
    return manifest, found + [_said(file, error) for error in wrong]


def _repaired(raw: dict[str, Any], folder: str) -> tuple[Manifest | None, list[ErrorDetails]]:
    """Leaves out what is wrong until the rest holds."""
    wrong: list[ErrorDetails] = []
    stand_ins = {"name": folder, "meaning": _SENTENCE, "primitive": folder}
    for _ in range(3):
        try:
            return Manifest.model_validate(raw), wrong
        except ValidationError as error:
            fresh = error.errors()
        wrong += fresh
        for part in {str(one["loc"][0]) for one in fresh if one["loc"]}:
            raw = _without(raw, part, [one["loc"] for one in fresh if one["loc"][:1] == (part,)])
            if part in stand_ins:
                raw[part] = stand_ins[part]
    return None, wrong


def _without(raw: dict[str, Any], part: str, places: Sequence[tuple[int | str, ...]]) -> dict[str, Any]:
    """Without the wrong entries of a list, or without the field."""
    entries = {place[1] for place in places if len(place) > 1}
    value = raw.get(part)
    if isinstance(value, list) and entries and all(isinstance(entry, int) for entry in entries):
        return {**raw, part: [one for number, one in enumerate(value) if number not in entries]}
    return {name: value for name, value in raw.items() if name != part}


def _said(file: str, error: ErrorDetails) -> Problem:
    field = ".".join(str(part) for part in error["loc"]) or "kind"
    name = str(error["loc"][-1]) if error["loc"] else "kind"
    if error["type"] == "missing":
        return Problem(file, field, name, "is missing")
    if error["type"] == "extra_forbidden":
        return Problem(file, field, name, unknown(name, _fields(error["loc"]), "field of a manifest"))
    if error["type"] == "literal_error":
        return Problem(file, field, str(error["input"]), f"is none of {error['ctx']['expected']}")
    word = "-" if isinstance(error["input"], Mapping) else str(error["input"])
    return Problem(file, field, word, f"does not fit: {error['msg'].removeprefix('Value error, ')}")


def _fields(place: tuple[int | str, ...]) -> list[str]:
    model = _MODELS.get(str(place[0])) if len(place) > 1 else Manifest
    return list(model.model_fields) if model else []


def _named_twice(node: yaml.Node | None) -> Iterator[str]:
    """Keys that stand twice in one mapping: YAML forbids it, its parsers take the last."""
    if isinstance(node, yaml.MappingNode):
        names = [key.value for key, _ in node.value]
        yield from sorted({str(name) for name in names if names.count(name) > 1})
        for _, value in node.value:
            yield from _named_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _named_twice(value)
