from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared.manifest import Manifest
from tests.infra import offline
from tests.infra.made_up import PROJECT
from tests.infra.offline import TERRAFORM, Plan, Values
from tests.infra.seeded import installed, release, with_function, with_manifests
from tests.infra.test_product_functions import ACCOUNTS, url
from tests.infra.url_map import Edge
from tests.infra.workspace import Workspace

MEANING = "A capability that stands in no folder; it is here to be deployed in a test."


def _by_address(plan: Plan) -> dict[str, Values]:
    return {one.address: one.values for one in plan.resources if one.mode == "managed"}


@pytest.mark.parametrize(
    ("function", "address"),
    [
        ("chat", 'module.function["chat"].google_cloudfunctions2_function.this'),
        ("chat_stream", 'module.service["chat_stream"].google_cloud_run_v2_service.this'),
        ("identity_training", 'module.job["identity_training"].google_cloud_run_v2_job.this'),
    ],
)
def test_another_bundle_changes_what_runs_it_and_nothing_else(
    product_plan: Plan, function: str, address: str
) -> None:
    before = _by_address(product_plan)
    after = _by_address(offline.plan("product", installed(release=release(changed=(function,)))))
    assert set(before) == set(after)
    assert [one for one in before if before[one] != after[one]] == [address]


def test_a_release_without_a_capability_takes_away_what_was_its_own(product_plan: Plan) -> None:
    gone = set(_by_address(product_plan)) - set(
        _by_address(offline.plan("product", installed(release=release(without=("membrane",)))))
    )
    assert {address.rpartition(".google_")[0] for address in gone} == {
        'module.function["membrane"]',
        'module.consumer["membrane"]',
    }


def test_what_is_taken_away_goes_in_an_order_google_allows(terraform: str) -> None:
    """A path before its backend, that before its endpoint group; a subscription before its function."""
    smaller = installed(release=release(without=("crm_intake", "membrane")))
    said = Workspace(TERRAFORM, "product", installed()).applied_again(smaller)
    done = re.findall(r"^(\S+): (Modifications|Destruction) complete", said, re.M)
    order = [address for address, _ in done]

    def place(address: str) -> int:
        return order.index(address)

    edge = "module.load_balancer.google_compute"
    assert (
        place(f"{edge}_url_map.this")
        < place(f'{edge}_backend_service.this["crm_intake"]')
        < place(f'{edge}_region_network_endpoint_group.this["crm_intake"]')
        < place('module.function["crm_intake"].google_cloudfunctions2_function.this')
    )
    assert place('module.consumer["membrane"].google_pubsub_subscription.this') < place(
        'module.function["membrane"].google_cloudfunctions2_function.this'
    )


def test_a_release_that_is_not_whole_is_told_of(terraform: str) -> None:
    said = Workspace(TERRAFORM, "product", installed(release=release(without=("system",)))).plan_text()
    assert "The release has no bundle of [system]" in " ".join(said.split())


def _manifest(name: str, **said: object) -> Manifest:
    return Manifest.model_validate({"name": name, "meaning": MEANING, "primitive": name, **said})


