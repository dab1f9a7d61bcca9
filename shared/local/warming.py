"""What the first question needs is loaded while nobody asks, so that it is answered as fast as the second."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from shared.errors import CosError, Rejected
from shared.local.holder import Holder
from shared.local.product import PERSONAS, LocalProduct
from shared.observability import log

Step = Callable[[LocalProduct], object]

ASKED_FIRST = ("chat", "membrane", "plate_composer")
TENANT = "autohaus"
QUESTION = "Show me the financials for Lane A"


class Warming:
    """Step by step, on a thread of its own; a reset or the end waits for one step at most."""

    def __init__(self, holder: Holder, steps: Callable[[LocalProduct], Iterable[Step]]) -> None:
        self._holder = holder
        self._steps = steps
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="warming", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        for step in self._steps(self._holder.product):
            if self._stopping.is_set():
                return
            try:
                with self._holder.use() as product:
                    step(product)
            except CosError as error:  # whoever asks is told what to do about it
                log("WARNING", "something could not be loaded ahead", error=type(error).__name__)


def for_the_first_question(product: LocalProduct) -> Iterator[Step]:
    """In the order in which a question comes by."""
    first = [name for name in ASKED_FIRST if name in product.manifests]
    rest = [one.name for one in product.manifests.values() if one.kind != "service" and one.name not in first]
    yield lambda product: product.token(PERSONAS[0], TENANT)
    yield from (partial(_load, function=name) for name in first)
    yield rehearse_routing
    yield from (partial(rehearse_plate, plate_id=plate_id) for plate_id in _plates())
    yield from (partial(_load, function=name) for name in rest)


def rehearse_routing(product: LocalProduct) -> None:
    """The sentence model, the router's weights and its rules."""
    from shared.brain.minilm import sentence_encoder
    from shared.brain.route_message.models import RouteInput
    from shared.brain.route_message.task import ROUTE_MESSAGE

    given = RouteInput(text=QUESTION, today=product.platform.clock.now().date())
    ROUTE_MESSAGE.embedded(given, sentence_encoder(product.settings.model_dir))


def rehearse_plate(product: LocalProduct, *, plate_id: str) -> None:
    """Composed and shown to nobody: its queries are translated, the stores open."""
    from functions.plate_composer.asked import Asked
    from functions.plate_composer.main import COMPOSERS

    tenant = product.platform.tenant(TENANT)
    asked = Asked({}, PERSONAS, product.platform.clock.now(), tenant.zone)
    try:
        COMPOSERS[plate_id](asked, tenant)
    except Rejected:
        return  # some need to be told of whom; what they read with is loaded by now


def _plates() -> list[str]:
    from functions.plate_composer.main import COMPOSERS

    return list(COMPOSERS)


def _load(product: LocalProduct, *, function: str) -> None:
    product.app(function)
