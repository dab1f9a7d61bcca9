"""A dealership is filled through the product, exported, lost with everything that held it, and put back.

What is lost: the Firestore emulator's process, BigQuery's tables, the bucket, Pub/Sub. What stays, as in the
cloud: the export, and Identity Platform.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.admin.export_files import Manifest
from shared.manifest import all_manifests
from shared.ports import Query
from shared.runtime.lease import acquire
from shared.runtime.outbox import sweep
from shared.testing.emulators import firestore_emulator, free_port, pubsub_emulator
from shared.testing.function_process import FunctionProcess, start
from shared.testing.harness import push_of
from shared.testing.identity_stub import IdentityStub, identity_stub
from shared.testing.local_cloud import LocalCloud, local_cloud
from tests.drill.dealer import ENTRIES, LEADS, QUESTION, TENANT, Dealer, content, lead, name_of
from tests.drill.shell import OwnersShell
from tests.journeys.google.google_product import GoogleProduct, google_product
from tests.journeys.product import eventually, told

CAPABILITIES = ("crm_intake", "records_intake", "chat", "membrane", "plate_composer")
EMAIL = "ann@harbor.example.com"
LEASE_S = 3.0

Say = Callable[[str], None]


@dataclass
class Before:
    """What the drill remembers of the dealership that is lost."""

    key: str
    plate: str = ""
    person_id: str = ""
    open_question: dict[str, Any] = field(default_factory=dict)
    stuck: dict[str, Any] = field(default_factory=dict)
    handled_push: bytes = b""
    unpublished: int = 0


@dataclass
class Report:
    """`checks` are what was proved, in words; times are seconds."""

    checks: list[str] = field(default_factory=list)
    documents: int = 0
    rows: int = 0
    bytes: int = 0
    export_s: float = 0.0
    verify_s: float = 0.0
    import_s: float = 0.0
    first_answer_s: float = 0.0
    rpo_s: float = 0.0
    rto_s: float = 0.0

    def proved(self, words: str, holds: bool) -> None:
        """Raises `AssertionError` for what does not hold: a drill that fails has to fail."""
        assert holds, f"not so: {words}"
        self.checks.append(words)


def run_drill(folder: Path, say: Say) -> Report:
    report = Report()
    with identity_stub() as identity:
        with _cloud(folder / "first") as cloud:
            say("filling a dealership through the product …")
            before = _fill(cloud, identity, folder)
            _export(cloud, identity, folder / "export", report)
            _lose_one_write(cloud, identity, before, folder)
            lost_at = datetime.now(UTC)
        say("everything that held it is gone; restoring into an empty project …")
        began = time.monotonic()
        with _cloud(folder / "second") as cloud:
            _restore(cloud, identity, folder, report)
            with google_product(cloud, _made(folder / "logs-2"), only=CAPABILITIES) as product:
                _prove(product, Dealer(product, before.key, _uid(identity)), before, report, began)
        report.rpo_s = (lost_at - _manifest(folder / "export").read_at).total_seconds()
    return report


@contextmanager
def _cloud(folder: Path) -> Iterator[LocalCloud]:
    """Emulators and stubs of its own, gone at the end with all they held."""
    with ExitStack() as stack:
        firestore = stack.enter_context(firestore_emulator())
        pubsub = stack.enter_context(pubsub_emulator())
        local = local_cloud(_made(folder), firestore_host=firestore.host, pubsub_host=pubsub.host)
        yield stack.enter_context(local)


def _fill(cloud: LocalCloud, identity: IdentityStub, folder: Path) -> Before:
    shell = OwnersShell(cloud, identity.url)
    shell("tenant", "create", TENANT, "--name", "Harbor Motors", "--time-zone", "America/Chicago")
    before = Before(key=shell("key", "issue", TENANT, "--name", "web-form").strip())
    shell("user", "grant", EMAIL, "--tenant", TENANT, "--roles", "ceo")
    with google_product(cloud, _made(folder / "logs-1"), only=CAPABILITIES) as product:
        dealer = Dealer(product, before.key, _uid(identity))
        answers = [dealer.send_lead(number) for number in range(LEADS)]
        assert {answer.status for answer in answers} == {201}, answers[-1].text
        before.person_id = answers[0].json()["master_person_id"]
        dealer.send_entries(0, ENTRIES)
        product.platform.blobs.put(
            f"tenants/{TENANT}/media/walk-around.jpg", bytes(range(256)) * 999, content_type="image/jpeg"
        )
        before.plate = content(dealer.plate(ENTRIES))
        before.handled_push = _push_of_a_handled_message(product)
        before.open_question = dealer.ask("Pull up the customer")
        assert dealer.answer(before.open_question)["type"] == "CLARIFICATION"
        before.stuck = _accepted_and_not_published(cloud, dealer, folder)
        before.unpublished = _unpublished(product, before.stuck)
        _kill_at_work(product, before.stuck)
        _until_quiet(cloud)
    return before


def _push_of_a_handled_message(product: GoogleProduct) -> bytes:
    (first, *_) = told(product, "message-received", lambda data: data["text"] == QUESTION)
    return push_of(first.message)


def _accepted_and_not_published(cloud: LocalCloud, dealer: Dealer, folder: Path) -> dict[str, Any]:
    """A message taken in by a function that Pub/Sub cannot be reached from: accepted is accepted."""
    chat = next(one for one in all_manifests() if one.name == "chat")
    environment = cloud.environment() | {"PUBSUB_EMULATOR_HOST": f"127.0.0.1:{free_port()}"}
    cut_off = start(chat, environment, _made(folder / "logs-cut-off"))
    reachable = dealer.product.processes["chat"]
    try:
        cut_off.await_ready()
        dealer.product.processes["chat"] = cut_off
        return dealer.ask(QUESTION)
    finally:
        dealer.product.processes["chat"] = reachable
        _stop(cut_off)


def _stop(process: FunctionProcess) -> None:
    process.stop()


def _event_of(product: GoogleProduct, stuck: dict[str, Any]) -> str:
    for document in product.platform.documents.query(Query("outbox")):
        for message in document.data["messages"]:
            if message["topic"] == "message-received" and stuck["message_id"] in message["data"]:
                return str(message["attributes"]["ce-id"])
    raise AssertionError("the message that was not published is not in the outbox")


def _unpublished(product: GoogleProduct, stuck: dict[str, Any]) -> int:
    assert _event_of(product, stuck)
    return len(product.platform.documents.query(Query("outbox")))


def _kill_at_work(product: GoogleProduct, stuck: dict[str, Any]) -> None:
    """A process died over the message: the lease it held is in the export, too."""
    path = f"tenants/{TENANT}/leases/membrane:{_event_of(product, stuck)}"
    acquire(product.platform.documents, path, now=datetime.now(UTC), seconds=LEASE_S)


def _until_quiet(cloud: LocalCloud) -> None:
    """No row has come for a moment."""
    counts: list[int] = []

    def quiet() -> bool:
        counts.append(_ledger_rows(cloud))
        time.sleep(0.4)
        return len(counts) > 3 and len(set(counts[-4:])) == 1

    eventually(quiet, "no more rows")


def _ledger_rows(cloud: LocalCloud) -> int:
    _, rows = cloud.engine.run("SELECT COUNT(*) AS n FROM `ledger.system_audit_ledger_v1`", {}, {})
    return int(rows[0][0])


def _facts(cloud: LocalCloud) -> dict[str, int]:
    """By type: a row that came twice is one fact."""
    statement = (
        "SELECT type, COUNT(DISTINCT event_id) AS n FROM `ledger.system_audit_ledger_v1` GROUP BY type"
    )
    _, rows = cloud.engine.run(statement, {}, {})
    return {str(type): int(count) for type, count in rows}


def _export(cloud: LocalCloud, identity: IdentityStub, to: Path, report: Report) -> None:
    shell = OwnersShell(cloud, identity.url)
    report.export_s = _timed(lambda: shell("tenant", "export", TENANT, "--to", str(to)))
    report.verify_s = _timed(lambda: shell("tenant", "verify-export", str(to)))
    manifest = _manifest(to)
    report.documents = manifest.count("documents") + manifest.count("root") + 1
    report.rows = manifest.count("rows")
    report.bytes = sum(one.bytes for one in manifest.files)


def _lose_one_write(cloud: LocalCloud, identity: IdentityStub, before: Before, folder: Path) -> None:
    """Taken in after the export: this is what a recovery point means."""
    with google_product(cloud, _made(folder / "logs-late"), only=("records_intake",)) as product:
        Dealer(product, before.key, _uid(identity)).send_entries(ENTRIES, ENTRIES + 1)


def _restore(cloud: LocalCloud, identity: IdentityStub, folder: Path, report: Report) -> None:
    shell = OwnersShell(cloud, identity.url)
    exported, again = folder / "export", folder / "export-again"
    words = ("tenant", "import", str(exported), "--yes", "--with-accounts")
    report.import_s = _timed(lambda: shell(*words))
    shell("tenant", "export", TENANT, "--to", str(again))
    first, second = _manifest(exported), _manifest(again)
    report.proved("every document, row, file and right is equal byte by byte", _equal(exported, again, first))
    report.proved(
        "the export of the restored has the same content hash", first.content_sha256 == second.content_sha256
    )
    said = shell("tenant", "import", str(exported), "--yes", code=2)
    report.proved("a second import is refused", said == "")


def _equal(one: Path, other: Path, manifest: Manifest) -> bool:
    stored = [path.relative_to(one) for path in (one / "files").rglob("*") if path.is_file()]
    keys = [Path(entry.key) for entry in manifest.files] + stored
    return bool(stored) and all((one / key).read_bytes() == (other / key).read_bytes() for key in keys)


def _prove(product: GoogleProduct, dealer: Dealer, before: Before, report: Report, began: float) -> None:
    asked = time.monotonic()
    plate = content(dealer.answer(dealer.ask(QUESTION)))
    report.first_answer_s, report.rto_s = time.monotonic() - asked, time.monotonic() - began
    report.proved(
        "the same question mounts the same plate; what came after the export is not in it",
        plate == before.plate,
    )
    again = dealer.send_lead(0)
    report.proved(
        "the website's key opens, and a lead sent again is known as sent before",
        again.json()["master_person_id"] == before.person_id
        and again.headers.get("idempotent-replayed") == "true",
    )
    frame = dealer.answer(dealer.ask(lead(3)["email"], before.open_question["session_id"]))
    report.proved(
        "the question that was open is answered and resumes what was asked first",
        frame["plate_id"] == "CRM_CARD" and name_of(3) in str(frame["dataset"]),
    )
    verdict = product.deliver("membrane", before.handled_push)
    report.proved("a message handled before the loss is not handled again", "done before" in verdict.text)
    _prove_pending(product, dealer, before, report)


def _prove_pending(product: GoogleProduct, dealer: Dealer, before: Before, report: Report) -> None:
    left = len(product.platform.documents.query(Query("outbox")))
    report.proved("what was committed and not published waits still", left >= before.unpublished > 0)
    report.proved("the stuck message has no answer yet", dealer.frames(before.stuck) == [])
    for _ in range(2):
        sweep(product.platform, datetime.now(UTC) + timedelta(hours=1))
    dealer.answer(before.stuck)
    time.sleep(1.0)
    report.proved(
        "the stuck message is answered once, though a process had died over it and it was published twice",
        len(dealer.frames(before.stuck)) == 1,
    )
    report.proved("nothing waits any more", product.platform.documents.query(Query("outbox")) == [])
    leads = product.platform.tenant(TENANT).documents.query(Query("leads"))
    report.proved("there are as many leads as were sent", len(leads) == LEADS)
    acts = {"tenant.created": 1, "key.issued": 1, "user.granted": 1}
    eventually(lambda: _facts(product.cloud).keys() >= acts.keys(), "the owner's acts in the ledger")
    found = {type: count for type, count in _facts(product.cloud).items() if type in acts}
    report.proved("what waited for the ledger is in it, one fact each", found == acts)


def _uid(identity: IdentityStub) -> str:
    (uid,) = (uid for uid, user in identity.users.items() if user["email"] == EMAIL)
    return uid


def _manifest(folder: Path) -> Manifest:
    return Manifest.model_validate_json((folder / "manifest.json").read_bytes())


def _timed(call: Callable[[], Any]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
