"""Google's own agents hold the rights without which messages are neither pushed, written nor given up."""

from __future__ import annotations

from collections.abc import Iterator

from tests.infra.code_facts import Code, differences
from tests.infra.made_up import NUMBER, PROJECT
from tests.infra.offline import Plan
from tests.infra.two_way_rights import Grant, dead_letters, grants

PUBSUB = f"serviceAccount:service-{NUMBER}@gcp-sa-pubsub.iam.gserviceaccount.com"
VERTEX = f"serviceAccount:service-{NUMBER}@gcp-sa-aiplatform.iam.gserviceaccount.com"


def unlike_agents(code: Code, *plans: Plan) -> Iterator[str]:
    """cloud.google.com/pubsub/docs: handling-failures (dead letters), bigquery (rows), authenticate-push."""
    datasets = {str(event.table).partition(".")[0] for event in code.events.values() if event.table}
    wanted = {
        Grant(PUBSUB, "roles/pubsub.subscriber", "project", PROJECT),
        Grant(PUBSUB, "roles/iam.serviceAccountTokenCreator", "account", "pubsub-push"),
        *(Grant(PUBSUB, "roles/pubsub.publisher", "topic", name) for name in dead_letters(code)),
        *(Grant(PUBSUB, "roles/bigquery.dataEditor", "dataset", name) for name in datasets),
    }
    yield from differences(
        "terraform/foundation: Pub/Sub's agent",
        found=(str(one) for one in grants(*plans) if one.member == PUBSUB),
        wanted=map(str, wanted),
        lacking="it pushes, writes rows and gives up messages by it",
        needless="nothing it does needs it",
    )
    shown = Grant(VERTEX, "roles/storage.objectViewer", "bucket", f"{PROJECT}-files")
    yield from differences(
        "terraform/foundation: Vertex's agent",
        found=(str(one) for one in grants(*plans) if one.member == VERTEX),
        wanted=[str(shown)],
        lacking="Gemini fetches by it the file it is asked about",
        needless="nothing it does needs it",
    )
