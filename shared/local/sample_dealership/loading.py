"""Puts the sample into the product through the product's own doors.

Rows go through the handlers that serve `POST /api/crm/intake` and `POST /api/records/{kind}`, found by their
manifests, so the sample is exactly what the API would have made of them. Only the sockets are left out, and
several leads share one commit.
"""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from itertools import zip_longest
from typing import Any, TypeVar

from shared.errors import AlreadyExists
from shared.local.product import LocalProduct
from shared.local.sample_dealership.dealership import SampleDealership, sample_dealership
from shared.local.sample_dealership.profiles import PROFILES
from shared.local.sample_dealership.trips import UNDER_WAY, SampleTrip
from shared.platform import Tenant
from shared.runtime.auth import Caller
from shared.runtime.cause import Cause
from shared.runtime.inject import Signature
from shared.runtime.reply import as_answer
from shared.runtime.request import RawBody, find_route, read_models
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork

LEADS_A_COMMIT = 25
ROWS_A_FILE = 5_000

T = TypeVar("T")


def load_sample(
    product: LocalProduct,
    *,
    as_of: datetime,
    seed: int,
    progress: Callable[[str], None],
    tenants: Sequence[str] = tuple(PROFILES),
) -> None:
    """Loads the sample dealerships as they are at `as_of`; the tenants must be there.

    `progress` is told a line for every kind of rows. Raises `RuntimeError` when the product refuses a row:
    then either the sample or the contract is wrong.
    """
    for tenant_id in tenants:
        load_dealership(product, sample_dealership(tenant_id, seed=seed, as_of=as_of), progress=progress)


def load_dealership(
    product: LocalProduct, sample: SampleDealership, *, progress: Callable[[str], None]
) -> None:
    """Leads first, so that deals, repair orders and appointments name the person they are about."""
    door = Door(product, sample.tenant_id)
    persons = _load_leads(door, sample)
    progress(f"{sample.name}: {len(sample.leads):,} leads")
    for kind, rows in sample.records.items():
        for file in _parts(_with_persons(sample, kind, rows, persons), ROWS_A_FILE):
            _load_file(door, kind, file)
        progress(f"{sample.name}: {len(rows):,} {kind.replace('_', ' ')}")
    for flag in sample.flags:
        with suppress(AlreadyExists):  # from the last time
            door.post(f"/api/twins/{flag.vin}/flags", [flag.body])
    for trip in sample.trips:
        _drive(door, trip)


@dataclass(frozen=True)
class Door:
    """A tenant's way into the product: by method and path, without a socket."""

    product: LocalProduct
    tenant_id: str

    def post(self, path: str, bodies: Sequence[Any], moments: Sequence[datetime] = ()) -> list[Any]:
        """What the path's handler answers to each body, as if it came at its moment; all in one commit."""
        function = self.product.function_for("POST", path)
        route, path_values = find_route(self.product.manifests[function].routes, "POST", path)
        signature = _signatures(function)[route.handler]
        cause_id = str(uuid.uuid4())
        cause = Cause(
            id=cause_id,
            function=function,
            tenant_id=self.tenant_id,
            correlation_id=cause_id,
            auth_id="sample",
        )

        def handle_all(work: UnitOfWork) -> list[Any]:
            answers = []
            for body, moment in zip_longest(bodies, moments):
                work.now = moment or work.now
                answers.append(self._handle(signature, body, work, path_values))
            return answers

        return run_unit(self.product.platform, cause, handle_all)

    def _handle(self, signature: Signature, body: Any, work: UnitOfWork, path_values: dict[str, str]) -> Any:
        content = json.dumps(body).encode()
        raw = RawBody("application/json", io.BytesIO(content), len(content), len(content))
        caller = Caller("user", "users/sample", self.tenant_id, ("operator",))
        given = {UnitOfWork: work, Tenant: work.tenant, Caller: caller, RawBody: raw}
        return as_answer(signature.call({**given, **read_models(signature, raw, {})}, path_values)).body


def _signatures(function: str) -> dict[str, Signature]:
    entry = getattr(import_module(f"functions.{function}.main"), function)
    signatures: dict[str, Signature] = entry.signatures
    return signatures


def _load_leads(door: Door, sample: SampleDealership) -> dict[str, str]:
    """`truth_id` → the person the product made of the first lead of it."""
    persons: dict[str, str] = {}
    for leads in _parts(sample.leads, LEADS_A_COMMIT):
        answers = door.post(
            "/api/crm/intake", [lead.body for lead in leads], [lead.came_at for lead in leads]
        )
        for lead, answer in zip(leads, answers, strict=True):
            persons.setdefault(lead.truth_id, answer.master_person_id)
    return persons


def _load_file(door: Door, kind: str, rows: Sequence[dict[str, Any]]) -> None:
    [report] = door.post(f"/api/records/{kind}", [rows])
    if report.rejected:
        raise RuntimeError(f"the sample's [{kind}] are refused: {report.errors[:3]}")


def _drive(door: Door, trip: SampleTrip) -> None:
    door.post("/api/logistics/trips", [trip.plan], [trip.started_at])
    last = trip.started_at + UNDER_WAY
    [report] = door.post("/api/logistics/location", [{"Rows": trip.rows}], [last])
    if report.refused or report.outside:
        raise RuntimeError(f"the sample's trip [{trip.plan['trip_id']}] is refused: {report.rows[:3]}")


def _with_persons(
    sample: SampleDealership, kind: str, rows: Sequence[dict[str, Any]], persons: dict[str, str]
) -> list[dict[str, Any]]:
    owners = [sample.customers.get((kind, place)) for place in range(len(rows))]
    return [
        {**row, "master_person_id": persons[owner]} if owner else row
        for row, owner in zip(rows, owners, strict=True)
    ]


def _parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
