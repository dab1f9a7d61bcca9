from __future__ import annotations

import json
from typing import Any

import pytest

from shared.manifest import ROOT
from tests.infra import installation, offline
from tests.infra.installation import release
from tests.infra.made_up import NUMBER, PROJECT
from tests.infra.offline import Plan, Values
from tests.infra.seeded import installed

FUNCTIONS: dict[str, Any] = json.loads((ROOT / "terraform" / "derived" / "functions.json").read_text())
SETTINGS: dict[str, Any] = json.loads((ROOT / "terraform" / "derived" / "settings.json").read_text())
DEPLOYED = {name: one for name, one in FUNCTIONS.items() if one["kind"] in ("http", "event", "schedule")}
ACCOUNTS = "iam.gserviceaccount.com"
INGRESS = {
    "http": "ALLOW_INTERNAL_AND_GCLB",
    "event": "ALLOW_INTERNAL_ONLY",
    "schedule": "ALLOW_INTERNAL_ONLY",
}
INVOKER = {
    "http": "allUsers",
    "service": "allUsers",
    "event": f"serviceAccount:pubsub-push@{PROJECT}.{ACCOUNTS}",
    "schedule": f"serviceAccount:scheduler@{PROJECT}.{ACCOUNTS}",
    "job": f"serviceAccount:scheduler@{PROJECT}.{ACCOUNTS}",
}


def url(name: str) -> str:
    return f"https://{name.replace('_', '-')}-{NUMBER}.us-central1.run.app"


@pytest.fixture(scope="module")
def functions(product_plan: Plan) -> dict[str, Values]:
    return {one.values["name"]: one.values for one in product_plan.of("google_cloudfunctions2_function")}


def _config(functions: dict[str, Values], name: str) -> Values:
    (config,) = functions[FUNCTIONS[name]["deployed_name"]]["service_config"]
    return dict(config)


def _template(plan: Plan, name: str) -> Values:
    """Of a service or a job, whose template holds another template."""
    (found,) = [
        one.values
        for one in plan.of("google_cloud_run_v2_service", "google_cloud_run_v2_job")
        if one.values["name"] == FUNCTIONS[name]["deployed_name"]
    ]
    (template,) = found["template"]
    for inner in template.get("template", []):
        template = inner
    return dict(template)


def _container(plan: Plan, name: str) -> Values:
    (container,) = _template(plan, name)["containers"]
    return dict(container)


def _variables(plan: Plan, functions: dict[str, Values], name: str) -> dict[str, str]:
    if name in DEPLOYED:
        return dict(_config(functions, name)["environment_variables"])
    return {one["name"]: one["value"] for one in _container(plan, name)["env"]}


def test_every_function_of_the_catalogue_is_deployed_as_what_it_is(
    product_plan: Plan, functions: dict[str, Values]
) -> None:
    def names(kind: str) -> set[str]:
        return {one.values["name"] for one in product_plan.of(kind)}

    def wanted(*kinds: str) -> set[str]:
        return {one["deployed_name"] for one in FUNCTIONS.values() if one["kind"] in kinds}

    assert set(functions) == wanted("http", "event", "schedule")
    assert names("google_cloud_run_v2_service") == wanted("service")
    assert names("google_cloud_run_v2_job") == wanted("job")


@pytest.mark.parametrize("name", DEPLOYED)
def test_a_function_is_reached_only_by_those_it_is_for(functions: dict[str, Values], name: str) -> None:
    assert _config(functions, name)["ingress_settings"] == INGRESS[FUNCTIONS[name]["kind"]]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_one_invoker_by_its_kind(product_plan: Plan, name: str) -> None:
    bindings = product_plan.of("google_cloud_run_v2_service_iam_member", "google_cloud_run_v2_job_iam_member")
    found = [one.values for one in bindings if one.values["name"] == FUNCTIONS[name]["deployed_name"]]
    assert [(one["role"], one["member"]) for one in found] == [
        ("roles/run.invoker", INVOKER[FUNCTIONS[name]["kind"]])
    ]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_finds_exactly_the_settings_it_reads(
    product_plan: Plan, functions: dict[str, Values], name: str
) -> None:
    found = _variables(product_plan, functions, name)
    served_by_framework = {"THREADS": str(FUNCTIONS[name]["concurrency"])} if name in DEPLOYED else {}
    assert {key: found.pop(key) for key in served_by_framework} == served_by_framework
    assert set(found) == {SETTINGS[setting]["variable"] for setting in FUNCTIONS[name]["settings"]}
    assert (found["COS_PROFILE"], found["GOOGLE_CLOUD_PROJECT"]) == ("google", PROJECT)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_variable_is_empty_and_what_may_be_chosen_has_the_codes_default(
    product_plan: Plan, functions: dict[str, Values], name: str
) -> None:
    found = _variables(product_plan, functions, name)
    assert all(found.values())
    for setting in FUNCTIONS[name]["settings"]:
        if SETTINGS[setting]["deployed"] == "tunable":
            chosen = installation.variables()["settings"].get(setting, SETTINGS[setting]["default"])
            assert found[SETTINGS[setting]["variable"]] == chosen


