"""Takes a file of records in, chunk by chunk; each chunk is committed whole with its messages.

A crash leaves whole chunks behind. Sending the file again changes nothing in what is stored already and
adds the rest, because a record is known by its natural key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

from functions.records_intake.chunk import Changes, Stored, decide, paths_to_read
from functions.records_intake.deal_moves import tell_moves
from functions.records_intake.raw_row import RawRow
from functions.records_intake.report import IntakeReport, Tally
from functions.records_intake.row_reading import read_row
from functions.records_intake.uploaded_file import UploadedFile
from functions.records_intake.vehicle_links import already_said, linked, vehicles_named
from shared.domain.money_entry import MoneyEntry
from shared.domain.record import Record
from shared.domain.vehicle import Vehicle, twin_row
from shared.errors import Conflict, FieldError, InvalidInput
from shared.events.records import MoneyEntryRecorded, RecordsReceived, VehicleRecorded
from shared.runtime.work import UnitOfWork

CHUNK_ROWS = 200
"""With the vehicles that the rows name and the messages, a chunk stays below 500 writes and far below
Firestore's 10 MiB a commit, unless its rows are long."""

CHUNK_CHARACTERS = 1_000_000
"""Of long rows fewer make a chunk: with four bytes a character and the messages it is below 10 MiB."""

CHUNK_TRIES = 8


def take_in(work: UnitOfWork, *, kind: str, file: UploadedFile, zone: tzinfo, by_key: bool) -> IntakeReport:
    """Stores the good rows and reports every bad one. `by_key`: an API key sent them, nobody signed in.

    Raises `InvalidInput` with the rows' errors when no row at all is good; then nothing is stored.
    """
    tally = Tally(kind)
    for chunk in chunks(file.rows()):
        _take_in_chunk(work, chunk, file.kind, zone, tally, by_key)
    report = tally.report(file.ignored)
    if report.received and report.rejected == report.received:
        raise _nothing_good(report)
    counts = report.model_dump(include=set(RecordsReceived.model_fields))
    work.emit(RecordsReceived.model_validate(counts))
    work.audit("records.received", subject=f"records/{kind}", detail=counts)
    return report


def _take_in_chunk(
    work: UnitOfWork, chunk: list[RawRow], kind: type[Record], zone: tzinfo, tally: Tally, by_key: bool
) -> None:
    good: list[tuple[int, Record]] = []
    for row in chunk:
        read = read_row(row, kind, zone)
        if isinstance(read, list):
            tally.reject(read)
        else:
            good.append((row.line, read))
    changes = _commit(work, good, by_key)
    tally.accept(changes.outcomes)
    for error in changes.rejected:
        tally.reject([error])


def _commit(work: UnitOfWork, rows: list[tuple[int, Record]], by_key: bool) -> Changes:
    """Runs again on fresh reads when somebody else changed one of the records meanwhile."""
    for _ in range(CHUNK_TRIES):
        changes = _write(work, rows, by_key)
        try:
            work.checkpoint()
        except Conflict:
            work.restart()
        else:
            return changes
    raise Conflict("the same records are being sent by somebody else all the time; send the file again")


def _write(work: UnitOfWork, rows: list[tuple[int, Record]], by_key: bool) -> Changes:
    paths = paths_to_read([record for _, record in rows])
    found = zip(paths, work.get_many(paths), strict=True) if paths else iter(())
    stored = {path: document.data for path, document in found if document}
    changes = decide(rows, stored, by_key=by_key)
    now = work.tenant.clock.now()
    for path, content in _with_links(work, changes, stored).items():
        content["recorded_at"] = now
        work.put(path, content)
        _tell_warehouse(work, path, content, now)
    tell_moves(work, changes.documents, stored)
    return changes


def _with_links(
    work: UnitOfWork, changes: Changes, stored: Mapping[str, Stored]
) -> dict[str, dict[str, Any]]:
    """With the vehicles that deals and repair orders name, and what these said of new vehicles before."""
    documents = {**changes.documents, **vehicles_named(work, changes.documents, stored)}
    prefix = f"{Vehicle.collection}/"
    new = [path for path in changes.documents if path in changes.created and path.startswith(prefix)]
    said = already_said(work, [documents[path]["vin"] for path in new])
    for path in new:
        documents[path] = linked(documents[path], said.get(documents[path]["vin"], ()))
    return documents


def _tell_warehouse(work: UnitOfWork, path: str, content: dict[str, Any], now: datetime) -> None:
    collection = path.partition("/")[0]
    if collection == MoneyEntry.collection:
        work.emit(MoneyEntryRecorded.model_validate(content))
    elif collection == Vehicle.collection:
        work.emit(VehicleRecorded.model_validate(twin_row(content, recorded_at=now)))


def _nothing_good(report: IntakeReport) -> InvalidInput:
    errors = tuple(FieldError(error.field, error.message, error.line) for error in report.errors)
    return InvalidInput(f"none of the {report.received} rows is good; nothing was stored", errors=errors)


def chunks(rows: Iterable[RawRow]) -> Iterator[list[RawRow]]:
    """In order, each small enough to be one commit."""
    chunk: list[RawRow] = []
    size = 0
    for row in rows:
        length = len(str(row.values))
        if chunk and (len(chunk) == CHUNK_ROWS or size + length > CHUNK_CHARACTERS):
            yield chunk
            chunk, size = [], 0
        chunk.append(row)
        size += length
    if chunk:
        yield chunk
