"""Documents on Firestore.

Optimistic throughout: one atomic commit with preconditions, never a read-write transaction, which would
hold locks and stall every other writer while it is contended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from google.api_core import exceptions as api
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport
from google.cloud.firestore_v1.types import (
    BatchGetDocumentsRequest,
    BatchGetDocumentsResponse,
    CommitRequest,
    CommitResponse,
    RunQueryRequest,
    RunQueryResponse,
)

from shared.adapters.document_rules import check_path, check_query, check_writes, ordering
from shared.adapters.google.channels import connected
from shared.adapters.google.errors import google_errors, within
from shared.adapters.google.firestore_queries import structured_query
from shared.adapters.google.firestore_values import decoded, fill, update_time, version
from shared.adapters.google.firestore_watch import FirestoreWatch
from shared.adapters.google.listen_clients import ListenClients
from shared.errors import Conflict, Misconfigured, NotFound
from shared.ports import Document, Expect, Query, Watch, Write

_PRECONDITION_FAILED = (api.FailedPrecondition, api.AlreadyExists, api.NotFound, api.Aborted)


class FirestoreDocuments:
    """`emulator_host` (`127.0.0.1:port`) instead of the cloud.

    `timeout_s` bounds a read of known documents and a commit, which take milliseconds: whoever asks must
    still have time to answer when the store does not. `query_timeout_s` bounds a query, which may carry much.
    """

    def __init__(
        self,
        *,
        project: str,
        database: str = "(default)",
        emulator_host: str | None = None,
        timeout_s: float = 4.0,
        query_timeout_s: float = 10.0,
    ) -> None:
        self._database = f"projects/{project}/databases/{database}"
        self._root = f"{self._database}/documents/"
        self._timeout_s = timeout_s
        self._query_timeout_s = query_timeout_s
        self._metadata = [("google-cloud-resource-prefix", self._database)]
        if emulator_host:
            self._metadata.append(("authorization", "Bearer owner"))
        with google_errors("Firestore client"):
            self._client = firestore_client(emulator_host)
        self._listeners = ListenClients(lambda: firestore_client(emulator_host, alone=True))

    def get(self, path: str) -> Document | None:
        return self.get_many([path])[0]

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        for path in paths:
            check_path(path)
        if not paths:
            return []
        names = list(dict.fromkeys(self._root + path for path in paths))
        request = BatchGetDocumentsRequest(database=self._database, documents=names)
        with google_errors(f"Firestore read of {list(paths[:3])}"):
            answers = self._client.batch_get_documents(
                request, retry=within(self._timeout_s), timeout=self._timeout_s, metadata=self._metadata
            )
            raw = [BatchGetDocumentsResponse.pb(answer) for answer in answers]
        found = [self._document(answer.found) for answer in raw if answer.HasField("found")]
        by_path = {document.path: document for document in found}
        return [by_path.get(path) for path in paths]

    def query(self, query: Query) -> list[Document]:
        check_query(query)
        if any(operator == "in" and not value for _, operator, value in query.where):
            return []  # Firestore refuses an empty list; nothing is in it
        collection = query.collection.rpartition("/")[2]
        message = structured_query(
            query, collection=collection, start_after=self._cursor(query), root=self._root
        )
        return self.answers(query.collection, message, asked=str(query))

    def answers(self, collection: str, message: Any, *, asked: str) -> list[Document]:
        """The documents Firestore's own structured query finds directly in the collection; `asked` says it in
        words for whoever reads the error."""
        parent = f"{self._root}{collection}".rpartition("/")[0]
        request = RunQueryRequest.pb()(parent=parent.rstrip("/"))
        request.structured_query.CopyFrom(message)
        with google_errors(f"Firestore query of [{collection}]"), _index_errors(asked):
            answers = self._client.run_query(
                RunQueryRequest.wrap(request),
                retry=within(self._query_timeout_s),
                timeout=self._query_timeout_s,
                metadata=self._metadata,
            )
            raw = [RunQueryResponse.pb(answer) for answer in answers]
        return [self._document(answer.document) for answer in raw if answer.HasField("document")]

    def commit(self, writes: Sequence[Write]) -> list[str]:
        check_writes(writes)
        if not writes:
            return []
        request = CommitRequest.pb()(database=self._database)
        for write in writes:
            self._add(request.writes.add(), write)
        try:
            with google_errors(f"Firestore commit of {[write.path for write in writes[:3]]}"):
                return self._send(request)
        except _PreconditionError as refusal:
            raise self._conflict(writes, refusal) from refusal.__cause__

    def watch(self, path: str, on_change: Callable[[Document | None], None]) -> Watch:
        check_path(path)
        lent = self._listeners.borrow()
        return FirestoreWatch(
            client=lent.client,
            database=self._database,
            name=self._root + path,
            metadata=self._metadata,
            to_document=self._document,
            on_change=on_change,
            on_end=lambda: self._listeners.give_back(lent),
        )

    def close(self) -> None:
        self._listeners.close()
        self._client.transport.close()  # type: ignore[no-untyped-call]  # the library has no types here

    def _send(self, request: Any) -> list[str]:
        try:
            # No retry: an attempt that landed without its answer would fail its own precondition.
            answer = self._client.commit(
                CommitRequest.wrap(request), retry=None, timeout=self._timeout_s, metadata=self._metadata
            )
        except _PRECONDITION_FAILED as error:
            raise _PreconditionError from error
        results = zip(request.writes, CommitResponse.pb(answer).write_results, strict=True)
        return ["" if write.delete else version(result.update_time) for write, result in results]

    def _add(self, message: Any, write: Write) -> None:
        name = self._root + write.path
        if write.data is None:
            message.delete = name
        else:
            message.update.name = name
            message.update.SetInParent()
            fill(message.update.fields, write.data)
        if isinstance(write.expect, str):
            message.current_document.update_time.CopyFrom(update_time(write.expect))
        elif write.expect is not Expect.ANYTHING:
            message.current_document.exists = write.expect is Expect.PRESENT

    def _conflict(self, writes: Sequence[Write], refusal: _PreconditionError) -> Conflict:
        """Firestore's refusal does not say which document, so the present state is looked at."""
        expecting = [write for write in writes if write.expect is not Expect.ANYTHING]
        present = self.get_many([write.path for write in expecting])
        for write, document in zip(expecting, present, strict=True):
            if not _holds(write.expect, document):
                return Conflict(f"Document [{write.path}] is not as expected [{_words(write.expect)}]")
        named = [write.path for write in expecting or writes]
        return Conflict(f"Documents {named} changed while they were written: {refusal.__cause__}")

    def _cursor(self, query: Query) -> Document | None:
        if query.start_after is None:
            return None
        path = f"{query.collection}/{query.start_after}"
        fields, _ = ordering(query)
        if not fields:
            check_path(path)
            return Document(path=path, data={}, version="")
        document = self.get(path)
        if document is None:
            raise NotFound(f"Page cannot start after [{path}]: it is gone; start at the first page")
        return document

    def _document(self, message: Any) -> Document:
        path = message.name.removeprefix(self._root)
        return Document(path=path, data=decoded(message.fields), version=version(message.update_time))


class _PreconditionError(Exception):
    """The commit was refused for the state of a document; the cause is Firestore's error."""


@contextmanager
def _index_errors(asked: str) -> Iterator[None]:
    """A query that Firestore refuses for its state lacks an index: no retry will help."""
    try:
        yield
    except api.FailedPrecondition as error:
        raise Misconfigured(f"Query [{asked}] needs an index: {error.message}") from error


def firestore_client(emulator_host: str | None, *, alone: bool = False) -> FirestoreClient:
    client: FirestoreClient = connected(
        FirestoreClient, FirestoreGrpcTransport, emulator_host=emulator_host, alone=alone
    )
    return client


def _holds(expect: str | Expect, document: Document | None) -> bool:
    if isinstance(expect, str):
        return document is not None and document.version == expect
    return (document is not None) is (expect is Expect.PRESENT)


def _words(expect: str | Expect) -> str:
    return f"version {expect}" if isinstance(expect, str) else expect.value
