"""What Terraform is told: `terraform/derived/*.json`, from manifests, events, tables, wiring and settings.

Terraform could read the YAML itself, but would then repeat defaults and rules that stand in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shared.deploy.derived_code import (
    PortNeeds,
    base_settings,
    google_ports,
    named_queries,
    service_settings,
)
from shared.deploy.platform_limits import (
    CPU_BY_MEMORY_MIB,
    LEAST_JOB_MEMORY_MIB,
    MOST_MEMORY_MIB,
    MOST_SECONDS,
    NAME_CHARACTERS,
    WHOLE_CPU_BY_MEMORY_MIB,
)
from shared.errors import Misconfigured
from shared.events.base import Event
from shared.manifest import ROOT, Manifest
from shared.settings import GIVEN, NEVER_DEPLOYED, TUNABLE, Settings, variable
from shared.sql_catalogue import Catalogue, Table

SPANS = "spans"
"""Every function writes its spans, through the whole platform and not through its granted ports."""


def terraform_data(
    manifests: Sequence[Manifest], events: Mapping[str, type[Event]], root: Path = ROOT
) -> Mapping[str, Any]:
    """File stem → content. Raises `Misconfigured` for what Google Cloud would refuse."""
    require_separable(manifests)
    ports = google_ports(root)
    catalogue = Catalogue(root / "sql")
    return {
        "functions": functions_data(manifests, events, ports, catalogue, root),
        "events": events_data(manifests, events),
        "tables": {name: table_data(table) for name, table in sorted(catalogue.tables.items())},
        "ports": {name: _port_data(needs) for name, needs in sorted(ports.items())},
        "settings": settings_data(),
    }


def functions_data(
    manifests: Sequence[Manifest],
    events: Mapping[str, type[Event]],
    ports: Mapping[str, PortNeeds],
    catalogue: Catalogue,
    root: Path,
) -> dict[str, Any]:
    base, service = base_settings(root), service_settings(root)
    found = {}
    for manifest in sorted(manifests, key=lambda one: one.name):
        used = [ports[port] for port in (*manifest.ports, SPANS)]
        settings = set(manifest.settings) | base | (service if _is_called_by_a_service(manifest) else set())
        _require_deployed(manifest, settings)
        found[manifest.name] = {
            **_facts(manifest),
            "publishes": sorted(events if manifest.republishes else manifest.publishes),
            "ports": sorted(manifest.ports),
            "settings": sorted(settings.union(*(needs.settings for needs in used)) - NEVER_DEPLOYED),
            "secrets": sorted(set(manifest.secrets).union(*(needs.secrets for needs in used))),
            "datasets": _datasets(manifest, catalogue, root),
            **_limits(manifest),
        }
    return found


def events_data(manifests: Sequence[Manifest], events: Mapping[str, type[Event]]) -> dict[str, Any]:
    return {
        topic: {
            "meaning": _first_line(event.__doc__ or ""),
            "table": event.table,
            "in_order": event.in_order,
            "consumers": sorted(one.name for one in manifests if one.subscribes == topic),
        }
        for topic, event in sorted(events.items())
    }


def table_data(table: Table) -> dict[str, Any]:
    return {
        "dataset": table.dataset,
        "name": table.name,
        "description": table.description,
        "partition": table.partition.model_dump() if table.partition else None,
        "clustering": list(table.clustering),
        "retention_days": table.retention_days,
        "schema": table.bigquery_schema(),
    }


def settings_data() -> dict[str, Any]:
    """Defaults as the texts a variable would hold. Raises `Misconfigured` for one nobody classified."""
    return {
        name: {
            "variable": variable(name),
            "default": str(field.default),
            "deployed": deployed_by(name),
            "description": field.description or "",
        }
        for name, field in sorted(Settings.model_fields.items())
    }


def deployed_by(setting: str) -> str:
    kinds = {"given": GIVEN, "tunable": TUNABLE, "never": NEVER_DEPLOYED}
    found = [kind for kind, names in kinds.items() if setting in names]
    if len(found) != 1:
        raise Misconfigured(
            f"shared/settings.py: setting [{setting}] is {found or 'in none'} of {list(kinds)}"
        )
    return found[0]


def cpu(manifest: Manifest) -> float:
    """vCPU: a whole one for requests side by side and for jobs, else a fraction that fits the memory."""
    if manifest.concurrency == 1 and manifest.kind in ("http", "event", "schedule"):
        for memory, part in CPU_BY_MEMORY_MIB:
            if manifest.memory_mib <= memory:
                return part
    for memory, whole in WHOLE_CPU_BY_MEMORY_MIB:
        if manifest.memory_mib <= memory:
            return whole
    raise _unfit(manifest, "memory_mib", manifest.memory_mib, f"more than Cloud Run's {MOST_MEMORY_MIB}")


def load_balancer_pattern(path: str) -> str:
    """A load balancer's path rules know one star, at the end: what varies begins there."""
    fixed, varies, _ = path.partition("{")
    return fixed + "*" if varies else path


