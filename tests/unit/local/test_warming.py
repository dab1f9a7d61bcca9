"""Warming up makes the first question fast, and leaves nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.errors import Unavailable
from shared.local.holder import Holder
from shared.local.product import LocalProduct
from shared.local.tenants import seed_tenants
from shared.local.warming import Warming, for_the_first_question
from shared.ports import Query
from shared.settings import load, variable
from shared.testing.harness import model_folder


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Holder]:
    product = LocalProduct(
        load({variable("data_dir"): str(tmp_path), variable("model_dir"): str(model_folder())})
    )
    seed_tenants(product.platform)
    yield Holder(lambda fresh: product)
    product.close()


def test_every_function_is_loaded_and_every_plate_rehearsed_without_a_trace(holder: Holder) -> None:
    product = holder.product
    steps = list(for_the_first_question(product))
    for step in steps:
        step(product)
    served = {name for name, manifest in product.manifests.items() if manifest.kind != "service"}
    documents = product.platform.tenant("autohaus").documents
    assert set(product._apps) == served
    assert (documents.query(Query("sessions")), documents.query(Query("outbox"))) == ([], [])
    assert len(steps) > len(served)


def test_what_cannot_be_loaded_ahead_does_not_keep_the_rest_from_it(holder: Holder) -> None:
    done = threading.Event()

    def broken(product: LocalProduct) -> None:
        raise Unavailable("the model is not built")

    warming = Warming(holder, lambda product: (broken, lambda product: done.set()))
    warming.start()
    assert done.wait(10)
    warming.stop()


def test_the_end_waits_for_the_step_that_runs_and_begins_no_other(holder: Holder) -> None:
    began, go_on, finished, after = (threading.Event() for _ in range(4))

    def long(product: LocalProduct) -> None:
        began.set()
        go_on.wait(10)
        finished.set()

    warming = Warming(holder, lambda product: (long, lambda product: after.set()))
    warming.start()
    assert began.wait(10)
    ending = threading.Thread(target=warming.stop)
    ending.start()
    ending.join(0.05)
    assert ending.is_alive()
    go_on.set()
    ending.join(10)
    assert (finished.is_set(), after.is_set(), ending.is_alive()) == (True, False, False)


def test_an_end_before_the_start_is_no_error(holder: Holder) -> None:
    begun = threading.Event()
    warming = Warming(holder, lambda product: (lambda product: begun.set(),))
    warming.stop()
    warming.start()
    warming.stop()
    assert not begun.is_set()
