"""A schedule or a job: one run for the whole product, or one per tenant when the handler asks for work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.errors import Transient
from shared.manifest import Manifest
from shared.observability import current_traceparent, log_fields, span
from shared.platform import Platform, Tenant
from shared.ports import Query
from shared.runtime.cause import Cause
from shared.runtime.failures import Attempt, record_failure
from shared.runtime.inject import Signature
from shared.runtime.reply import Answer, problem
from shared.runtime.tenant_state import OPEN, state_of
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork


def tenant_ids(platform: Platform) -> list[str]:
    """Of every dealership that is open."""
    tenants = platform.documents.query(Query("tenants"))
    return [tenant.id for tenant in tenants if state_of(tenant.data) == OPEN]


def handle_tick(platform: Platform, manifest: Manifest, signature: Signature) -> Answer:
    """Runs the handler; answers what each tenant's run said, 500 when one failed (Scheduler retries)."""
    with log_fields(function=manifest.name), span(manifest.name):
        try:
            return _run(platform, manifest, signature)
        except Exception as error:  # noqa: BLE001 - logged with its place and answered, as everywhere
            record_failure(platform, Attempt(manifest.name), "schedule.failed", error)
            return problem(error)


def _run(platform: Platform, manifest: Manifest, signature: Signature) -> Answer:
    if UnitOfWork not in signature.parameters.values():
        return Answer(200, {"result": signature.call({Platform: platform}, {})})
    results, failed = {}, False
    for tenant_id, result in _per_tenant(platform, manifest, signature):
        results[tenant_id] = result
        failed = failed or isinstance(result, Failure)
    return Answer(500 if failed else 200, {"result": results})


class Failure(str):
    """What a tenant's failed run is answered with; the other tenants' runs go on."""


def _per_tenant(platform: Platform, manifest: Manifest, signature: Signature) -> Iterator[tuple[str, Any]]:
    for tenant_id in tenant_ids(platform):
        run_id = platform.ids.new()
        cause = Cause(
            id=run_id,
            function=manifest.name,
            tenant_id=tenant_id,
            correlation_id=run_id,
            traceparent=current_traceparent(),
        )

        def handle(work: UnitOfWork) -> Any:
            return signature.call({UnitOfWork: work, Tenant: work.tenant, Platform: platform}, {})

        try:
            yield tenant_id, run_unit(platform, cause, handle)
        except Transient as error:
            yield tenant_id, Failure(f"{type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001 - one tenant's failure must not stop the others
            record_failure(platform, Attempt(manifest.name, tenant_id, run_id), "schedule.failed", error)
            yield tenant_id, Failure(type(error).__name__)
