"""The only place that names adapters. Each is imported when its port is first used."""

from __future__ import annotations

import gc
import importlib
import threading
from collections.abc import Mapping
from typing import Any

from shared.errors import Misconfigured
from shared.observability import configure, trace_to
from shared.platform import Factory, Platform
from shared.runtime.given_up import kept_reason
from shared.settings import Settings, environment, load, public_base


def _class(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(f"shared.adapters.{module}"), name)


EMBEDDED: Mapping[str, Factory] = {
    "documents": lambda p: _class("embedded.documents:SqliteDocuments")(p.settings.data_dir / "documents.db"),
    "bus": lambda p: _class("embedded.bus:SqliteBus")(p.settings.data_dir / "bus.db"),
    "bus_operations": lambda p: p.bus,
    "warehouse": lambda p: _class("embedded.warehouse:DuckDbWarehouse")(
        p.settings.data_dir / "warehouse.duckdb"
    ),
    "models": lambda p: _class("embedded.models:EmbeddedModels")(p.settings.model_dir, lambda: p.blobs),
    "vectors": lambda p: _class("embedded.vectors:ExactVectors")(p.documents),
    "blobs": lambda p: _class("embedded.blobs:FolderBlobs")(p.settings.data_dir / "blobs"),
    "messenger": lambda p: _class("embedded.messenger:OutboxMessenger")(p.settings.data_dir / "messages.db"),
    "staff_chat": lambda p: _class("embedded.staff_chat:OutboxStaffChat")(
        p.settings.data_dir / "messages.db"
    ),
    "text_provider": lambda p: _class("embedded.text_provider:LocalTextProvider")(
        auth_token=p.secrets.get("twilio_auth_token")
    ),
    "links": lambda p: _class("signed_links:HmacLinks")(
        keys=p.secrets.get("link_signing_key"), base_url=public_base(p.settings)
    ),
    "seals": lambda p: _class("ed25519_seals:Ed25519Seals")(secrets=p.secrets.get("receipt_signing_key")),
    "maps": lambda p: _class("embedded.maps:GreatCircleMaps")(),
    "secrets": lambda p: _class("embedded.secrets:FileSecrets")(p.settings.data_dir / "secrets.json"),
    "tokens": lambda p: _class("embedded.tokens:LocalTokens")(p.settings.data_dir / "issuer.key"),
    "spans": lambda p: _class("embedded.spans:SqliteSpans")(p.settings.data_dir / "spans.db"),
    "clock": lambda p: _class("system:SystemClock")(),
    "ids": lambda p: _class("system:RandomIds")(),
}