@pytest.fixture(scope="module")
def with_a_text_sender(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The product with an event function that sends texts and a job that does so nightly."""
    sender = _manifest(
        "reminder_sender",
        kind="event",
        subscribes="message-received",
        handler="remind",
        ports=["documents", "bus", "messenger", "tokens"],
        secrets=["slack_webhooks"],
    )
    nightly = _manifest(
        "night_texts",
        kind="job",
        handler="send",
        schedule={"cron": "0 3 * * *", "time_zone": "America/Chicago"},
        ports=["documents", "messenger"],
        memory_mib=512,
        concurrency=1,
    )
    quote = {"method": "GET", "path": "/api/public/leaflet/{uuid}", "handler": "show", "summary": "A quote"}
    page = _manifest("quote_page", kind="http", routes=[{**quote, "auth": ["public"]}])
    tree = with_manifests(tmp_path_factory.mktemp("more"), sender, nightly, page)
    bundles = release(new=("reminder_sender", "night_texts", "quote_page"))
    return offline.applied("product", installed(release=bundles), terraform=tree)


def _one(plan: Plan, kind: str, name: str) -> Values:
    (found,) = [one.values for one in plan.of(kind) if one.values["name"] == name]
    return found


def test_a_new_manifest_is_deployed_whole(with_a_text_sender: Plan) -> None:
    function = _one(with_a_text_sender, "google_cloudfunctions2_function", "reminder-sender")
    (config,) = function["service_config"]
    assert config["service_account_email"] == f"fn-reminder-sender@{PROJECT}.{ACCOUNTS}"
    assert config["environment_variables"]["COS_SERVICE_AUDIENCE"] == url("reminder_sender")
    subscription = _one(with_a_text_sender, "google_pubsub_subscription", "reminder_sender")
    assert subscription["push_config"][0]["push_endpoint"] == url("reminder_sender")
    assert Edge(with_a_text_sender).answer("cos.example.com", "/api/public/leaflet/2f6c") == "quote-page"


def test_texts_from_the_sample_dealerships_number_are_told_of(terraform: str, tmp_path: Path) -> None:
    tree = with_function(tmp_path, "chat", settings=["profile", "project", "region", "twilio_number"])
    said = Workspace(tree, "product", installed(settings={})).plan_text()
    assert "[chat, text_sender] send from a number of the sample dealership" in " ".join(said.split())
    assert "sample dealership" not in Workspace(tree, "product", installed()).plan_text()


def test_a_functions_secrets_are_files_in_a_folder_each(with_a_text_sender: Plan) -> None:
    function = _one(with_a_text_sender, "google_cloudfunctions2_function", "reminder-sender")
    mounted = {
        volume["mount_path"]: (
            volume["secret"],
            [(one["version"], one["path"]) for one in volume["versions"]],
        )
        for volume in function["service_config"][0]["secret_volumes"]
    }
    assert mounted == {
        f"/secrets/{name}": (name, [("latest", "value")])
        for name in ("slack_webhooks", "twilio_account_sid", "twilio_auth_token")
    }


def test_a_jobs_secrets_are_files_in_a_folder_each(with_a_text_sender: Plan) -> None:
    (template,) = _one(with_a_text_sender, "google_cloud_run_v2_job", "night-texts")["template"]
    (inner,) = template["template"]
    volumes = {one["name"]: one["secret"][0] for one in inner["volumes"]}
    mounts = inner["containers"][0]["volume_mounts"]
    mounted = {one["mount_path"]: volumes[one["name"]]["secret"] for one in mounts}
    assert mounted == {f"/secrets/{name}": name for name in ("twilio_account_sid", "twilio_auth_token")}
    assert all(re.fullmatch(r"[a-z][-a-z0-9]{0,62}", name) for name in volumes)
    assert {item["path"] for one in volumes.values() for item in one["items"]} == {"value"}


ENVIRONMENTS = sorted((TERRAFORM / "environments").glob("*.tfvars"))


@pytest.mark.parametrize("file", ENVIRONMENTS, ids=lambda file: file.stem)
def test_every_environment_plans(terraform: str, file: Path) -> None:
    own = {name: value for name, value in installed().items() if name in ("project", "release")}
    said = Workspace(TERRAFORM, "product", own, (f"-var-file={file}",)).plan_text()
    assert " to add, 0 to change, 0 to destroy." in said


@pytest.mark.parametrize("file", ENVIRONMENTS, ids=lambda file: file.stem)
def test_every_variable_of_an_environment_is_one_of_a_roots(file: Path) -> None:
    roots = [
        path.read_text() for path in TERRAFORM.glob("*/*.tf") if path.parent.name in ("foundation", "product")
    ]
    declared = {name for text in roots for name in re.findall(r'^variable "(\w+)"', text, re.M)}
    assert set(re.findall(r"^(\w+)\s*=", file.read_text(), re.M)) <= declared