def require_separable(manifests: Sequence[Manifest]) -> None:
    """Raises `Misconfigured` when the load balancer could not tell two functions' paths apart."""
    owners: dict[str, str] = {}
    for manifest in manifests:
        for route in manifest.routes:
            pattern = load_balancer_pattern(route.path)
            owner = owners.setdefault(pattern, manifest.name)
            if owner != manifest.name:
                raise Misconfigured(
                    f"functions/{manifest.name}/function.yaml path [{route.path}]: the load balancer sends "
                    f"[{pattern}] to [{owner}] already"
                )


def _facts(manifest: Manifest) -> dict[str, Any]:
    if len(manifest.name) > NAME_CHARACTERS:
        what = f"longer than {NAME_CHARACTERS} characters; its service account could not be named after it"
        raise _unfit(manifest, "name", manifest.name, what)
    return {
        "deployed_name": manifest.deployed_name,
        "kind": manifest.kind,
        "meaning": " ".join(manifest.meaning.split()),
        "entry_point": manifest.name,
        "routes": [
            {
                "method": route.method,
                "path": route.path,
                "pattern": load_balancer_pattern(route.path),
                "auth": list(route.auth),
            }
            for route in manifest.routes
        ],
        "subscribes": manifest.subscribes,
        "schedule": manifest.schedule.model_dump() if manifest.schedule else None,
    }


def _limits(manifest: Manifest) -> dict[str, Any]:
    most, of_what = MOST_SECONDS[manifest.kind]
    seconds = manifest.timeout_seconds
    if not 1 <= seconds <= most or seconds != int(seconds):
        raise _unfit(
            manifest, "timeout_seconds", f"{seconds:g}", f"no whole number from 1 to {most}, {of_what}"
        )
    if manifest.kind == "job" and manifest.memory_mib < LEAST_JOB_MEMORY_MIB:
        raise _unfit(manifest, "memory_mib", manifest.memory_mib, f"less than a job's {LEAST_JOB_MEMORY_MIB}")
    return {
        "memory_mib": manifest.memory_mib,
        "cpu": cpu(manifest),
        "timeout_seconds": int(seconds),
        "max_attempts": manifest.max_attempts,
        "min_backoff_seconds": manifest.min_backoff_seconds,
        "max_backoff_seconds": manifest.max_backoff_seconds,
        "concurrency": manifest.concurrency,
    }


def _port_data(needs: PortNeeds) -> dict[str, Any]:
    return {
        "adapter": needs.adapter,
        "settings": sorted(needs.settings),
        "secrets": sorted(needs.secrets),
        "uses": sorted(needs.uses),
    }


def _datasets(manifest: Manifest, catalogue: Catalogue, root: Path) -> list[str]:
    """Datasets of the tables in the queries it runs; a function that runs queries must be able to."""
    known = [query.name for query in catalogue.queries()]
    queries = named_queries(root, manifest.name, known)
    if bool(queries) != ("warehouse" in manifest.ports):
        raise Misconfigured(
            f"functions/{manifest.name}: its code names the queries {sorted(queries)}, "
            f"its ports are {sorted(manifest.ports)}"
        )
    return sorted({table.partition(".")[0] for name in queries for table in tables_in(catalogue, name)})


def tables_in(catalogue: Catalogue, query: str) -> Iterable[str]:
    """Full names of the tables a statement reads; the names stand in backticks, whole."""
    quoted = re.findall(r"`([a-z0-9_]+\.[a-z0-9_]+)`", catalogue.query(query).sql)
    return sorted({catalogue.table(name).full_name for name in quoted})


def _is_called_by_a_service(manifest: Manifest) -> bool:
    return manifest.kind in ("event", "schedule") or any("service" in one.auth for one in manifest.routes)


def _require_deployed(manifest: Manifest, settings: set[str]) -> None:
    if never := sorted(settings & NEVER_DEPLOYED):
        raise Misconfigured(
            f"functions/{manifest.name}: reads the setting [{never[0]}], which shared/settings.py says is "
            "never set in the cloud"
        )


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def _unfit(manifest: Manifest, field: str, value: object, what: str) -> Misconfigured:
    return Misconfigured(f"functions/{manifest.name}/function.yaml field [{field}]: [{value}] is {what}")