def test_a_chosen_setting_reaches_the_functions_that_read_it_and_no_other(terraform: str) -> None:
    changed = offline.plan("product", installed(settings={"max_clarifications": "3"}))
    said = {
        one.values["name"]: one.values["service_config"][0]["environment_variables"].get(
            "COS_MAX_CLARIFICATIONS"
        )
        for one in changed.of("google_cloudfunctions2_function")
    }
    assert {name for name, value in said.items() if value == "3"} == {"membrane"}
    assert {value for name, value in said.items() if name != "membrane"} == {None}


@pytest.mark.parametrize("name", DEPLOYED)
def test_a_function_is_told_for_which_audience_and_by_whom_it_is_called(
    functions: dict[str, Values], name: str
) -> None:
    found = _config(functions, name)["environment_variables"]
    if FUNCTIONS[name]["kind"] == "http":
        assert "COS_SERVICE_AUDIENCE" not in found
    else:
        assert found["COS_SERVICE_AUDIENCE"] == url(name)
        called_by = INVOKER[FUNCTIONS[name]["kind"]].removeprefix("serviceAccount:")
        assert called_by in found["COS_SERVICE_CALLERS"].split(",")


@pytest.mark.parametrize("name", DEPLOYED)
def test_a_function_runs_its_own_bundle_as_its_own_account(functions: dict[str, Values], name: str) -> None:
    function = functions[FUNCTIONS[name]["deployed_name"]]
    (build,) = function["build_config"]
    ((source,),) = ([one["storage_source"][0] for one in build["source"]],)
    assert source["object"] == release()["bundles"][name]["object"]
    assert source["bucket"] == f"{PROJECT}-bundles"
    assert (build["runtime"], build["entry_point"]) == ("python313", name)
    assert (
        build["service_account"] == f"projects/{PROJECT}/serviceAccounts/functions-build@{PROJECT}.{ACCOUNTS}"
    )
    account = f"fn-{FUNCTIONS[name]['deployed_name']}@{PROJECT}.{ACCOUNTS}"
    assert _config(functions, name)["service_account_email"] == account


@pytest.mark.parametrize("name", DEPLOYED)
def test_a_function_gets_what_its_manifest_asks_for(functions: dict[str, Values], name: str) -> None:
    config, wanted = _config(functions, name), FUNCTIONS[name]
    assert config["available_memory"] == f"{wanted['memory_mib']}Mi"
    assert float(config["available_cpu"]) == wanted["cpu"]
    assert config["max_instance_request_concurrency"] == wanted["concurrency"]
    # An HTTP function answers 504 itself, then still publishes what it committed.
    grace = 10 if wanted["kind"] == "http" else 0
    assert config["timeout_seconds"] == wanted["timeout_seconds"] + grace


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in DEPLOYED])
def test_a_service_and_a_job_get_what_their_manifests_ask_for(product_plan: Plan, name: str) -> None:
    wanted = FUNCTIONS[name]
    (limits,) = [one["limits"] for one in _container(product_plan, name)["resources"]]
    assert (limits["memory"], float(limits["cpu"])) == (f"{wanted['memory_mib']}Mi", wanted["cpu"])
    assert _template(product_plan, name)["timeout"] == f"{wanted['timeout_seconds']:g}s"


def test_as_many_instances_are_kept_and_allowed_as_the_owner_says(terraform: str) -> None:
    chat = {"min_instances": 2, "max_instances": 9}
    asked = {"min_instances": 1, "max_instances": 7, "functions": {"chat": chat}}
    plan = offline.plan("product", installed(scaling=asked))
    said = {
        one.values["name"]: one.values["service_config"][0]
        for one in plan.of("google_cloudfunctions2_function")
    }
    found = {name: (one["min_instance_count"], one["max_instance_count"]) for name, one in said.items()}
    assert found.pop("chat") == (2, 9)
    assert set(found.values()) == {(1, 7)}
    (service,) = plan.of("google_cloud_run_v2_service")
    assert service.values["template"][0]["scaling"][0]["max_instance_count"] == 7


def test_an_image_is_named_by_content_and_pinned_by_digest(product_plan: Plan) -> None:
    for name in ("chat_stream", "identity_training"):
        tag = release()["bundles"][name]["sha256"][:12]
        image = _container(product_plan, name)["image"]
        assert f"/images/{FUNCTIONS[name]['deployed_name']}:{tag}@sha256:" in image


def test_the_socket_service_keeps_sockets_open_and_is_probed(product_plan: Plan) -> None:
    (service,) = product_plan.of("google_cloud_run_v2_service")
    (template,) = service.values["template"]
    assert service.values["ingress"] == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    assert (template["timeout"], template["session_affinity"]) == ("3600s", True)
    container = _container(product_plan, "chat_stream")
    for probe in (*container["startup_probe"], *container["liveness_probe"]):
        assert probe["http_get"][0]["path"] == "/_ready"
        assert probe["timeout_seconds"] < probe["period_seconds"]
    (startup,) = container["startup_probe"]
    assert startup["failure_threshold"] * startup["period_seconds"] <= 240


def test_what_holds_no_state_may_be_taken_away(product_plan: Plan) -> None:
    for one in product_plan.of("google_cloud_run_v2_service", "google_cloud_run_v2_job"):
        assert one.values["deletion_protection"] is False
