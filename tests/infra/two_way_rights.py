"""Every role an account holds is needed by a port its function uses, and each port's roles are granted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.wiring import GOOGLE
from tests.infra.code_facts import Code, differences
from tests.infra.deployed import runs
from tests.infra.made_up import PROJECT
from tests.infra.offline import Plan, Resource

_PLACES = {
    "google_project_iam_member": ("project", "project"),
    "google_pubsub_topic_iam_member": ("topic", "topic"),
    "google_pubsub_subscription_iam_member": ("subscription", "subscription"),
    "google_bigquery_dataset_iam_member": ("dataset", "dataset_id"),
    "google_storage_bucket_iam_member": ("bucket", "bucket"),
    "google_secret_manager_secret_iam_member": ("secret", "secret_id"),
    "google_artifact_registry_repository_iam_member": ("repository", "repository"),
    "google_service_account_iam_member": ("account", "service_account_id"),
    "google_cloud_run_v2_service_iam_member": ("invoke", "name"),
    "google_cloud_run_v2_job_iam_member": ("invoke", "name"),
}
_TOO_MUCH = {"roles/owner", "roles/editor", "roles/viewer", "roles/iam.securityAdmin"}
_EVERYBODY = ("allUsers", "allAuthenticatedUsers")
_AGENTS = "@gcp-sa-"
_LEAST_REASON = 20


@dataclass(frozen=True, order=True)
class Grant:
    """`level` and `place` as roles.yaml says them: topic, `message-received`."""

    member: str
    role: str
    level: str
    place: str

    def __str__(self) -> str:
        return f"{self.role} on {self.level} {self.place}"


def grants(*plans: Plan) -> list[Grant]:
    return [_grant(one) for plan in plans for one in plan.resources if one.type in _PLACES]


def unread_grants(*plans: Plan) -> Iterator[str]:
    """Kinds of grants the checks below do not look at."""
    for plan in plans:
        for one in plan.resources:
            if "_iam_" in one.type and one.type not in {*_PLACES, *_NO_GRANTS}:
                yield f"{one.address}: a grant of a kind no check reads; use google_…_iam_member"


_NO_GRANTS = {"google_project_iam_custom_role", "google_project_iam_audit_config"}


def unlike_rights(code: Code, *plans: Plan) -> Iterator[str]:
    held = grants(*plans)
    for name in code.manifests:
        account = account_of(name)
        yield from differences(
            f"functions/{name}: account [{account}]",
            found=(str(one) for one in held if one.member == _member(account)),
            wanted=(str(one) for one in needed(name, code)),
            lacking="one of its ports needs it (terraform/roles.yaml)",
            needless="none of its ports needs it",
        )


def needed(function: str, code: Code) -> set[Grant]:
    """What roles.yaml says of the ports the manifest names, at every place the function may touch."""
    facts = code.functions[function]
    subscriptions = [*(f"{topic}--history" for topic in code.events), *dead_letters(code)]
    places = {
        "project": [PROJECT],
        "topic": list(code.events)
        if code.manifests[function].republishes
        else list(code.manifests[function].publishes),
        "subscription": subscriptions,
        "dataset": facts["datasets"],
        "bucket": [f"{PROJECT}-files"],
        "secret": facts["secrets"],
    }
    asked = [
        *code.roles["every_function"],
        *(one for port in code.ports_of(function) for one in code.roles["ports"][port]),
    ]
    member = _member(account_of(function))
    return {Grant(member, one["role"], one["at"], place) for one in asked for place in places[one["at"]]}


def dead_letters(code: Code) -> list[str]:
    consumers = [name for name, one in code.manifests.items() if one.subscribes]
    rows = [f"{topic}--warehouse" for topic, event in code.events.items() if event.table]
    return [f"{one}--dead-letters" for one in (*consumers, *rows)]


def unlike_publishers(code: Code, *plans: Plan) -> Iterator[str]:
    """Straight from the manifests: an account may publish what its function publishes."""
    for name, manifest in code.manifests.items():
        held = [one for one in grants(*plans) if one.member == _member(account_of(name))]
        yield from differences(
            f"functions/{name}: topics its account may publish",
            found=(
                one.place for one in held if one.level == "topic" and one.role == "roles/pubsub.publisher"
            ),
            wanted=code.events if manifest.republishes else manifest.publishes,
            lacking="its manifest publishes it",
            needless="its manifest does not publish it",
        )


def unlike_accounts(code: Code, foundation: Plan, product: Plan) -> Iterator[str]:
    """Each function runs as an account of its own; nothing else has one but what roles.yaml names."""
    made = {one.values["email"] for one in foundation.of("google_service_account")}
    yield from differences(
        "terraform/foundation: service accounts",
        found=made,
        wanted=(_mail(one) for one in (*map(account_of, code.manifests), *code.roles["accounts"])),
        lacking="a function or roles.yaml needs it",
        needless="nothing runs as it",
    )
    for name, run in runs(product).items():
        if run.account != _mail(account_of(name)):
            yield f"functions/{name} runs as [{run.account}], not as [{_mail(account_of(name))}]"


def too_much(code: Code, *plans: Plan) -> Iterator[str]:
    """Nobody has a basic role; everybody may only call what checks its callers itself."""
    ours = {_member(one) for one in (*map(account_of, code.manifests), *code.roles["accounts"])}
    open_to_all = {one.deployed_name for one in code.manifests.values() if one.kind in ("http", "service")}
    for one in grants(*plans):
        if one.role in _TOO_MUCH:
            yield f"[{one.member}] holds [{one}]: a role over everything"
        if one.member in _EVERYBODY and not (one.level == "invoke" and one.place in open_to_all):
            yield f"[{one.member}] holds [{one}]: open to everybody"
        if one.member not in {*ours, *_EVERYBODY} and _AGENTS not in one.member:
            yield f"[{one.member}] holds [{one}]: an account nobody made"


def unlike_wiring(code: Code) -> Iterator[str]:
    """roles.yaml speaks of the ports there are, and says why."""
    yield from differences(
        "terraform/roles.yaml [ports]",
        found=code.roles["ports"],
        wanted=GOOGLE,
        lacking="shared/wiring.py has such a port",
        needless="shared/wiring.py has no such port",
    )
    asked = [*code.roles["every_function"], *(one for roles in code.roles["ports"].values() for one in roles)]
    asked += [one for account in code.roles["accounts"].values() for one in account["roles"]]
    for one in asked:
        if len(one.get("reason", "")) < _LEAST_REASON:
            yield f"terraform/roles.yaml: [{one['role']}] has no reason"


def account_of(function: str) -> str:
    return f"fn-{function.replace('_', '-')}"


def _grant(resource: Resource) -> Grant:
    level, argument = _PLACES[resource.type]
    place = str(resource.values[argument]).rpartition("/")[2].partition("@")[0]
    return Grant(resource.values["member"], resource.values["role"], level, place)


def _mail(account: str) -> str:
    return f"{account}@{PROJECT}.iam.gserviceaccount.com"


def _member(account: str) -> str:
    return f"serviceAccount:{_mail(account)}"
