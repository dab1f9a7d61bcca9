"""Which field each column of a file means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.domain.record import Record, field_names, folded_name


@dataclass(frozen=True)
class Columns:
    """`meaning`: column as written → field. `ignored`: columns nobody knows. `twice`: fields named twice."""

    meaning: Mapping[str, str]
    ignored: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()


def read_columns(kind: type[Record], names: Iterable[str]) -> Columns:
    """A field's own name wins over another name for it: with `stage` present, `status` is ignored."""
    written = list(names)
    own = {folded_name(name): name for name in kind.model_fields}
    known = field_names(kind)
    fields = [own.get(folded_name(name)) for name in written]
    taken = {field for field in fields if field}
    meaning: dict[str, str] = {}
    twice: list[str] = []
    for name, exact in zip(written, fields, strict=True):
        field = exact or _other_name(known.get(folded_name(name)), taken)
        if field is None:
            continue
        if field in meaning.values() or name in meaning:
            twice.append(field)
        meaning[name] = field
    return Columns(meaning, tuple(name for name in written if name not in meaning), tuple(twice))


def _other_name(field: str | None, taken: set[str]) -> str | None:
    return None if field in taken else field
