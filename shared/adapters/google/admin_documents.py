"""Documents by where they lie, from Firestore.

What lies below a document is one query over all collections beneath it, ordered by name: it also finds what
is below a document that is gone, and needs no index. A moment up to an hour ago can be read to the
microsecond, whole minutes up to seven days ago where the database has point-in-time recovery
(firebase.google.com/docs/firestore/pitr).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.types import RunQueryRequest, RunQueryResponse, StructuredQuery

from shared.adapters.document_rules import check_path
from shared.adapters.google.documents import firestore_client
from shared.adapters.google.errors import google_errors, within
from shared.adapters.google.firestore_values import decoded, encoded, field_path, moment, timestamp, version
from shared.ports import Document

_PAGE = 500


class FirestoreDocumentArchive:
    """`emulator_host` (`127.0.0.1:port`) instead of the cloud; `timeout_s` bounds a page."""

    def __init__(
        self,
        *,
        project: str,
        database: str = "(default)",
        emulator_host: str | None = None,
        timeout_s: float = 60.0,
    ) -> None:
        self._parent = f"projects/{project}/databases/{database}/documents"
        self._timeout_s = timeout_s
        self._metadata = [("google-cloud-resource-prefix", self._parent.removesuffix("/documents"))]
        if emulator_host:
            self._metadata.append(("authorization", "Bearer owner"))
        with google_errors("Firestore client"):
            self._client: FirestoreClient = firestore_client(emulator_host)

    def now(self) -> datetime:
        """Firestore's own clock: this machine's may be ahead of it, and the future cannot be read."""
        request = self._request("", collection="tenants")
        request.structured_query.limit.value = 1
        return moment(self._answers(request)[-1].read_time)

    def below(self, path: str, *, at: datetime | None = None) -> Iterator[Document]:
        check_path(path)
        return self._paged(self._request(path), at)

    def in_collection(
        self, collection: str, *, where: tuple[str, Any] | None = None, at: datetime | None = None
    ) -> Iterator[Document]:
        parent, _, name = collection.rpartition("/")
        request = self._request(parent, collection=name)
        if where:
            condition = request.structured_query.where.field_filter
            condition.field.field_path = field_path(where[0])
            condition.op = StructuredQuery.FieldFilter.Operator.EQUAL
            condition.value.CopyFrom(encoded(where[1]))
        return self._paged(request, at)

    def close(self) -> None:
        self._client.transport.close()  # type: ignore[no-untyped-call]  # the library has no types here

    def _request(self, parent: str, collection: str = "") -> Any:
        request = RunQueryRequest.pb()(parent=f"{self._parent}/{parent}".rstrip("/"))
        source = request.structured_query.from_.add(all_descendants=not collection)
        source.collection_id = collection
        order = request.structured_query.order_by.add(direction=StructuredQuery.Direction.ASCENDING)
        order.field.field_path = "__name__"
        return request

    def _paged(self, request: Any, at: datetime | None) -> Iterator[Document]:
        query = request.structured_query
        query.limit.value = _PAGE
        if at is not None:
            request.read_time.CopyFrom(timestamp(at))
        while True:
            page = [answer.document for answer in self._answers(request) if answer.HasField("document")]
            yield from map(self._document, page)
            if len(page) < _PAGE:
                return
            query.ClearField("start_at")
            query.start_at.before = False
            query.start_at.values.add(reference_value=page[-1].name)

    def _answers(self, request: Any) -> list[Any]:
        with google_errors(f"Firestore read below [{request.parent}]"):
            answers = self._client.run_query(
                RunQueryRequest.wrap(request),
                retry=within(self._timeout_s),
                timeout=self._timeout_s,
                metadata=self._metadata,
            )
            return [RunQueryResponse.pb(answer) for answer in answers]

    def _document(self, message: Any) -> Document:
        path = message.name.removeprefix(f"{self._parent}/")
        return Document(path=path, data=decoded(message.fields), version=version(message.update_time))
