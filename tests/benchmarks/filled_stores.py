"""A dealership of a given size, written straight into the stores of a data folder."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import duckdb

from shared.adapters.embedded.documents import SqliteDocuments
from shared.adapters.embedded.warehouse import DuckDbWarehouse
from shared.domain.identity.engine import Resolution
from shared.domain.identity.identity import Identity
from shared.domain.identity.match import decide
from shared.domain.identity.normalise import address_from_parts, name_from_parts
from shared.domain.identity.record import SourceRecord, record
from shared.domain.identity.weights import shipped_weights
from shared.local.sample_dealership.name_lists import MEN, WOMEN
from shared.ports import Write
from shared.testing.memory_store import MemoryStore
from tests.benchmarks.warehouse import CHART, FILL_AUDIT, FILL_MONEY

AT_ONCE = 400
SURNAMES = 4_000


def fill_people(folder: Path, count: int) -> None:
    """People as they come in as leads: listed under their block keys, names shared as in life."""
    store, weights, chance = MemoryStore(), shipped_weights(), random.Random(1)
    for number in range(count):
        identity = _identity(number, chance)
        source = SourceRecord(f"p{number}", f"l{number}", "WEB_LEAD", f"Person {number}", identity)
        record(store, source, Resolution(decide(identity, (), weights), {}))
    documents = SqliteDocuments(folder / "documents.db")
    writes = (Write(f"tenants/autohaus/{path}", data) for path, data in store.data.items())
    while part := list(islice(writes, AT_ONCE)):
        documents.commit(part)
    documents.close()


def _identity(number: int, chance: random.Random) -> Identity:
    first = chance.choice(WOMEN + MEN)
    last = "".join(_letters(chance.randrange(SURNAMES)))
    street = f"{number % 9_000 + 1} {''.join(_letters(number // 50))} Street"
    return Identity(
        names=(name_from_parts(first, last),),
        emails=(f"person{number}@example.com",),
        phones=(f"+1312{2_000_000 + number}",),
        addresses=(address_from_parts(street, "Chicago", f"{60_000 + number % 700}"),),
    )


def _letters(number: int) -> Iterator[str]:
    """A pronounceable word a number, so names differ by more than a digit."""
    while True:
        number, part = divmod(number, 100)
        yield "bcdfghklmnprstvwxyz"[part % 19] + "aeiou"[part % 5]
        if number == 0:
            return


def fill_ledger(folder: Path, rows: int) -> None:
    """As many postings and as many audit rows."""
    path = folder / "warehouse.duckdb"
    warehouse = DuckDbWarehouse(path)
    warehouse.query("plates/finance_chart_v1", CHART)  # makes the tables
    warehouse.close()
    with duckdb.connect(str(path)) as bare:
        bare.execute(FILL_MONEY, {"rows": rows})
        bare.execute(FILL_AUDIT, {"rows": rows})
