from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.embedded.bus import SqliteBus, Subscription
from shared.adapters.embedded.bus_store import BusStore
from shared.ports import Message
from shared.testing.contracts.bus import BusContract, Deliver, Inbox


class SqliteRig:
    def __init__(self, path: Path) -> None:
        self.bus = self.operations = SqliteBus(path)

    def declare(self, topic: str, deliver: dict[str, Deliver], *, ordered: bool = False) -> None:
        for name, consumer in deliver.items():
            quick = Subscription(name, topic, consumer, min_backoff_s=0.01, max_backoff_s=0.05)
            self.bus.subscribe(quick)


class TestSqliteBus(BusContract):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> Iterator[SqliteRig]:
        rig = SqliteRig(tmp_path / "bus.db")
        rig.bus.start()
        yield rig
        rig.bus.close()


def test_what_was_published_survives_the_process(tmp_path: Path) -> None:
    inbox = Inbox("inbox")
    before = SqliteRig(tmp_path / "bus.db")
    before.declare("lead-received", {"inbox": inbox.deliver})
    before.bus.publish([Message("lead-received", str(n).encode(), {}, "k") for n in range(5)])
    before.bus.close()
    after = SqliteRig(tmp_path / "bus.db")
    after.declare("lead-received", {"inbox": inbox.deliver})
    after.bus.start()
    assert after.bus.idle(5)
    after.bus.close()
    assert inbox.accepted == ["0", "1", "2", "3", "4"]


def test_a_failing_message_holds_back_its_own_key_only(tmp_path: Path) -> None:
    refusals = [(503, "busy")] * 3
    inbox = Inbox("inbox", lambda text: refusals.pop() if text == "a1" and refusals else (204, ""))
    rig = SqliteRig(tmp_path / "bus.db")
    rig.declare("lead-received", {"inbox": inbox.deliver})
    rig.bus.publish(
        [Message("lead-received", text.encode(), {}, text[0]) for text in ("a1", "a2", "b1", "b2")]
    )
    rig.bus.start(workers=1)
    assert rig.bus.idle(5)
    rig.bus.close()
    assert inbox.accepted == ["b1", "b2", "a1", "a2"]


def test_of_many_dead_letters_the_newest_are_told_newest_last(tmp_path: Path) -> None:
    store = BusStore(tmp_path / "bus.db")
    for _, item in store.add([Message("t", b"%d" % n) for n in range(5)], {"t": ["s"]}):
        store.bury("s", item.seq, 5, "no")
    assert [letter.message.data for letter in store.dead_letters(2)] == [b"3", b"4"]
    store.close()
