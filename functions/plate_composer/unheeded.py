"""What was said and a plate cannot be narrowed by: it is named, so that nobody is misled."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from functions.plate_composer.asked import Asked, in_words


def unheeded(asked: Asked, narrows_by: Collection[str]) -> str:
    """`Not narrowed by: person Maria, vehicle colour red.`, or nothing. Parts are named `vehicle.colour`."""
    ignored = [words for name, words in _said(asked) if name not in narrows_by]
    return f"Not narrowed by: {', '.join(ignored)}." if ignored else ""


def _said(asked: Asked) -> Iterator[tuple[str, str]]:
    """Each entity, those of a vehicle part by part, as its name and in words."""
    for name in asked.entities:
        if name == "vehicle":
            for part in asked.part(name):
                yield f"{name}.{part}", _words(part, asked.part_text(name, part))
        elif "op" in asked.part(name):
            bounds = asked.range(name)
            yield name, _words(name, in_words(bounds.low, bounds.high, "{:,}"))
        elif name == "period":
            yield name, _words(name, asked.period.in_words if asked.period else None)
        elif name == "also_said":
            yield name, asked.text(name) or ""  # the person's own words, already whole
        else:
            yield name, _words(name, asked.text(name) or asked.part_text(name, "name"))


def _words(name: str, value: str | None) -> str:
    return " ".join(filter(None, [name.replace("_", " "), value]))
