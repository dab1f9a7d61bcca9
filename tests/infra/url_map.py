"""Where the load balancer sends a request, by the rules Google documents for URL maps.

A host rule picks a path matcher; in it an exact path goes before a path with a star at its end, and of
several stars the longest path wins. The star stands for the rest, also an empty one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.infra.offline import Plan, Values


@dataclass(frozen=True)
class Edge:
    """The load balancer of an applied plan."""

    plan: Plan

    def answer(self, host: str, path: str) -> str | int:
        """The name of the Cloud Run service that answers, or the status the load balancer answers itself."""
        url_map = self._one("google_compute_url_map", "this")
        matchers = {one["name"]: one for one in url_map["path_matcher"]}
        chosen = [one["path_matcher"] for one in url_map["host_rule"] if host in one["hosts"]]
        where = matchers[chosen[0]] if chosen else url_map
        fitting = [
            (path == pattern, len(pattern), rule["service"])
            for rule in where.get("path_rule", [])
            for pattern in rule["paths"]
            if fits(pattern, path)
        ]
        return self.service(max(fitting)[2]) if fitting else self._default(where)

    def service(self, backend: str) -> str:
        """A backend service's id → the one Cloud Run service behind it."""
        (group,) = self._by_id("google_compute_backend_service", backend)["backend"]
        (run,) = self._by_id("google_compute_region_network_endpoint_group", group["group"])["cloud_run"]
        return str(run["service"])

    def _default(self, where: Values) -> str | int:
        for action in where["default_route_action"]:
            for policy in action["fault_injection_policy"]:
                for abort in policy["abort"]:
                    if abort["percentage"] == 100:
                        return int(abort["http_status"])
        return self.service(where["default_service"])

    def _one(self, kind: str, name: str) -> Values:
        (found,) = [one.values for one in self.plan.of(kind) if one.name == name]
        return found

    def _by_id(self, kind: str, identity: str) -> Any:
        (found,) = [one.values for one in self.plan.of(kind) if one.values["id"] == identity]
        return found


def fits(pattern: str, path: str) -> bool:
    return path.startswith(pattern[:-1]) if pattern.endswith("/*") else path == pattern
