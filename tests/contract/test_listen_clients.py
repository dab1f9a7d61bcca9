"""More followers than a connection has streams: each hears, and reads and writes go on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from google.cloud.firestore_v1.types import (
    BatchGetDocumentsRequest,
    BatchGetDocumentsResponse,
    ListenResponse,
    TargetChange,
)
from google.protobuf.timestamp_pb2 import Timestamp

from shared.adapters.google.documents import FirestoreDocuments
from shared.adapters.google.listen_clients import STREAMS_A_CONNECTION, ListenClients

STREAMS_OF_GOOGLE = 100
FOLLOWERS = 130


def _listen(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
    """There is no document, and it stays so until the client leaves."""
    next(requests)
    left = threading.Event()
    context.add_callback(left.set)
    kinds = TargetChange.TargetChangeType
    for kind in (kinds.CURRENT, kinds.NO_CHANGE):
        change = TargetChange(target_change_type=kind, read_time=Timestamp(seconds=1))
        yield ListenResponse.serialize(ListenResponse(target_change=change))
    left.wait()


def _get(request: bytes, _: grpc.ServicerContext) -> Iterator[bytes]:
    for name in BatchGetDocumentsRequest.deserialize(request).documents:
        yield BatchGetDocumentsResponse.serialize(BatchGetDocumentsResponse(missing=name))


@pytest.fixture
def host() -> Iterator[str]:
    """A Firestore that takes no more streams a connection than Google does."""
    pool = ThreadPoolExecutor(FOLLOWERS + 20)
    server = grpc.server(pool, options=[("grpc.max_concurrent_streams", STREAMS_OF_GOOGLE)])
    methods = {
        "Listen": grpc.stream_stream_rpc_method_handler(_listen),
        "BatchGetDocuments": grpc.unary_stream_rpc_method_handler(_get),
    }
    service = grpc.method_handlers_generic_handler("google.firestore.v1.Firestore", methods)
    server.add_generic_rpc_handlers((service,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(grace=None).wait()
    pool.shutdown()


def test_every_follower_hears_and_the_store_still_answers(host: str) -> None:
    documents = FirestoreDocuments(project="demo", emulator_host=host, timeout_s=3)
    heard = threading.Semaphore(0)
    watches = [documents.watch(f"sessions/{n}", lambda _: heard.release()) for n in range(FOLLOWERS)]
    for _ in watches:
        assert heard.acquire(timeout=20), "a follower was told nothing"
    assert documents.get("cars/a") is None
    for watch in watches:
        watch.close()
    documents.close()


def test_a_place_given_back_is_lent_again() -> None:
    made: list[Any] = []

    class Client:
        def __init__(self) -> None:
            made.append(self)

    clients = ListenClients(Client)  # type: ignore[arg-type]  # only counted here
    lent = [clients.borrow() for _ in range(STREAMS_A_CONNECTION + 1)]
    assert len(made) == 2 and lent[-1].client is made[1]
    clients.give_back(lent[0])
    assert clients.borrow().client is made[0]
    assert len(made) == 2
