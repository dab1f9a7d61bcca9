"""The scribe is killed, raced and told twice: each flag once, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.adapters.embedded.bus import SqliteBus
from shared.adapters.embedded.documents import SqliteDocuments
from shared.ports import Message, Write
from tests.functions.visual_scribe.rig import ACCORD, Senses, running_bay

SAID = "Metal on metal rotors, front left."


class Killed(BaseException):
    """The process dies here."""


class DyingDocuments(SqliteDocuments):
    """Dies just before flags are committed: the media was looked at, nothing is written."""

    armed = True

    def commit(self, writes: Sequence[Write]) -> list[str]:
        if self.armed and any("/twin_flags/" in write.path for write in writes):
            raise Killed
        return super().commit(writes)


class DyingBus(SqliteBus):
    """Dies when it should publish: the flags are committed, nobody was told."""

    def publish(self, messages: Sequence[Message]) -> None:
        if any(message.topic == "twin-flagged" for message in messages):
            raise Killed
        super().publish(messages)


@pytest.mark.parametrize("port", ["documents", "bus"])
def test_a_killed_scribe_leaves_each_flag_once_and_tells_it_once(tmp_path: Path, port: str) -> None:
    dying = {
        "documents": lambda p: DyingDocuments(p.settings.data_dir / "documents.db"),
        "bus": lambda p: DyingBus(p.settings.data_dir / "bus.db"),
    }
    with running_bay(tmp_path, Senses(), **{port: dying[port]}) as bay:
        bay.record_vehicle(ACCORD)
        with pytest.raises(Killed):
            bay.film("m1", SAID)
    with running_bay(tmp_path, Senses(words=(SAID,))) as bay:
        bay.product.product.recover()
        assert bay.look("m1", attempt=2).status == 200
        assert len(bay.flags()) == 1
        assert len(bay.told("twin-flagged")) == len(bay.asked()) == 1


class MeetingDocuments(SqliteDocuments):
    """Lets two write flags only when both have read what flags there are."""

    both = threading.Barrier(2, timeout=10)
    met = 0

    def commit(self, writes: Sequence[Write]) -> list[str]:
        if self.met < 2 and any("/twin_flags/" in write.path for write in writes):
            self.met += 1
            self.both.wait()
        return super().commit(writes)


def test_two_that_find_the_same_at_once_make_one_flag(tmp_path: Path) -> None:
    meeting = {"documents": lambda p: MeetingDocuments(p.settings.data_dir / "documents.db")}
    with running_bay(tmp_path, Senses(words=(SAID,)), **meeting) as bay, ThreadPoolExecutor(2) as threads:
        for media_id in ("m1", "m2"):
            bay.store(media_id)
        assert [answer.status for answer in threads.map(bay.look, ("m1", "m2"))] == [200, 200]
        [flag] = bay.flags().values()
        assert {one["media_id"] for one in flag["sightings"]} == {"m1", "m2"}


def test_many_media_of_one_vehicle_at_once_make_one_flag(tmp_path: Path) -> None:
    with running_bay(tmp_path, Senses(words=(SAID,))) as bay, ThreadPoolExecutor(4) as threads:
        for number in range(4):
            bay.store(f"m{number}")
        answers = list(threads.map(lambda number: bay.look(f"m{number}").status, range(4)))
        assert answers == [200] * 4
        [flag] = bay.flags().values()
        assert {one["media_id"] for one in flag["sightings"]} == {"m0", "m1", "m2", "m3"}
