"""A load beside a test's own doings."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from tests.journeys.lead_journeys import somebody
from tests.stress.dealership import Dealership, side_by_side
from tests.stress.reckoning import eventually


@contextmanager
def busy(dealership: Dealership, *, talks: int, messages: int, leads: int) -> Iterator[None]:
    """The block begins once some of the load is accepted and ends when all of it is."""
    calls: list[Callable[[], object]] = [partial(dealership.take_lead, somebody()) for _ in range(leads)]
    calls += [partial(dealership.converse, messages, random.Random(seed)) for seed in range(talks)]
    random.Random(2).shuffle(calls)
    before = len(dealership.said) + len(dealership.leads)
    with ThreadPoolExecutor(1) as pool:
        load = pool.submit(side_by_side, calls)
        eventually(
            lambda: load.done() or len(dealership.said) + len(dealership.leads) >= before + 4,
            lambda: "nothing was accepted",
        )
        yield
        load.result()
