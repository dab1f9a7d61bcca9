"""What a chunk of records changes, decided against what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.records_intake.chiefs import refused_to_a_key
from functions.records_intake.report import Outcome, RowError
from shared.domain.money_entry import MoneyEntry
from shared.domain.record import Record, document_path

Stored = Mapping[str, Any]


@dataclass(frozen=True)
class Changes:
    """Whole documents to write by path, in the order of the rows, and what became of each row."""

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    outcomes: list[Outcome] = field(default_factory=list)
    rejected: list[RowError] = field(default_factory=list)


def paths_to_read(records: Sequence[Record]) -> list[str]:
    """Where the records and the entries they correct are stored."""
    paths = [record.document_path for record in records]
    corrected = [r.corrects for r in records if isinstance(r, MoneyEntry) and r.corrects]
    return list(dict.fromkeys(paths + [document_path(MoneyEntry.collection, key) for key in corrected]))


def decide(
    rows: Sequence[tuple[int, Record]], stored: Mapping[str, Stored], *, by_key: bool = False
) -> Changes:
    """`rows` are (line, record); `stored` holds the documents there are. A later row sees the earlier ones.

    A row that says what is stored changes nothing. What other capabilities keep in a document stays.
    """
    changes = Changes()
    known: dict[str, Stored] = dict(stored)
    for line, record in rows:
        path, content = record.document_path, record.to_document()
        before = known.get(path)
        if before is not None and all(before.get(name) == value for name, value in content.items()):
            changes.outcomes.append("unchanged")
        elif problem := _refusal(record, before, known, by_key):
            changes.rejected.append(problem.model_copy(update={"line": line}))
        else:
            known[path] = changes.documents[path] = {**(before or {}), **content}
            changes.outcomes.append("updated" if before is not None else "created")
            if before is None:
                changes.created.add(path)
    return changes


def _refusal(
    record: Record, before: Stored | None, known: Mapping[str, Stored], by_key: bool
) -> RowError | None:
    """Posted money is never changed, a correction corrects something, and no key makes a chief."""
    if not isinstance(record, MoneyEntry):
        return refused_to_a_key(record, before) if by_key else None
    if before is not None:
        message = f"[{record.entry_id}] is posted with other content; send a new entry that [corrects] it"
        return RowError(line=0, field="entry_id", message=message)
    if record.corrects and document_path(record.collection, record.corrects) not in known:
        message = f"there is no entry [{record.corrects}], neither stored nor earlier in the file"
        return RowError(line=0, field="corrects", message=message)
    return None
