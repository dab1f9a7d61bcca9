"""The questions of one plate are asked at once: each takes a second in the cloud, together hardly more."""

from __future__ import annotations

import contextvars
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.platform import Tenant
from shared.ports import Row

Question = tuple[str, Mapping[str, Any]]
"""The query's name and its parameters."""

_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="question")


def side_by_side(tenant: Tenant, questions: Mapping[str, Question]) -> dict[str, list[Row]]:
    """The rows by the question's label. Raises what the first failing question raises."""
    warehouse = tenant.warehouse
    asked = {
        label: _threads.submit(contextvars.copy_context().run, warehouse.query, name, parameters)
        for label, (name, parameters) in questions.items()
    }
    return {label: answer.result() for label, answer in asked.items()}
