"""Every variable and credential the code reads is given to the functions that read it, and no other is."""

from __future__ import annotations

from collections.abc import Iterator

from shared.errors import Misconfigured
from shared.settings import NEVER_DEPLOYED, TUNABLE, Settings, load
from tests.infra.code_facts import Code, differences
from tests.infra.deployed import FUNCTION, Run, runs
from tests.infra.installation import variables
from tests.infra.offline import Plan

OF_LIBRARIES = {
    "THREADS": "functions-framework's server reads it: as many threads as requests an instance takes.",
}
"""Variables no setting of ours stands behind, with who reads them."""


def unlike_functions(product: Plan, code: Code) -> Iterator[str]:
    yield from differences(
        "terraform/product",
        found=runs(product),
        wanted=code.manifests,
        lacking="functions/ has a manifest of it",
        needless="no manifest stands behind it",
    )


def unlike_variables(product: Plan, code: Code) -> Iterator[str]:
    for name, run in runs(product).items():
        wanted = {str(code.settings[one]["variable"]) for one in code.functions[name]["settings"]}
        yield from differences(
            f"functions/{name}: its environment",
            found=set(run.environment) - set(OF_LIBRARIES),
            wanted=wanted,
            lacking="its code or one of its ports reads it",
            needless="nothing in it reads this",
        )


def needless_library_variables(product: Plan) -> Iterator[str]:
    """A library's variable has one form of deployment it is for."""
    given = [run for run in runs(product).values() if set(OF_LIBRARIES) & set(run.environment)]
    yield from (
        f"functions/{run.function}: THREADS is read by functions-framework alone"
        for run in given
        if run.kind != FUNCTION
    )
    if not given:
        yield from (f"OF_LIBRARIES names [{name}], which nothing sets" for name in OF_LIBRARIES)


def unlike_values(product: Plan, code: Code) -> Iterator[str]:
    """The process must start with what it is given; Terraform changes nothing it does not compute."""
    for name, run in runs(product).items():
        own = {variable: value for variable, value in run.environment.items() if variable not in OF_LIBRARIES}
        try:
            settings = load(own)
        except Misconfigured as error:
            yield f"functions/{name}: {error}"
            continue
        yield from _unlike_values(name, code, settings)


def _unlike_values(name: str, code: Code, settings: Settings) -> Iterator[str]:
    if settings.profile != "google":
        yield f"functions/{name}: COS_PROFILE is [{settings.profile}], not google"
    chosen = variables()["settings"]
    for one in code.functions[name]["settings"]:
        value, default = getattr(settings, one), Settings.model_fields[one].default
        variable, wanted = code.settings[one]["variable"], chosen.get(one, default)
        if one in TUNABLE and value != wanted:
            whose = "what the owner chose" if one in chosen else "the code's default"
            yield f"functions/{name}: {variable} is [{value}], {whose} is [{wanted}]"
        if one in NEVER_DEPLOYED or value in ("", None):
            yield f"functions/{name}: {variable} is [{value}]"


def unlike_secrets(product: Plan, foundation: Plan, code: Code) -> Iterator[str]:
    deployed = runs(product)
    for name, run in deployed.items():
        yield from _unlike_mounts(name, run, code)
    yield from differences(
        "terraform/foundation: Secret Manager",
        found=(one.values["secret_id"] for one in foundation.of("google_secret_manager_secret")),
        wanted={secret for one in code.functions.values() for secret in one["secrets"]},
        lacking="a function reads it",
        needless="no function reads it",
    )


def _unlike_mounts(name: str, run: Run, code: Code) -> Iterator[str]:
    yield from differences(
        f"functions/{name}: what is mounted",
        found=(f"{place} → {secret}" for place, secret in run.secrets.items()),
        wanted=(f"/secrets/{secret} → {secret}" for secret in code.functions[name]["secrets"]),
        lacking="its code or one of its ports reads this credential there",
        needless="nothing in it reads this",
    )
