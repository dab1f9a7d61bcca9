"""Only one capability can text, and it cannot without a recorded decision."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from shared.manifest import ROOT, all_manifests
from tests.architecture import texts_out
from tests.architecture.emitted import Code
from tests.architecture.source import Source
from tests.said import nothing

PLACE = ROOT / texts_out.THE_PLACE


def place(text: str) -> Source:
    return Source(Path(texts_out.THE_PLACE), text)


def test_only_the_sender_is_granted_the_messenger() -> None:
    assert texts_out.PORT in next(one for one in all_manifests() if one.name == texts_out.SENDER).ports
    nothing(texts_out.other_holders(all_manifests()))


def test_no_other_code_names_the_messenger() -> None:
    nothing(texts_out.other_callers(ROOT))


def test_no_other_capability_s_code_leads_to_the_call() -> None:
    code = Code(ROOT)
    nothing(
        f"functions/{one.name} reaches [{texts_out.THE_CALL}]"
        for one in all_manifests()
        if one.name != texts_out.SENDER and texts_out.THE_CALL in code.attributes_of(one.name)
    )


def test_every_way_to_the_call_begins_with_the_stored_decision() -> None:
    nothing(texts_out.unguarded(place(PLACE.read_text(encoding="utf-8"))))


def test_the_check_reads_what_is_stored_and_not_what_is_about_to_be() -> None:
    """A decision in the buffer of a unit of work may never be committed."""
    tree = ast.parse(PLACE.read_text(encoding="utf-8"))
    (call,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == texts_out.GUARD
    ]
    assert ast.unparse(call.args[0]) == "work.tenant.documents"


# seeded mistakes


def test_a_second_holder_is_noticed() -> None:
    chat = next(one for one in all_manifests() if one.name == "chat")
    greedy = chat.model_copy(update={"ports": (*chat.ports, texts_out.PORT)})
    assert texts_out.other_holders([greedy]) == [
        "functions/chat is granted the port [messenger]; it asks by request_text instead"
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("functions/one/main.py", "def f(tenant):\n    tenant.messenger.send_sms(1, key='k')"),
        ("shared/domain/a.py", "def f(tenant):\n    send = tenant.messenger.find"),
        ("functions/text_sender/other.py", "def f(m):\n    m.send_sms(1, key='k')"),
    ],
)
def test_another_place_is_noticed(tmp_path: Path, path: str, text: str) -> None:
    for folder in ("functions", "shared"):
        (tmp_path / folder).mkdir()
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text, encoding="utf-8")
    assert texts_out.other_callers(tmp_path)


GUARDED = """
def send(work, text):
    "Sends it."
    require_decision(work.tenant.documents, text)
    _go(work)

def _go(work):
    return lambda: work.tenant.messenger.send_sms(1, key="k")
"""


@pytest.mark.parametrize(
    "text",
    [
        GUARDED.replace("    require_decision(work.tenant.documents, text)\n", ""),
        GUARDED.replace("    _go(work)", "    pass").replace("def _go", "def go"),
        GUARDED + "\ndef send_quickly(work):\n    _go(work)\n",
        GUARDED.replace("    require_decision", "    if text:\n        require_decision"),
        "def send(work, text):\n    require_decision(work.tenant.documents, text)\n",
    ],
    ids=["no check", "a door beside it", "a second door", "a check that may be left out", "no call at all"],
)
def test_a_way_round_the_decision_is_noticed(text: str) -> None:
    assert texts_out.unguarded(place(GUARDED)) == []
    assert texts_out.unguarded(place(text))
