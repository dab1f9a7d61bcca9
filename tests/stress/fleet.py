"""Several processes of each function on emulators of their own, with a wire between that can be cut."""

from __future__ import annotations

import itertools
import json
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

from shared import wiring
from shared.events.base import CATALOGUE
from shared.events.catalogue import load_catalogue
from shared.manifest import FUNCTIONS, Manifest, all_manifests
from shared.platform import Platform
from shared.settings import variable
from shared.testing import push_rig
from shared.testing.emulators import firestore_emulator, pubsub_emulator
from shared.testing.fault_proxy import FaultProxy, fault_proxy
from shared.testing.function_process import FunctionProcess, start
from shared.testing.http_stub import serve
from shared.testing.local_cloud import AUDIENCE, PUSH_ACCOUNT, LocalCloud, local_cloud
from shared.testing.twilio_stub import ACCOUNT_SID, AUTH_TOKEN, TwilioStub, twilio_stub
from shared.yaml_file import read_yaml
from tests.stress.boundary import BareStore
from tests.stress.front import Front
from tests.stress.service import Service

PROCESSES = {"crm_intake": 3, "chat": 2, "membrane": 3, "plate_composer": 2, "texting": 2}
ORDER_WAIT_S = 4.0
"""Instead of 20 s: the emulator comes again within 1 s, and all attempts together must outlast the wait."""

OWN = Path(__file__).parent / "functions"
"""Capabilities of these tests alone: nothing in the product has this effect yet."""
PATIENCE_S = 45.0

TIMEOUT_S = 8.0
"""Of every function here instead of its own: a lease outlives who died over it by so much, and tests wait."""


@dataclass
class Wires:
    """Between the functions and everything they call."""

    store: FaultProxy
    bus: FaultProxy
    gemini: FaultProxy
    warehouse: FaultProxy
    twilio: FaultProxy

    def mend(self) -> None:
        for one in (self.store, self.bus, self.gemini, self.warehouse, self.twilio):
            one.mend()


