"""Each event means something, has a valid example, and is told by whom the manifests say."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from shared.events.base import Event
from shared.events.catalogue import load_catalogue
from shared.manifest import ROOT, Manifest, all_manifests
from shared.sql_catalogue import Catalogue
from tests.architecture.emitted import LEDGER, Code
from tests.said import nothing

EVENTS = dict(load_catalogue())
CODE = Code(ROOT)
HANDLED_BY_THE_RUNTIME = ("http", "event")
"""The runtime itself writes ledger rows of requests and events, handled or failed."""


def problems_of(event: type[Event]) -> list[str]:
    """What is wrong with an event's declaration."""
    found = []
    if not (event.__doc__ or "").strip() or event.__doc__ == Event.__doc__:
        found.append("has no docstring of its own")
    if not event.example:
        return [*found, "has no example"]
    try:
        example = event.model_validate(event.example)
    except ValueError as error:
        return [*found, f"has an example that is not valid: {error}"]
    left_out = (
        set(event.example) - set(event.model_fields) if event.model_config["extra"] == "ignore" else set()
    )
    found += [f"has an example with an unknown field [{name}]" for name in sorted(left_out)]
    if event.model_validate(json.loads(example.model_dump_json())) != example:
        found.append("changes on its way over the wire")
    return found


def unlike_its_code(manifest: Manifest, told: set[str]) -> list[str]:
    """Topics the manifest names too many or too few."""
    needed = told | ({LEDGER} if manifest.kind in HANDLED_BY_THE_RUNTIME else set())
    named = set(manifest.publishes)
    return [
        *(
            f"functions/{manifest.name} tells [{topic}], its manifest does not say so"
            for topic in sorted(needed - named)
        ),
        *(
            f"functions/{manifest.name} never tells [{topic}], its manifest says so"
            for topic in sorted(named - needed)
        ),
        *(f"[{topic}] is not in the catalogue" for topic in sorted(named - set(EVENTS))),
    ]


@pytest.mark.parametrize("topic", sorted(EVENTS))
def test_every_event_means_something_and_has_a_valid_example(topic: str) -> None:
    nothing(f"[{topic}] {problem}" for problem in problems_of(EVENTS[topic]))


@pytest.mark.parametrize("topic", sorted(topic for topic, event in EVENTS.items() if event.table))
def test_a_row_event_has_the_columns_of_its_table(topic: str) -> None:
    event = EVENTS[topic]
    columns = Catalogue().table(event.table or "").by_name
    named = {*event.model_fields, *event.envelope_columns}
    assert named <= set(columns)
    assert {name for name, column in columns.items() if column.mode == "REQUIRED"} <= named


@pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.name)
def test_a_manifest_publishes_what_its_code_tells(manifest: Manifest) -> None:
    nothing(unlike_its_code(manifest, CODE.topics_of(manifest.name)))


@pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.name)
def test_a_consumer_listens_to_a_topic_somebody_tells(manifest: Manifest) -> None:
    if manifest.subscribes:
        assert manifest.subscribes in EVENTS
        assert any(manifest.subscribes in other.publishes for other in all_manifests())


def untold(topics: Iterable[str], manifests: Iterable[Manifest]) -> list[str]:
    """Topics nobody tells: they would be made, kept and paid for, and whoever subscribes waits for ever."""
    told = {topic for manifest in manifests for topic in manifest.publishes}
    return [
        f"shared/events has [{topic}], which no manifest publishes" for topic in sorted(set(topics) - told)
    ]


def test_every_event_is_told_by_somebody() -> None:
    nothing(untold(EVENTS, all_manifests()))


def out_of_order(manifests: Iterable[Manifest], ordered: Iterable[str]) -> list[str]:
    """Who waits for an earlier message of a session that may come after the later one."""
    return [
        f"functions/{one.name} waits for earlier messages of [{one.subscribes}], which is not in_order"
        for one in manifests
        if "order_wait_seconds" in one.settings and one.subscribes and one.subscribes not in ordered
    ]


def test_who_waits_for_earlier_messages_gets_them_in_order() -> None:
    nothing(out_of_order(all_manifests(), {topic for topic, event in EVENTS.items() if event.in_order}))


# seeded mistakes


def test_an_order_that_is_given_up_is_noticed() -> None:
    assert [said.partition(" ")[0] for said in out_of_order(all_manifests(), {"intent-resolved"})] == [
        "functions/membrane"
    ]


def test_an_event_nobody_tells_is_noticed() -> None:
    assert untold([*EVENTS, "comet-sighted"], all_manifests()) == [
        "shared/events has [comet-sighted], which no manifest publishes"
    ]


def _declared(example: Mapping[str, Any], docstring: str | None = "Something happened.") -> type[Event]:
    class Seeded(Event):
        number: int = 0

    Seeded.__doc__ = docstring
    Seeded.example = example
    return Seeded


class OnTheWay(Event):
    """Loses its text on the way."""

    example: ClassVar[Mapping[str, Any]] = {"number": "1"}

    number: int


@pytest.mark.parametrize(
    ("event", "word"),
    [
        (_declared({"number": 1}, docstring=""), "docstring"),
        (_declared({}), "no example"),
        (_declared({"number": "one"}), "not valid"),
        (_declared({"numbr": 1}), "unknown field"),
    ],
)
def test_a_careless_declaration_is_noticed(event: type[Event], word: str) -> None:
    assert any(word in problem for problem in problems_of(event))


def test_a_good_declaration_is_let_through() -> None:
    assert problems_of(OnTheWay) == []


def test_what_code_tells_is_found_through_shared_definitions(tmp_path: Path) -> None:
    _write(
        tmp_path / "shared/events/a.py",
        'class Sold(Event, topic="sold"): ...\nclass Lost(Event, topic="lost"): ...',
    )
    _write(
        tmp_path / "shared/domain/b.py",
        "from shared.events.a import Lost, Sold\n"
        "def sell(work):\n    work.emit(Sold())\n"
        "def lose(work):\n    work.emit(Lost.model_validate({}))\n",
    )
    _write(
        tmp_path / "functions/one/main.py",
        "from shared.domain.b import sell\ndef handle(work):\n    sell(work)\n",
    )
    _write(
        tmp_path / "functions/two/main.py",
        "from shared.domain.b import lose\ndef handle(work):\n    lose(work)\n",
    )
    _write(tmp_path / "functions/three/main.py", "def handle(work):\n    work.audit('a.b')\n")
    code = Code(tmp_path)
    assert [code.topics_of(name) for name in ("one", "two", "three")] == [{"sold"}, {"lost"}, {LEDGER}]


def test_a_manifest_that_says_too_much_or_too_little_is_noticed() -> None:
    some = next(manifest for manifest in all_manifests() if manifest.kind == "http")
    wrong = some.model_copy(update={"publishes": ("lead-recieved", LEDGER)})
    problems = unlike_its_code(wrong, {"lead-received"})
    assert len(problems) == 3 and "not in the catalogue" in problems[2]


def test_the_catalogue_holds_no_event_of_a_test() -> None:
    """In a process of its own: in this one the runtime's tests have events of theirs."""
    code = (
        "from shared.events.catalogue import load_catalogue;"
        "print({event.__module__ for event in load_catalogue().values()})"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {module.rpartition(".")[0] for module in ast.literal_eval(said.stdout)} == {"shared.events"}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
