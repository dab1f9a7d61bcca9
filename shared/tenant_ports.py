"""The ports bound to one dealership: what is another's cannot be named with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.errors import Forbidden
from shared.ports import (
    Blobs,
    Document,
    Documents,
    MediaPart,
    Nearest,
    Parameter,
    Query,
    Row,
    Scope,
    SentMessage,
    StaffChat,
    StoredVector,
    UploadSession,
    Vectors,
    Warehouse,
    Watch,
    Write,
)


@dataclass(frozen=True)
class TenantDocuments:
    """Documents below one prefix; paths in and out are without it."""

    documents: Documents
    prefix: str

    def get(self, path: str) -> Document | None:
        return self._inner(self.documents.get(self.prefix + path))

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        found = self.documents.get_many([self.prefix + path for path in paths])
        return [self._inner(document) for document in found]

    def query(self, query: Query) -> list[Document]:
        outer = replace(query, collection=self.prefix + query.collection)
        return [replace(d, path=d.path.removeprefix(self.prefix)) for d in self.documents.query(outer)]

    def commit(self, writes: Sequence[Write]) -> list[str]:
        return self.documents.commit([replace(write, path=self.prefix + write.path) for write in writes])

    def watch(self, path: str, on_change: Callable[[Document | None], None]) -> Watch:
        return self.documents.watch(self.prefix + path, lambda document: on_change(self._inner(document)))

    def _inner(self, document: Document | None) -> Document | None:
        return document and replace(document, path=document.path.removeprefix(self.prefix))


@dataclass(frozen=True)
class TenantStaffChat:
    """Channels of two dealerships may be called the same: each is `{tenant}/{channel}`."""

    staff_chat: StaffChat
    tenant_id: str

    def post(self, *, channel: str, text: str, key: str) -> SentMessage:
        whole = {"channel": f"{self.tenant_id}/{channel}", "key": f"{self.tenant_id}:{key}"}
        return self.staff_chat.post(text=text, **whole)


@dataclass(frozen=True)
class TenantBlobs:
    """Files below one prefix; keys in and out are without it."""

    blobs: Blobs
    prefix: str

    def put(self, key: str, content: bytes, *, content_type: str) -> None:
        self.blobs.put(self.prefix + key, content, content_type=content_type)

    def get(self, key: str) -> bytes:
        return self.blobs.get(self.prefix + key)

    def exists(self, key: str) -> bool:
        return self.blobs.exists(self.prefix + key)

    def delete(self, key: str) -> None:
        self.blobs.delete(self.prefix + key)

    def size(self, key: str) -> int:
        return self.blobs.size(self.prefix + key)

    def read(self, key: str, start: int, length: int) -> bytes:
        return self.blobs.read(self.prefix + key, start, length)

    def begin(self, key: str, *, content_type: str, size: int) -> UploadSession:
        """Its token is this dealership's secret: whoever keeps it decides who goes on with the upload."""
        return self.blobs.begin(self.prefix + key, content_type=content_type, size=size)

    def append(self, token: str, *, offset: int, content: bytes, size: int) -> int:
        return self.blobs.append(token, offset=offset, content=content, size=size)

    def received(self, token: str, *, size: int) -> int:
        return self.blobs.received(token, size=size)

    def abandon(self, token: str) -> None:
        self.blobs.abandon(token)

    def part(self, key: str, content_type: str) -> MediaPart:
        """The file as a model is shown it."""
        return MediaPart(self.prefix + key, content_type)


@dataclass(frozen=True)
class TenantWarehouse:
    """Every query gets `tenant_id`, every row carries it; what the caller says of it is overwritten."""

    warehouse: Warehouse
    tenant_id: str

    def query(self, name: str, parameters: Mapping[str, Parameter]) -> list[Row]:
        return self.warehouse.query(name, {**parameters, "tenant_id": self.tenant_id})

    def append(self, table: str, rows: Iterable[Row]) -> None:
        self.warehouse.append(table, [{**row, "tenant_id": self.tenant_id} for row in rows])


@dataclass(frozen=True)
class TenantVectors:
    """Takes scopes of its tenant alone: another's is refused before the store is asked."""

    vectors: Vectors
    tenant_id: str

    def upsert(self, scope: Scope, items: Sequence[StoredVector]) -> None:
        self._inside(scope).upsert(scope, items)

    def search(
        self, scope: Scope, *, model: str, values: Sequence[float], limit: int = 1000
    ) -> list[Nearest]:
        return self._inside(scope).search(scope, model=model, values=values, limit=limit)

    def held(self, scope: Scope, ids: Sequence[str]) -> list[StoredVector]:
        return self._inside(scope).held(scope, ids)

    def delete(self, scope: Scope, ids: Sequence[str]) -> None:
        self._inside(scope).delete(scope, ids)

    def _inside(self, scope: Scope) -> Vectors:
        if scope.tenant_id != self.tenant_id:
            raise Forbidden(f"scope of tenant [{scope.tenant_id}] is not of tenant [{self.tenant_id}]")
        return self.vectors
