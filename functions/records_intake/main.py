"""A dealership's own records come in, from its DMS, its accounting or AppSheet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from types import GenericAlias
from typing import Any, Self

from functions.records_intake.intake import take_in
from functions.records_intake.kinds import KINDS, record_type
from functions.records_intake.report import IntakeReport
from functions.records_intake.uploaded_file import open_file
from functions.records_intake.uploaded_text import FORMATS
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.request import BodyModel
from shared.runtime.work import UnitOfWork


class RecordsFile(BodyModel):
    """Rows of one kind: a JSON array, `{"rows": […]}`, JSON lines, or CSV with a header."""

    media_type: str
    content: bytes

    @classmethod
    def media_types(cls) -> tuple[str, ...]:
        return tuple(FORMATS)

    @classmethod
    def documented_as(cls) -> Mapping[str, Any]:
        rows = GenericAlias(list, (reduce(or_, KINDS.values()),))
        return {**dict.fromkeys(FORMATS, str), "application/json": rows}

    @classmethod
    def read_body(cls, content_type: str, body: bytes) -> Self:
        """Which columns to expect depends on the kind, so the content is read by the handler."""
        return cls(media_type=content_type.partition(";")[0].strip().lower(), content=body)


def take_records(kind: str, file: RecordsFile, work: UnitOfWork, caller: Caller) -> IntakeReport:
    """Stores the good rows, reports the bad ones. Safe to send again: rows are known by their natural key."""
    uploaded = open_file(file.content, media_type=file.media_type, kind=record_type(kind))
    return take_in(work, kind=kind, file=uploaded, zone=work.tenant.zone, by_key=caller.kind == "api_key")


records_intake = entry_point(__file__, take_records)
