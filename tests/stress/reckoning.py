"""Nothing lost, nothing doubled: what went in against what stands and what was told."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from shared.errors import Transient
from shared.runtime.outbox import sweep
from shared.sql_catalogue import Catalogue
from tests.stress.boundary import Seen, doubled
from tests.stress.dealership import Dealership, Said
from tests.stress.fleet import PATIENCE_S, Fleet

QUIET_S = 0.6
"""What would be told twice is told by then."""


def reckon(dealership: Dealership) -> None:
    """Waits until everything is through, then counts it."""
    fleet, said = dealership.fleet, dealership.said
    with sweeping(fleet):
        eventually(lambda: _is_through(dealership), lambda: _state(dealership))
        await_silence(fleet)
    _leads(dealership)
    _conversations(dealership, said)
    _ledger(dealership)
    assert [one for one in fleet.bare.ids("outbox") if one.startswith(dealership.name)] == []
    assert _letters(dealership) == []


@contextmanager
def sweeping(fleet: Fleet) -> Iterator[None]:
    """The minute's schedule, sooner: what a crash left for seconds is published."""
    done = Event()

    def run() -> None:
        from datetime import timedelta

        while not done.wait(0.5):
            try:
                sweep(fleet.platform, fleet.platform.clock.now(), age=timedelta(seconds=2))
            except Transient:
                continue  # a store that is away is swept later

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def eventually(
    is_so: Callable[[], bool], words: Callable[[], str], timeout_s: float = 2 * PATIENCE_S
) -> None:
    until = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < until, f"not within {timeout_s} s: {words()}"
        time.sleep(0.1)


def _is_through(dealership: Dealership) -> bool:
    answered = dealership.fleet.front.witness.told(dealership.name, "plate-mounted")
    waiting = [one for one in dealership.fleet.bare.ids("outbox") if one.startswith(dealership.name)]
    return len(answered) >= len(dealership.said) and not waiting


def _state(dealership: Dealership) -> str:
    fleet = dealership.fleet
    told = Counter(one.topic for one in fleet.front.witness.seen(dealership.name))
    return f"[{len(dealership.said)}] messages; told {dict(told)}; pushes {dict(fleet.front.answers)}"


def await_silence(fleet: Fleet) -> None:
    """Nothing is under way and no message came for a while."""
    until = time.monotonic() + PATIENCE_S
    last, since = fleet.front.witness.count(), time.monotonic()
    while time.monotonic() - since < QUIET_S:
        assert time.monotonic() < until, "the bus never fell silent"
        time.sleep(0.05)
        if fleet.front.witness.count() != last or not fleet.front.is_idle():
            last, since = fleet.front.witness.count(), time.monotonic()


def _leads(dealership: Dealership) -> None:
    bare, root = dealership.fleet.bare, f"tenants/{dealership.name}"
    wanted = sorted({answer["lead_id"] for answer in dealership.leads})
    assert sorted(bare.ids(f"{root}/leads")) == wanted
    assert doubled([one["lead_id"] for one in dealership.leads if not one["duplicate"]]) == {}
    for topic in ("lead-received", "person-resolved", "person-linked"):
        told = dealership.fleet.front.witness.told(dealership.name, topic).values()
        assert sorted(one.data["lead_id"] for one in told) == wanted, topic


def _conversations(dealership: Dealership, said: list[Said]) -> None:
    bare, root = dealership.fleet.bare, f"tenants/{dealership.name}/sessions"
    assert doubled([one.message_id for one in said]) == {}
    for session_id in {one.session_id for one in said}:
        own = sorted((one for one in said if one.session_id == session_id), key=lambda one: one.seq)
        assert [one.seq for one in own] == list(range(1, len(own) + 1))
        session = bare.one(f"{root}/{session_id}")
        counters = {name: session[name] for name in ("last_seq", "handled_seq", "answered_seq", "frame_seq")}
        assert set(counters.values()) == {len(own)}, counters
        messages, frames = (bare.all(f"{root}/{session_id}/{kind}") for kind in ("messages", "frames"))
        assert [one["message_id"] for one in messages] == [one.message_id for one in own]
        assert sorted(one["message_id"] for one in frames) == sorted(one.message_id for one in own)
        assert [one["seq"] for one in frames] == list(range(1, len(own) + 1))
    for topic in ("message-received", "intent-resolved", "plate-mounted"):
        told = dealership.fleet.front.witness.told(dealership.name, topic).values()
        assert sorted(one.data["message_id"] for one in told) == sorted(one.message_id for one in said), topic


def _ledger(dealership: Dealership) -> None:
    """Rows by their natural key; each event has one row of each capability that handled it."""
    witness, catalogue = dealership.fleet.front.witness, Catalogue()
    for topic, table in (
        ("audit-recorded", "ledger.system_audit_ledger_v1"),
        ("person-linked", "crm.master_person_graph_v1"),
    ):
        key = catalogue.table(table).natural_key
        contents: dict[tuple[str, ...], set[str]] = {}
        for one in witness.seen(dealership.name, topic):
            contents.setdefault(tuple(str(one.data[name]) for name in key), set()).add(_text(one))
        assert {key: found for key, found in contents.items() if len(found) > 1} == {}
    rows = [one.data for one in witness.told(dealership.name, "audit-recorded").values()]
    handled = [(row["capability"], row["causation_id"]) for row in rows if row["type"] == "event.handled"]
    assert doubled(handled) == {}
    wanted = {"membrane": len(dealership.said), "plate_composer": len(dealership.said)}
    assert Counter(capability for capability, _ in handled) == Counter(wanted)
    new = sum(1 for answer in dealership.leads if not answer["duplicate"])
    assert sum(1 for row in rows if row["type"] == "person.resolved") == new


def _text(one: Seen) -> str:
    return json.dumps(one.data, sort_keys=True)


def _letters(dealership: Dealership) -> list[str]:
    witness = dealership.fleet.front.witness
    return [one.topic for one in witness.seen(dealership.name) if one.topic.endswith("--dead-letters")]
