"""The first request a function gets after it was started, in each profile."""

from __future__ import annotations

import http.client
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from shared import wiring
from shared.domain.media import media_path
from shared.domain.session import frame_path, new_session
from shared.events.base import CATALOGUE, Event
from shared.events.catalogue import load_catalogue
from shared.events.media import MediaUploaded
from shared.local.tenants import seed_tenants
from shared.manifest import Manifest
from shared.platform import Platform
from shared.ports import Claims, Message, Write
from shared.settings import load, variable
from shared.testing.harness import envelope_of, model_folder, push_of
from shared.testing.local_cloud import AUDIENCE, PUSH_ACCOUNT, LocalCloud, process_environment
from shared.testing.twilio_webhooks import DEV_TOKEN
from tests.benchmarks.first_records import signed_text, stored_for

PERSON = Claims("user", "ceo", "autohaus", ("ceo", "operator"), "ceo")


@dataclass(frozen=True)
class FirstRequest:
    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def succeeds(self, port: int) -> bool:
        """Whether it was answered below 300; False while nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(self.method, self.path, self.body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
        except OSError:
            return False
        finally:
            connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"[{self.method} {self.path}] answered {answer.status}: {content[:500]!r}")
        return True


@dataclass(frozen=True)
class FirstFrame:
    """A person's socket comes back and gets the frame it missed."""

    path: str

    def succeeds(self, port: int) -> bool:
        """Whether a frame came; False while nobody listens."""
        from websockets.sync.client import connect

        try:
            with connect(f"ws://127.0.0.1:{port}{self.path}", compression=None) as socket:
                return bool(socket.recv(60))
        except OSError:
            return False


Request = FirstRequest | FirstFrame


@dataclass(frozen=True)
class Ground:
    """A profile to start functions in: their environment, and tokens for those who call."""

    platform: Platform
    environment: Mapping[str, str]
    user: Callable[[], str]
    service: Callable[[], str]

    def first_request(self, manifest: Manifest) -> Request:
        """A real one: it reads, and where the function writes it writes."""
        if manifest.kind == "service":
            missed = {"type": "ERROR", "text": "It took too long", "seq": 1}
            session_id = self._session({"frame_seq": 1, "latest": missed}, [missed])
            return FirstFrame(f"/ws/chat?token={self.user()}&session_id={session_id}&after=0")
        if manifest.kind == "schedule":
            return self.pushed(b"{}")
        if manifest.kind == "event":
            return self.pushed(push_of(self.message(CATALOGUE[manifest.subscribes or ""])))
        if manifest.name == "twilio_sms":
            target, form, signed = signed_text(self.environment.get("TWILIO_AUTH_TOKEN", DEV_TOKEN))
            return FirstRequest("POST", target, form, signed)
        method, path, body = HTTP_REQUESTS[manifest.name]
        headers = {"Authorization": f"Bearer {self.user()}", "Content-Type": "application/json"}
        return FirstRequest(method, path, b"" if body is None else json.dumps(body).encode(), headers)

    def pushed(self, body: bytes) -> FirstRequest:
        """As Pub/Sub or Scheduler calls."""
        headers = {"Authorization": f"Bearer {self.service()}", "Content-Type": "application/json"}
        return FirstRequest("POST", "/", body, headers)

    def message(self, kind: type[Event]) -> Message:
        """The event's own example, in a session made for it."""
        session_id, now = self._session({"last_seq": 1}), self.platform.clock.now()
        example = {**kind.example, "session_id": session_id, "received_at": now.isoformat()}
        example |= stored_for(self.platform, kind)
        if kind is MediaUploaded:
            self.platform.tenant("autohaus").documents.commit([_media(example["media_id"], now)])
        event = kind.model_validate({**example, "roles": ["ceo"]})
        return envelope_of(event, tenant="autohaus", cause=session_id, now=now).to_message()

    def _session(self, state: Mapping[str, Any], frames: Sequence[Mapping[str, Any]] = ()) -> str:
        session_id, now = uuid.uuid4().hex, self.platform.clock.now()
        session = {**new_session(user_id="ceo", channel="chat", now=now), **state}
        kept = [Write(frame_path(session_id, frame["seq"]), frame) for frame in frames]
        documents = self.platform.tenant("autohaus").documents
        documents.commit([Write(f"sessions/{session_id}", session), *kept])
        return session_id


