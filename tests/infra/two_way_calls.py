"""Who calls what: schedules, invokers, and from where a function can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.manifest import Manifest
from tests.infra.code_facts import Code, differences
from tests.infra.deployed import Run, runs
from tests.infra.offline import Plan, Values
from tests.infra.two_way_rights import grants

LONGEST_ATTEMPT_SECONDS = 1800
PUBLIC = ("http", "service")
_INGRESS = {
    True: {"ALLOW_INTERNAL_AND_GCLB", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"},
    False: {"ALLOW_INTERNAL_ONLY", ""},
}
"""Public or not → the ways in it may have; a job has none."""


def unlike_schedules(product: Plan, code: Code) -> Iterator[str]:
    deployed = runs(product)
    jobs = {one.values["name"]: one.values for one in product.of("google_cloud_scheduler_job")}
    wanted = {one.deployed_name: one for one in code.manifests.values() if one.schedule}
    yield from differences(
        "terraform/product: schedules",
        found=jobs,
        wanted=wanted,
        lacking="its manifest has a schedule",
        needless="no manifest has it",
    )
    for name, manifest in wanted.items():
        if name in jobs and manifest.name in deployed:
            yield from _unlike_schedule(manifest, jobs[name], deployed[manifest.name])


def _unlike_schedule(manifest: Manifest, values: Values, run: Run) -> Iterator[str]:
    (target,), place = values["http_target"], f"terraform/product: schedule of functions/{manifest.name}"
    schedule: Any = manifest.schedule
    yield from unlike(
        place,
        {"cron": (values["schedule"], schedule.cron), "time zone": (values["time_zone"], schedule.time_zone)},
    )
    if manifest.kind == "job":
        if not target["uri"].endswith(f"/jobs/{manifest.deployed_name}:run") or not target["oauth_token"]:
            yield f"{place}: [{target['uri']}] does not start the job"
        return
    if not target["oidc_token"]:
        yield f"{place}: it is called without a token made for the function (oidc_token)"
        return
    (token,) = target["oidc_token"]
    yield from unlike(place, {"audience": (token["audience"], run.environment.get("COS_SERVICE_AUDIENCE"))})
    yield from stranger(manifest, token["service_account_email"], run)
    if not run.timeout_seconds <= seconds(values["attempt_deadline"]) <= LONGEST_ATTEMPT_SECONDS:
        yield (
            f"{place}: an attempt ends after [{values['attempt_deadline']}], "
            f"the function may take [{run.timeout_seconds}] s"
        )


def unlike_invokers(product: Plan, code: Code) -> Iterator[str]:
    """Who is let through by Cloud Run: the one who calls, and for public functions everybody."""
    callers = _callers(product)
    yield from differences(
        "terraform/product: who may call what",
        found=(f"{one.place} by {one.member}" for one in grants(product) if one.level == "invoke"),
        wanted=(
            f"{one.deployed_name} by "
            + ("allUsers" if one.kind in PUBLIC else f"serviceAccount:{callers.get(name, 'nobody')}")
            for name, one in code.manifests.items()
        ),
        lacking="whoever calls it would be turned away",
        needless="nobody of that name calls it",
    )


def _callers(product: Plan) -> dict[str, str]:
    """Function → the account whose token it is called with."""
    found = {}
    for one in product.of("google_pubsub_subscription"):
        (push,) = one.values["push_config"]
        found[function_at(push["push_endpoint"], runs(product))] = push["oidc_token"]
    for one in product.of("google_cloud_scheduler_job"):
        (target,) = one.values["http_target"]
        found[one.values["name"].replace("-", "_")] = [*target["oidc_token"], *target["oauth_token"]]
    return {function: token["service_account_email"] for function, (token,) in found.items()}


def open_doors(product: Plan, code: Code) -> Iterator[str]:
    """From outside only the load balancer reaches a function, and only a public one."""
    for name, run in runs(product).items():
        manifest = code.manifests.get(name)
        allowed = _INGRESS[bool(manifest and manifest.kind in PUBLIC)]
        if run.ingress not in allowed:
            yield f"functions/{name}: ingress is [{run.ingress}], not of {sorted(allowed)}"


def stranger(manifest: Manifest, caller: str, run: Run) -> Iterator[str]:
    """A caller the code would turn away."""
    if caller not in run.environment.get("COS_SERVICE_CALLERS", "").split(","):
        yield f"functions/{manifest.name} is called as [{caller}], which COS_SERVICE_CALLERS does not name"


def function_at(endpoint: str, deployed: dict[str, Run]) -> str:
    """The function whose address this is; the address itself when there is none."""
    host = endpoint.removeprefix("https://")
    fitting = [one for one in deployed.values() if host.startswith(f"{one.deployed_name}-")]
    return max(fitting, key=lambda one: len(one.deployed_name)).function if fitting else endpoint


def unlike(place: str, pairs: dict[str, tuple[object, object]]) -> Iterator[str]:
    """`pairs`: what is compared → what it is and what it should be."""
    for what, (found, wanted) in pairs.items():
        if found != wanted:
            yield f"{place}: {what} is [{found}], not [{wanted}]"


def seconds(duration: str) -> float:
    return float(duration.removesuffix("s"))
