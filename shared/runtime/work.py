"""The unit of work: everything a handler changes, committed once and whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from shared.errors import NotFound
from shared.events.base import Envelope, Event, event_id
from shared.platform import Tenant
from shared.ports import Data, Document, Expect, Message, Query, Write
from shared.runtime.cause import Cause
from shared.runtime.deadline import committing
from shared.runtime.lost_answer import commit_with_token
from shared.runtime.outbox import hand_on, outbox_path, outbox_writes

T = TypeVar("T")


class UnitOfWork:
    """Reads straight, writes buffered.

    A document read through the work and then written carries the version that was read, so a
    concurrent change raises `Conflict` at the commit and the handler runs again on fresh reads.
    Paths are within the tenant: `persons/p1`.
    """

    def __init__(
        self, *, tenant: Tenant, cause: Cause, now: datetime, kept: dict[str, Any] | None = None
    ) -> None:
        self.tenant = tenant
        self.cause = cause
        self.now = now
        self._versions: dict[str, str | Expect] = {}
        self._writes: dict[str, Write] = {}
        self._links: dict[str, Write] = {}
        self._envelopes: list[Envelope] = []
        self._ids = 0
        self._commits = 0
        self._attempt = tenant.platform.ids.new()[:8]
        self._kept = {} if kept is None else kept

    # reading

    def get(self, path: str) -> Document | None:
        return self.get_many([path])[0]

    def require(self, path: str) -> Document:
        """Raises `NotFound` naming the record."""
        document = self.get(path)
        if document is None:
            raise NotFound(f"there is no [{path}]")
        return document

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        """In the order asked for; what this work has already written is seen."""
        missing = [path for path in dict.fromkeys(paths) if path not in self._writes]
        found = dict(zip(missing, self.tenant.documents.get_many(missing), strict=True)) if missing else {}
        for path, document in found.items():
            self._versions.setdefault(path, document.version if document else Expect.ABSENT)
        return [self._buffered(path) if path in self._writes else found[path] for path in paths]

    def query(self, query: Query) -> list[Document]:
        """Sees what is stored, not what this work has buffered."""
        documents = self.tenant.documents.query(query)
        for document in documents:
            self._versions.setdefault(document.path, document.version)
        return documents

    def _buffered(self, path: str) -> Document | None:
        data = self._writes[path].data
        return None if data is None else Document(path, data, "uncommitted")

    def once(self, name: str, call: Callable[[], T]) -> T:
        """What the call answered the first time, also when a conflict has the handler run again.

        For what is slow or costs money and depends on nothing a conflict may have changed: a model's answer.
        """
        if name not in self._kept:
            self._kept[name] = call()
        found: T = self._kept[name]
        return found

    # writing

    def create(self, path: str, data: Data) -> None:
        """Fails the commit with `Conflict` when the document exists by then."""
        self._versions.setdefault(path, Expect.ABSENT)
        self.put(path, data)

    def put(self, path: str, data: Data) -> None:
        """Replaces the whole document."""
        self._writes[path] = Write(path, dict(data), self._versions.get(path, Expect.ANYTHING))

    def update(self, path: str, fields: Data) -> None:
        """Reads the document if need be and replaces the named top-level fields. Raises `NotFound`."""
        self.put(path, {**self.require(path).data, **fields})

    def put_link(self, digest: str, fields: Data) -> None:
        """`public_links/{digest}`, which stands at the root because who opens a link has no tenant yet; it is
        always this dealership's own. For `shared.links` alone."""
        data = {**fields, "tenant_id": self.tenant.tenant_id}
        self._links[digest] = Write(f"public_links/{digest}", data)

    def delete(self, path: str) -> None:
        self._writes[path] = Write(path, None, self._versions.get(path, Expect.ANYTHING))

    # telling

    def new_id(self) -> str:
        """A fresh id that comes out the same when the same cause runs again."""
        self._ids += 1
        return self.cause.derived_id(self._ids)

    def emit(self, event: Event) -> str:
        """Publishes the event once this work is committed; answers its id."""
        ordinal = sum(1 for envelope in self._envelopes if envelope.type == event.topic)
        identity = event_id(f"{self.cause.key}|{self._commits}", event.topic, ordinal)
        self._envelopes.append(
            Envelope(
                id=identity,
                source=f"//autohaus/{self.cause.function}",
                type=event.topic,
                time=self.now,
                subject=event.about(),
                tenantid=self.tenant.tenant_id,
                correlationid=self.cause.correlation_id,
                causationid=self.cause.causation_id,
                traceparent=self.cause.traceparent,
                authid=self.cause.auth_id,
                data=event.model_dump(mode="json"),
            )
        )
        return identity

    def audit(self, type: str, **columns: Any) -> None:
        """One row in the audit ledger; columns as in `sql/ledger/system_audit_ledger_v1`."""
        from shared.events.ledger import AuditRecorded

        actor = columns.pop("actor", self.cause.auth_id or self.cause.function)
        if not self.cause.is_attempt:
            columns.setdefault("outcome", None)
        self.emit(AuditRecorded(type=type, actor=actor, capability=self.cause.function, **columns))

    # committing

    def writes(self, extra: Sequence[Write] = ()) -> tuple[list[Write], list[Message]]:
        """What the commit holds: documents, `extra`, and one outbox document with the messages.

        `extra` and the outbox writes are full paths; the tenant's own are made full here.
        """
        prefix = f"tenants/{self.tenant.tenant_id}/"
        own = [Write(prefix + w.path, w.data, w.expect) for w in self._writes.values()]
        messages = [envelope.to_message() for envelope in self._envelopes]
        # The time of the commit, not of the work: by it, what is told in order is put in order.
        committed_at = self.tenant.clock.now()
        return [
            *own,
            *self._links.values(),
            *extra,
            *outbox_writes(self.outbox_id, messages, committed_at),
        ], messages

    def commit(self, extra: Sequence[Write] = ()) -> list[Message]:
        """Commits once, atomically; answers the messages that now have to be published.

        Raises `TimeoutError` when the request it belongs to was given up at its deadline.
        """
        writes, messages = self.writes(extra)
        if writes:
            # Only this run writes its outbox document, so where that stands the rest does.
            token = outbox_path(self.outbox_id, 0) if messages else ""
            with committing():
                commit_with_token(self.tenant.platform.documents, writes, token)
        return messages

    def checkpoint(self) -> None:
        """Commits and publishes what is buffered and goes on with an empty buffer.

        For long inputs only (thousands of rows): each chunk is whole, the input is not. What comes
        before a checkpoint stays when a later chunk fails, so the handler must be idempotent by key.
        """
        messages = self.commit()
        hand_on(self.tenant.platform, self.outbox_id, messages)
        self._commits += 1
        self._reset()

    def restart(self) -> None:
        """Forgets reads and writes before the handler runs again after a conflict."""
        self._ids = 0
        self._reset()

    def _reset(self) -> None:
        self._versions.clear()
        self._writes.clear()
        self._links.clear()
        self._envelopes.clear()

    @property
    def outbox_id(self) -> str:
        # A cause that runs again after a checkpoint and a crash must not overwrite what the first
        # run left unpublished: each run has its own outbox documents, the events keep their ids.
        run = f"{self.cause.id}-{self._attempt}-{self._commits}"
        return f"{self.tenant.tenant_id}-{self.cause.function}-{run}"

    @property
    def has_changes(self) -> bool:
        """Something was written or told, in this commit or before a checkpoint."""
        return bool(self._writes or self._links or self._envelopes or self._commits)

    @property
    def pending(self) -> Mapping[str, Write]:
        """What is buffered, for tests and for checks before the commit."""
        return dict(self._writes)

    @property
    def emitted(self) -> list[Envelope]:
        return list(self._envelopes)
