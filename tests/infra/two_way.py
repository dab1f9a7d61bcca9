"""The two-way checks by name: what the code says beside what Terraform makes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping

from tests.infra import (
    two_way_agents,
    two_way_calls,
    two_way_documents,
    two_way_messages,
    two_way_names,
    two_way_permissions,
    two_way_rights,
    two_way_services,
    two_way_settings,
)
from tests.infra.code_facts import Code
from tests.infra.offline import TERRAFORM, Plan


@dataclasses.dataclass(frozen=True)
class World:
    """Both roots applied to the made-up cloud, and the code."""

    foundation: Plan
    product: Plan
    code: Code


CHECKS: Mapping[str, Callable[[World], Iterator[str]]] = {
    "functions": lambda w: two_way_settings.unlike_functions(w.product, w.code),
    "variables": lambda w: two_way_settings.unlike_variables(w.product, w.code),
    "variables of libraries": lambda w: two_way_settings.needless_library_variables(w.product),
    "values": lambda w: two_way_settings.unlike_values(w.product, w.code),
    "secrets": lambda w: two_way_settings.unlike_secrets(w.product, w.foundation, w.code),
    "kinds of grants": lambda w: two_way_rights.unread_grants(w.foundation, w.product),
    "rights": lambda w: two_way_rights.unlike_rights(w.code, w.foundation, w.product),
    "publishers": lambda w: two_way_rights.unlike_publishers(w.code, w.foundation, w.product),
    "accounts": lambda w: two_way_rights.unlike_accounts(w.code, w.foundation, w.product),
    "too much": lambda w: two_way_rights.too_much(w.code, w.foundation, w.product),
    "agents": lambda w: two_way_agents.unlike_agents(w.code, w.foundation, w.product),
    "permissions": lambda w: two_way_permissions.unlike_permissions(w.code),
    "ports": lambda w: two_way_rights.unlike_wiring(w.code),
    "topics": lambda w: two_way_messages.unlike_topics(w.foundation, w.code),
    "rows": lambda w: two_way_messages.unlike_rows(w.foundation, w.code),
    "consumers": lambda w: two_way_messages.unlike_consumers(w.product, w.code),
    "schedules": lambda w: two_way_calls.unlike_schedules(w.product, w.code),
    "invokers": lambda w: two_way_calls.unlike_invokers(w.product, w.code),
    "doors": lambda w: two_way_calls.open_doors(w.product, w.code),
    "names": lambda w: two_way_names.names_nobody_made(w.product, w.foundation),
    "guards": lambda w: two_way_names.unguarded(w.foundation, w.product),
    "indexes": lambda w: two_way_documents.unlike_indexes(w.foundation),
    "rules": lambda w: two_way_documents.unlike_rules(w.foundation, TERRAFORM),
    "services": lambda w: two_way_services.unlike_services(w.foundation, w.product, w.code),
    "pipeline": lambda w: two_way_services.what_the_pipeline_may_not(w.foundation, w.product),
    "state": lambda w: two_way_names.stateful_in_the_product(w.product),
}