GOOGLE: Mapping[str, Factory] = {
    "documents": lambda p: _class("google.documents:FirestoreDocuments")(
        project=p.settings.project, emulator_host=p.settings.firestore_emulator_host or None
    ),
    "bus": lambda p: _class("google.bus:PubSubBus")(
        project=p.settings.project,
        emulator_host=p.settings.pubsub_emulator_host or None,
        # Order is kept within a region, so all of us publish through the same one.
        endpoint=f"{p.settings.region}-pubsub.googleapis.com:443",
    ),
    "bus_operations": lambda p: _class("google.bus_operations:PubSubBusOperations")(
        project=p.settings.project,
        bus=p.bus,
        clock=p.clock,
        emulator_host=p.settings.pubsub_emulator_host or None,
        reason_of=lambda function, message: kept_reason(p.documents, function, message),
    ),
    "warehouse": lambda p: _class("google.warehouse:BigQueryWarehouse")(
        lambda: _class("google.warehouse:bigquery_client")(
            p.settings.project, p.settings.region, p.settings.bigquery_base_url or None
        )
    ),
    "models": lambda p: _class("google.models:VertexModels")(
        project=p.settings.project,
        location=p.settings.gemini_location,
        region=p.settings.region,
        embedding_model=p.settings.embedding_model,
        base_url=p.settings.genai_base_url,
        bucket=p.settings.bucket,
    ),
    "vectors": lambda p: _class("google.vectors:FirestoreVectors")(
        project=p.settings.project, emulator_host=p.settings.firestore_emulator_host or None
    ),
    "blobs": lambda p: _class("google.blobs:GcsBlobs")(
        bucket=p.settings.bucket, project=p.settings.project, endpoint=p.settings.storage_base_url or None
    ),
    "messenger": lambda p: _class("google.messenger:TwilioMessenger")(
        account_sid=p.secrets.get("twilio_account_sid"),
        auth_token=p.secrets.get("twilio_auth_token"),
        sender=p.settings.twilio_number,
        api_url=p.settings.twilio_base_url,
    ),
    "staff_chat": lambda p: _class("google.staff_chat:SlackStaffChat")(
        webhooks=_class("google.staff_chat:read_webhooks")(p.secrets.get("slack_webhooks"))
    ),
    "text_provider": lambda p: _class("google.text_provider:TwilioTextProvider")(
        account_sid=p.secrets.get("twilio_account_sid"),
        auth_token=p.secrets.get("twilio_auth_token"),
        api_url=p.settings.twilio_base_url,
    ),
    "links": lambda p: _class("signed_links:HmacLinks")(
        keys=p.secrets.get("link_signing_key"), base_url=p.settings.public_url
    ),
    "seals": lambda p: _class("ed25519_seals:Ed25519Seals")(secrets=p.secrets.get("receipt_signing_key")),
    "maps": lambda p: _class("google.maps:GoogleRoutes")(
        key=p.secrets.get("google_maps_api_key"), base_url=p.settings.routes_base_url
    ),
    "secrets": lambda p: _class("google.secrets:MountedSecrets")(environment=environment()),
    "spans": lambda p: _class("google.spans:CloudTraceSpans")(
        project=p.settings.project, base_url=p.settings.trace_base_url
    ),
    "tokens": lambda p: _class("google.tokens:FirebaseTokens")(
        project=p.settings.project,
        firebase_keys_url=p.settings.firebase_keys_url or _class("google.tokens:FIREBASE_KEYS"),
        google_keys_url=p.settings.google_keys_url or _class("google.tokens:GOOGLE_KEYS"),
    ),
    "clock": lambda p: _class("system:SystemClock")(),
    "ids": lambda p: _class("system:RandomIds")(),
}

PROFILES: Mapping[str, Mapping[str, Factory]] = {"embedded": EMBEDDED, "google": GOOGLE}


def build_platform(settings: Settings, replaced: Mapping[str, Factory] | None = None) -> Platform:
    """The ports of a profile; `replaced` puts other factories in place of some, for tests and stubs."""
    if settings.profile not in PROFILES:
        raise Misconfigured(f"COS_PROFILE is [{settings.profile}]; there is {', '.join(PROFILES)}")
    platform = Platform(settings, {**PROFILES[settings.profile], **(replaced or {})})
    google = settings.profile == "google"
    project = settings.project if google else ""
    configure(level=settings.log_level, project=project)
    # A span after the end must not open the store again.
    trace_to(
        lambda: None if platform.is_closed else platform.spans.exporter(),
        each_request=google,
        project=project,
    )
    return platform


_current: list[Platform] = []
_lock = threading.Lock()


def current_platform() -> Platform:
    """The platform of this process, built from its environment on first use."""
    if not _current:
        with _lock:
            if not _current:
                _keep_what_is_loaded()
                _current.append(build_platform(load()))
    return _current[0]


def _keep_what_is_loaded() -> None:
    """Modules stay as long as the process: looking for garbage among them, at every 700th object that an
    import makes, took up to a fifth of the first request."""
    gc.freeze()
    gc.set_threshold(20_000, 20)


def install(platform: Platform | None) -> None:
    """Makes a platform this process's own: the local product and tests do, a deployed function never."""
    with _lock:
        _current[:] = [platform] if platform else []
