"""What Firestore deletes by itself is nobody's loss: it is kept long, and nothing waits for it to go.

A TTL policy deletes within a day or so after the time, and whole collections of an id share it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from functions.anomaly_monitor import episodes
from functions.attention_clock import digests
from functions.media_ingest import uploads
from functions.text_sender import facts
from functions.twilio_sms import receiving
from shared.attention import item, people
from shared.deploy.firestore_shapes import TTL_FIELD, recorded
from shared.domain import session
from shared.manifest import ROOT
from shared.runtime import given_up, lease
from tests.architecture.source import sources

BUS_KEEPS = timedelta(days=7)
"""A message delivered or replayed after its lease is gone would be worked on again."""

CONSTANTS = {
    "functions/anomaly_monitor/episodes.py": {"EPISODE_KEPT": episodes.EPISODE_KEPT},
    "functions/attention_clock/digests.py": {"KEPT": item.KEPT, "DIGEST_KEPT": digests.DIGEST_KEPT},
    "functions/attention_dispatcher/main.py": {"KEPT": item.KEPT},
    "functions/chat_stream/delivered.py": {"KEPT": session.KEPT},
    "functions/text_sender/facts.py": {"KEPT": facts.KEPT},
    "functions/thread_router/staff_text.py": {"KEPT": session.KEPT},
    "functions/twilio_sms/receiving.py": {"TOKENS_KEPT": receiving.TOKENS_KEPT},
    "shared/attention/look.py": {"KEPT": item.KEPT},
    "shared/attention/people.py": {"BUDGET_KEPT": people.BUDGET_KEPT},
    "shared/domain/chat_message.py": {"KEPT": session.KEPT},
    "shared/domain/session.py": {"KEPT": session.KEPT},
    "shared/runtime/given_up.py": {"KEPT": given_up.KEPT},
    "shared/runtime/lease.py": {"DONE_KEPT": lease.DONE_KEPT},
}
"""Files that say when a document may go, and how long after now or after its use that is."""

NO_MESSAGE_ABOUT_IT = {"functions/media_ingest/uploads.py": {"KEPT": uploads.KEPT}}
"""The same of documents that no message is about: these may go earlier."""

OTHERWISE = {
    # A decision is shown without it.
    "functions/attention/views.py": 'if name != "expires_at"}}',
    # Until when a question may be answered; inside the session, where no TTL policy looks.
    "functions/membrane/conversation.py": '"expires_at": until}',
    # A frame is shown without it.
    "shared/domain/chat_message.py": 'if key != "expires_at"}',
}
"""What a line ends with that may name the field for something else."""


def uses(root: Path) -> Iterator[tuple[str, str, str]]:
    """`(file, what it is set to, its line)` of every place that names the field."""
    for source in sources(root, "functions", "shared"):
        if source.is_below("shared/testing", "shared/deploy", "shared/adapters"):
            continue
        written = {
            id(key): ast.unparse(value)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Dict)
            for key, value in zip(node.keys, node.values, strict=True)
        }
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and node.value == TTL_FIELD:
                line = source.text.splitlines()[node.lineno - 1].strip()
                yield source.path.as_posix(), written.get(id(node), ""), line


def careless(root: Path) -> list[str]:
    """Places that set it to anything but a time plus a constant, or that look at it."""
    known = {**CONSTANTS, **NO_MESSAGE_ABOUT_IT}
    return [
        f"{file}: [{line}] makes [{TTL_FIELD}] mean more than when a document may be deleted"
        for file, value, line in uses(root)
        if not value.endswith(tuple(f" + {name}" for name in known.get(file, ())))
        and not (file in OTHERWISE and line.endswith(OTHERWISE[file]))
    ]


def test_the_time_to_go_is_a_constant_later_and_nobody_looks_at_it() -> None:
    assert careless(ROOT) == []


@pytest.mark.parametrize("file", CONSTANTS)
def test_what_expires_outlives_every_message_about_it(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert all(f" + {name}" in text for name in CONSTANTS[file])
    assert all(kept > BUS_KEEPS for kept in CONSTANTS[file].values())


def test_the_dealerships_own_records_never_expire() -> None:
    """Not by a TTL policy: what is kept how long is the dealership's decision."""
    expiring = {path for path, carries in recorded().collections.items() if carries == "always"}
    passing = {
        *("anomaly_episodes", "attention_budgets", "attention_digests", "inbound_tokens", "leases"),
        *("media_uploads", "sessions", "text_counts"),
        *(f"attention_items/*/{name}" for name in ("decisions", "requests")),
        *(f"sessions/*/{name}" for name in ("cursors", "frames", "messages")),
    }
    assert expiring <= {"given_up", *(f"tenants/*/{name}" for name in passing)}


@pytest.mark.parametrize(
    "code",
    [
        'work.put("quotes/1", {"expires_at": work.now + timedelta(minutes=30)})',
        'is_open = quote.data["expires_at"] > now',
        'work.query(Query("quotes", (("expires_at", "<", now),)))',
    ],
)
def test_a_time_with_a_meaning_of_its_own_is_noticed(tmp_path: Path, code: str) -> None:
    path = tmp_path / "functions" / "quotes" / "main.py"
    path.parent.mkdir(parents=True)
    (tmp_path / "shared").mkdir()
    path.write_text(code, encoding="utf-8")
    (problem,) = careless(tmp_path)
    assert problem.startswith("functions/quotes/main.py: [")
