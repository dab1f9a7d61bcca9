"""What a signature remembers of where it came from: enough to compare, too little to find somebody by."""

from __future__ import annotations

from shared.platform import Tenant
from shared.runtime.http import Request

_LONGEST_AGENT = 300


def address_of(request: Request) -> str:
    """The caller's address as the load balancer saw it, or empty.

    The balancer appends the client's address and its own; what stands before them anybody may have written.
    """
    listed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return listed[-2] if len(listed) > 1 else listed[0] if listed else ""


def address_digest(tenant: Tenant, request: Request) -> str:
    """Half of a keyed digest: the same address of the same dealership is known again, by us alone."""
    address = address_of(request)
    return tenant.seals.digest("address", f"{tenant.tenant_id}|{address}")[:32] if address else ""


def user_agent(request: Request) -> str:
    said = request.headers.get("User-Agent", "")
    return "".join(char for char in said if char.isprintable())[:_LONGEST_AGENT]
