"""What runs the product's code in an applied plan, whatever kind of resource it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.infra.offline import Plan, Resource, Values

FUNCTION, SERVICE, JOB = (
    "google_cloudfunctions2_function",
    "google_cloud_run_v2_service",
    "google_cloud_run_v2_job",
)


@dataclass(frozen=True)
class Run:
    """One function, service or job. `secrets`: the folder a credential is mounted at → the credential."""

    kind: str
    deployed_name: str
    account: str
    environment: Mapping[str, str]
    secrets: Mapping[str, str]
    timeout_seconds: float
    ingress: str

    @property
    def function(self) -> str:
        return self.deployed_name.replace("-", "_")


def runs(product: Plan) -> dict[str, Run]:
    """By the function's name."""
    found = [*map(_function, product.of(FUNCTION)), *map(_container, product.of(SERVICE, JOB))]
    return {one.function: one for one in found}


def _function(resource: Resource) -> Run:
    (config,) = resource.values["service_config"]
    return Run(
        kind=resource.type,
        deployed_name=resource.values["name"],
        account=config["service_account_email"],
        environment=config["environment_variables"] or {},
        secrets={
            **{one["mount_path"]: one["secret"] for one in config["secret_volumes"]},
            **{one["key"]: one["secret"] for one in config["secret_environment_variables"]},
        },
        timeout_seconds=config["timeout_seconds"],
        ingress=config["ingress_settings"],
    )


def _container(resource: Resource) -> Run:
    (template,) = resource.values["template"]
    if resource.type == JOB:
        (template,) = template["template"]
    (container,) = template["containers"]
    return Run(
        kind=resource.type,
        deployed_name=resource.values["name"],
        account=template["service_account"],
        environment={one["name"]: one["value"] for one in container["env"] if not one["value_source"]},
        secrets=dict(_mounted(template, container)),
        timeout_seconds=float(template["timeout"].removesuffix("s")),
        ingress=resource.values.get("ingress", ""),
    )


def _mounted(template: Values, container: Values) -> Iterator[tuple[str, str]]:
    volumes = {one["name"]: secret["secret"] for one in template["volumes"] for secret in one["secret"]}
    for mount in container["volume_mounts"]:
        if mount["name"] in volumes:
            yield mount["mount_path"], volumes[mount["name"]]
    for one in container["env"]:
        for source in one["value_source"]:
            yield one["name"], source["secret_key_ref"][0]["secret"]