def _media(media_id: str, now: datetime) -> Write:
    """Of a photo without a note: what looking at it costs besides the model."""
    named = {"media_id": media_id, "kind": "photo", "content_type": "image/jpeg", "blob_key": "none"}
    said = {"vin": None, "repair_order": None, "stage": "inspection", "note": "", "size": 1, "turn": 1}
    read = {"findings": [], "vins": [], "unread": ["pictures_only"], "model_version": "none"}
    media = {**named, **said, "captured_at": now, "uploaded_at": now, "uploaded_by": "users/mechanic"}
    return Write(media_path(media_id), {**media, "state": "received", "reading": read})


HTTP_REQUESTS: Mapping[str, tuple[str, str, Any]] = {
    "crm_intake": ("POST", "/api/crm/intake", {"source": "WEB_LEAD", "email": "ada.moreno@example.com"}),
    "records_intake": (
        "POST",
        "/api/records/staff",
        [{"staff_id": "s1", "name": "Sam Lee", "role": "sales", "email": "sam.lee@example.com"}],
    ),
    "chat": ("POST", "/api/chat", {"text": "Show me the financials for Lane A"}),
    "memory_vault": ("POST", "/api/memory", {"text": "I want margin reports grouped by week"}),
    "operations": ("GET", "/api/operations/effects", None),
    "system": ("GET", "/api/system/state", None),
    "anomalies": ("GET", "/api/anomalies", None),
    "attention": (
        "PUT",
        "/api/attention/me/preferences",
        {"quiet_start": "22:00", "quiet_end": "06:00", "texts_per_day": 10},
    ),
    "consents": ("GET", "/api/consents/reviews", None),
    "inbox": ("GET", "/api/inbox/threads", None),
    "logistics": ("POST", "/api/logistics/trips", {"destination": "41.9, -87.65", "start": True}),
    "quotes": ("GET", "/api/quotes", None),
    "media_ingest": ("GET", "/api/media?state=received", None),
    "scribe_review": ("GET", "/api/twins/1HGCM82633A004352", None),
}


@contextmanager
def embedded_ground(folder: Path) -> Iterator[Ground]:
    from shared.adapters.embedded.tokens import LocalTokens

    values = {"data_dir": str(folder), "model_dir": str(model_folder()), "log_level": "ERROR"}
    variables = {variable(name): value for name, value in values.items()}
    load_catalogue()
    platform = wiring.build_platform(load(variables))
    seed_tenants(platform)
    tokens = LocalTokens(folder / "issuer.key")
    yield Ground(
        platform,
        process_environment(variables),
        lambda: tokens.issue(PERSON),
        lambda: tokens.issue(Claims("service", "local")),
    )
    platform.close()


@contextmanager
def google_ground(cloud: LocalCloud) -> Iterator[Ground]:
    load_catalogue()
    platform = wiring.build_platform(cloud.settings())
    seed_tenants(platform)
    from shared.testing import push_rig

    cloud.gemini.answer = {"intent": "SERVICE", "confidence": 0.95, "second_intent": None, "entities": {}}
    push_rig.build(project=cloud.project, emulator_host=cloud.pubsub_host, topics=CATALOGUE)
    yield Ground(
        platform,
        cloud.environment(),
        lambda: cloud.signer.user(PERSON),
        lambda: cloud.signer.service(PUSH_ACCOUNT, AUDIENCE),
    )
    platform.close()
