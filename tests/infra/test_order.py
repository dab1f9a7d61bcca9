from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.infra.offline import TERRAFORM
from tests.infra.order import graph, too_early
from tests.said import nothing


def test_nothing_is_made_before_what_it_needs(terraform: str) -> None:
    nothing(too_early(graph(TERRAFORM, "foundation"), TERRAFORM))


@pytest.mark.parametrize(
    ("file", "words", "instead", "said"),
    [
        (
            "messages.tf",
            "  depends_on = [terraform_data.services_known]\n",
            "",
            "google_pubsub_topic.event does not wait for [terraform_data.services_known]",
        ),
        (
            "vectors.tf",
            "  depends_on = [terraform_data.services_known]\n",
            "",
            "google_vertex_ai_index.memories does not wait for [terraform_data.services_known]",
        ),
        (
            "monitoring.tf",
            "  depends_on = [terraform_data.services_known]\n",
            "",
            "module.monitoring.google_monitoring_dashboard.product does not wait for",
        ),
        (
            "messages.tf",
            "  depends_on = [terraform_data.agent]\n",
            "",
            "pubsub_writes_rows does not wait for [terraform_data.agent]",
        ),
        (
            "applied.tf",
            "    google_pubsub_subscription_iam_member.operator,\n",
            "",
            "applied does not wait for [google_pubsub_subscription_iam_member.operator]",
        ),
    ],
)
def test_an_order_that_is_missing_is_named(
    terraform: str, tmp_path: Path, file: str, words: str, instead: str, said: str
) -> None:
    tree = Path(shutil.copytree(TERRAFORM, tmp_path / "terraform"))
    path = tree / "foundation" / file
    assert words in path.read_text()
    path.write_text(path.read_text().replace(words, instead, 1))
    assert [one for one in too_early(graph(tree, "foundation"), tree) if said in one]
