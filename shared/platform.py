"""The ports of one process, and the same ports bound to one tenant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from threading import RLock
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from shared.errors import Misconfigured
from shared.ports import (
    Blobs,
    Bus,
    BusOperations,
    Clock,
    Documents,
    Ids,
    Links,
    Maps,
    Messenger,
    Models,
    Scope,
    Seals,
    Secrets,
    Spans,
    StaffChat,
    StepLatency,
    TextProvider,
    Tokens,
    Vectors,
    Warehouse,
)
from shared.settings import Settings
from shared.tenant_ports import TenantBlobs, TenantDocuments, TenantStaffChat, TenantVectors, TenantWarehouse

Factory = Callable[["Platform"], Any]
P = TypeVar("P")

FREE = frozenset({"clock", "ids"})
"""Ports that reach nothing outside: every capability has them."""


class Port(Generic[P]):
    """An attribute of the platform that is one of its ports."""

    def __set_name__(self, owner: type[Platform], name: str) -> None:
        self._name = name

    def __get__(self, platform: Platform, owner: type[Platform] | None = None) -> P:
        built: P = platform.port(self._name)
        return built


class Platform:
    """Every port, built on first use, so a function pays only for the ports it touches."""

    documents = Port[Documents]()
    bus = Port[Bus]()
    bus_operations = Port[BusOperations]()
    warehouse = Port[Warehouse]()
    blobs = Port[Blobs]()
    models = Port[Models]()
    vectors = Port[Vectors]()
    messenger = Port[Messenger]()
    staff_chat = Port[StaffChat]()
    text_provider = Port[TextProvider]()
    links = Port[Links]()
    maps = Port[Maps]()
    seals = Port[Seals]()
    secrets = Port[Secrets]()
    tokens = Port[Tokens]()
    spans = Port[Spans]()
    clock = Port[Clock]()
    ids = Port[Ids]()

    def __init__(self, settings: Settings, factories: Mapping[str, Factory]) -> None:
        self.settings = settings
        self._factories = factories
        self._built: dict[str, Any] = {}
        self._building = RLock()
        self.is_closed = False

    def port(self, name: str) -> Any:
        """Raises `Misconfigured` when the profile has no such port."""
        if name not in self._built:
            with self._building:
                if name not in self._built:
                    self._built[name] = self._factory(name)(self)
        return self._built[name]

    def _factory(self, name: str) -> Factory:
        if name not in self._factories:
            raise Misconfigured(f"profile [{self.settings.profile}] has no adapter for port [{name}]")
        return self._factories[name]

    @property
    def whole(self) -> Platform:
        """The platform of the process, whatever part of it was granted."""
        return self

    def tenant(self, tenant_id: str) -> Tenant:
        return Tenant(platform=self, tenant_id=tenant_id)

    def granting(self, ports: Collection[str], *, to: str) -> Platform:
        """The same ports for one capability: those its manifest names, and clock and ids."""
        return GrantedPlatform(self, frozenset(ports) | FREE, to)

    def close(self) -> None:
        """Closes the adapters that hold files or connections, newest first."""
        self.is_closed = True
        for adapter in reversed(list(self._built.values())):
            close = getattr(adapter, "close", None)
            if close is not None:
                close()


class GrantedPlatform(Platform):
    """A port that the manifest does not name is refused here as the cloud refuses it to the function's
    service account, so it is found out on a laptop."""

    def __init__(self, whole: Platform, ports: frozenset[str], capability: str) -> None:
        super().__init__(whole.settings, {})
        self._whole, self._ports, self._capability = whole, ports, capability

    @property
    def whole(self) -> Platform:
        return self._whole.whole

    def port(self, name: str) -> Any:
        if name not in self._ports:
            raise Misconfigured(
                f"functions/{self._capability}/function.yaml: [ports] does not name [{name}], which is used"
            )
        return self._whole.port(name)


@dataclass(frozen=True)
class Tenant:
    """The ports bound to one tenant: a read across tenants cannot be written with it."""

    platform: Platform
    tenant_id: str

    @property
    def settings(self) -> Settings:
        return self.platform.settings

    @property
    def documents(self) -> Documents:
        return TenantDocuments(self.platform.documents, f"tenants/{self.tenant_id}/")

    @property
    def name(self) -> str:
        """The dealership as people know it, of its own document."""
        known = self.platform.documents.get(f"tenants/{self.tenant_id}")
        return str(known.data.get("name") or self.tenant_id) if known else self.tenant_id

    @property
    def zone(self) -> tzinfo:
        """The dealership's time zone, of its own document; times without an offset are in it."""
        known = self.platform.documents.get(f"tenants/{self.tenant_id}")
        return ZoneInfo(known.data["time_zone"]) if known and "time_zone" in known.data else UTC

    @property
    def blobs(self) -> TenantBlobs:
        return TenantBlobs(self.platform.blobs, f"tenants/{self.tenant_id}/")

    @property
    def warehouse(self) -> Warehouse:
        return TenantWarehouse(self.platform.warehouse, self.tenant_id)

    @property
    def models(self) -> Models:
        return self.platform.models

    @property
    def vectors(self) -> Vectors:
        return TenantVectors(self.platform.vectors, self.tenant_id)

    def scope(self, person_id: str) -> Scope:
        """Whose memories: a person of this tenant."""
        return Scope(tenant_id=self.tenant_id, person_id=person_id)

    @property
    def links(self) -> Links:
        return self.platform.links

    @property
    def seals(self) -> Seals:
        return self.platform.seals

    @property
    def text_provider(self) -> TextProvider:
        return self.platform.text_provider

    @property
    def messenger(self) -> Messenger:
        return self.platform.messenger

    @property
    def sms_number(self) -> str:
        """The one number its customers see, of its own document; the installation's while it has none."""
        known = self.platform.documents.get(f"tenants/{self.tenant_id}")
        return str(known.data.get("sms_number") or "") if known else ""

    @property
    def maps(self) -> Maps:
        return self.platform.maps

    @property
    def staff_chat(self) -> StaffChat:
        return TenantStaffChat(self.platform.staff_chat, self.tenant_id)

    @property
    def clock(self) -> Clock:
        return self.platform.clock

    def step_latencies(self, since: datetime) -> list[StepLatency]:
        """Of what was done for this tenant, slowest p95 first."""
        return self.platform.spans.latencies(since, tenant_id=self.tenant_id)
