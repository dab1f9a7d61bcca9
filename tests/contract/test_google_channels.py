"""Connections to Google's services come back soon, in the cloud and on an emulator alike."""

from __future__ import annotations

import time
from typing import Any

import grpc
import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport
from google.pubsub_v1.services.publisher import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

from shared.adapters.google.channels import connected
from shared.adapters.google.documents import FirestoreDocuments
from shared.errors import Unavailable
from shared.testing.fault_proxy import Wire, fault_proxy


def test_a_store_that_was_away_for_long_is_back_at_once(firestore_host: str, project: str) -> None:
    with fault_proxy(firestore_host) as wire:
        documents = FirestoreDocuments(project=project, emulator_host=wire.host, timeout_s=1.5)
        documents.get("cars/a")
        with wire.being(Wire.CUT):
            until = time.monotonic() + 6.5  # gRPC's own pause between attempts is about 4 s by then
            while time.monotonic() < until:
                with pytest.raises(Unavailable):
                    documents.get("cars/a")
        documents.get("cars/a")
        documents.close()


@pytest.mark.parametrize(
    ("client", "transport", "endpoint", "own"),
    [
        (FirestoreClient, FirestoreGrpcTransport, None, "firestore.googleapis.com:443"),
        (PublisherClient, PublisherGrpcTransport, "us-central1-pubsub.googleapis.com:443", None),
    ],
)
def test_in_the_cloud_the_librarys_own_connection_is_made_with_shorter_pauses(
    monkeypatch: pytest.MonkeyPatch, client: Any, transport: Any, endpoint: str | None, own: str | None
) -> None:
    made: list[tuple[str, dict[str, Any]]] = []

    def create(target: str, *, options: list[tuple[str, Any]], **_: Any) -> grpc.Channel:
        made.append((target, dict(options)))
        return grpc.insecure_channel(target)

    class Recorded(transport):  # type: ignore[misc]  # the base is a parameter
        create_channel = staticmethod(create)

    nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]  # the library has no types here
    monkeypatch.setattr("google.auth.default", lambda **_: (nobody, "demo"))
    connected(client, Recorded, emulator_host=None, endpoint=endpoint).transport.close()
    ((target, options),) = made
    assert target == (endpoint or own)
    assert options["grpc.max_reconnect_backoff_ms"] == 1_000
    assert options["grpc.max_receive_message_length"] == -1