@dataclass
class Fleet:
    cloud: LocalCloud
    store: Service
    bus: Service
    twilio: TwilioStub
    wires: Wires
    platform: Platform
    """Past the wires, for the sweeper and for looking inside."""
    bare: BareStore
    folder: Path
    environment: Mapping[str, str]
    processes: dict[str, list[FunctionProcess]] = field(default_factory=dict)
    _turns: dict[str, Iterator[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.front = Front(self.deliver)
        self.url = ""
        self._lock = threading.Lock()
        # No connection outlives its request: one kept to a process that was killed would look like a nack.
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=0)
        self._http = httpx.Client(timeout=PATIENCE_S, limits=limits)
        self._token = self.cloud.signer.service(PUSH_ACCOUNT, AUDIENCE)

    def next_process(self, function: str) -> FunctionProcess:
        """Round robin, as a load balancer without favourites."""
        with self._lock:
            turn = next(self._turns.setdefault(function, itertools.count()))
            return self.processes[function][turn % len(self.processes[function])]

    def call(self, function: str, method: str, path: str, **request: Any) -> httpx.Response:
        return self._http.request(method, self.next_process(function).url + path, **request)

    def deliver(self, function: str, push_body: bytes) -> tuple[int, str]:
        """One push to the next process; one that is not there is a nack, as the bus sees it."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        url = self.next_process(function).url
        try:
            answer = self._http.post(url, content=push_body, headers=headers)
            return answer.status_code, str(answer.json()["reason"])
        except (httpx.TransportError, json.JSONDecodeError, KeyError) as error:
            return 503, type(error).__name__

    def kill(self, function: str, number: int) -> None:
        """Kills one process and starts another on its port."""
        ended = self.processes[function][number]
        ended.kill()
        again = self.start(function, port=ended.port)
        with self._lock:
            self.processes[function][number] = again

    def start(self, function: str, *, port: int | None = None) -> FunctionProcess:
        manifest, functions = manifests()[function], self.folder / "functions"
        return start(manifest, self.environment, self.folder, port=port, functions=functions)

    def subscribe(self) -> None:
        """Topics and subscriptions, as they are before the product is deployed; again after a restart."""
        consumers = [
            push_rig.Consumer(
                subscription=one.name,
                topic=one.subscribes or "",
                push_url=f"{self.url}/functions/{one.name}",
                # Ordered, the emulator has no dead letters: what it gives up stops everything behind it.
                max_attempts=100 if CATALOGUE[one.subscribes or ""].in_order else one.max_attempts,
                ordered=CATALOGUE[one.subscribes or ""].in_order,
            )
            for one in manifests().values()
            if one.kind == "event"
        ]
        letters = [f"{one.subscription}--dead-letters" for one in consumers]
        witnesses = [
            push_rig.Consumer(f"{topic}--witness", topic, f"{self.url}/witness/{topic}")
            for topic in (*CATALOGUE, *letters)
        ]
        push_rig.build(
            project=self.cloud.project,
            emulator_host=self.bus.host,
            topics=(*CATALOGUE, *letters),
            consumers=(*consumers, *witnesses),
        )

    def close(self) -> None:
        self.front.stop()
        self._http.close()
        self.bare.close()
        self.platform.close()


def manifests() -> dict[str, Manifest]:
    known = (*all_manifests(), *all_manifests(OWN))
    return {one.name: one for one in known if one.name in PROCESSES}


@contextmanager
def running_fleet(folder: Path) -> Iterator[Fleet]:
    load_catalogue()
    with ExitStack() as stack:
        store, bus = Service(firestore_emulator), Service(pubsub_emulator)
        for service in (store, bus):
            service.start()
            stack.callback(service.stop)
        store_wire, bus_wire = (stack.enter_context(fault_proxy(one.host)) for one in (store, bus))
        cloud = stack.enter_context(
            local_cloud(folder, firestore_host=store_wire.host, pubsub_host=bus_wire.host)
        )
        twilio = stack.enter_context(twilio_stub())
        others = (
            stack.enter_context(fault_proxy(url.removeprefix("http://")))
            for url in (cloud.gemini.url, cloud.bigquery.endpoint, twilio.url)
        )
        fleet = _fleet(cloud, store, bus, twilio, Wires(store_wire, bus_wire, *others), folder)
        stack.callback(fleet.close)
        _start_processes(fleet, stack)
        fleet.url = stack.enter_context(serve(fleet.front.answer))
        fleet.subscribe()
        yield fleet


def _fleet(
    cloud: LocalCloud, store: Service, bus: Service, twilio: TwilioStub, wires: Wires, folder: Path
) -> Fleet:
    direct = {"firestore_emulator_host": store.host, "pubsub_emulator_host": bus.host}
    environment = {
        **cloud.environment(),
        variable("genai_base_url"): f"http://{wires.gemini.host}",
        variable("bigquery_base_url"): f"http://{wires.warehouse.host}",
        variable("twilio_base_url"): f"http://{wires.twilio.host}",
        variable("log_level"): "WARNING",
        variable("order_wait_seconds"): str(ORDER_WAIT_S),
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
    }
    return Fleet(
        cloud=cloud,
        store=store,
        bus=bus,
        twilio=twilio,
        wires=wires,
        platform=wiring.build_platform(cloud.settings().model_copy(update=direct)),
        bare=BareStore(cloud.project, store.host),
        folder=folder,
        environment=environment,
    )


def _start_processes(fleet: Fleet, stack: ExitStack) -> None:
    for name in manifests():
        _stage(name, fleet.folder / "functions")
        fleet.processes[name] = [fleet.start(name) for _ in range(PROCESSES[name])]

    def stop() -> None:
        ending = list(itertools.chain(*fleet.processes.values()))
        for one in ending:
            one.process.terminate()
        for one in ending:
            one.stop()

    stack.callback(stop)
    for one in itertools.chain(*fleet.processes.values()):
        one.await_ready()


def _stage(function: str, functions: Path) -> None:
    """The function's entry point as it is, beside its manifest with another timeout."""
    folder = functions / function
    folder.mkdir(parents=True)
    source = next(home / function for home in (OWN, FUNCTIONS) if (home / function).is_dir())
    shutil.copy(source / "main.py", folder)
    manifest = read_yaml(source / "function.yaml")
    changed = {**manifest, "timeout_seconds": TIMEOUT_S}
    (folder / "function.yaml").write_text(yaml.safe_dump(changed))
