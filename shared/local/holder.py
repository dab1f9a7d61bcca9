"""Who has the running product, and the moment at which nobody has: a reset puts another in its place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shared.errors import Unavailable
from shared.local.product import LocalProduct

PATIENCE_S = 60.0


class Holder:
    """The running product. A reset lets those who use it finish; whoever comes meanwhile gets the next."""

    def __init__(
        self, open_product: Callable[[bool], LocalProduct], *, patience_s: float = PATIENCE_S
    ) -> None:
        self._open = open_product
        self._patience_s = patience_s
        self._turn = threading.Condition()
        self._users = 0
        self._is_resetting = False
        self._before_closing: list[Callable[[], None]] = []
        self.product = open_product(False)

    def before_closing(self, call: Callable[[], None]) -> None:
        """`call` ends what uses the product for longer than a request."""
        self._before_closing.append(call)

    @contextmanager
    def use(self) -> Iterator[LocalProduct]:
        """The product for one request. Raises `Unavailable` when a reset takes too long."""
        with self._turn:
            self._wait(lambda: not self._is_resetting, "the sample dealership is being put back")
            self._users += 1
        try:
            yield self.product
        finally:
            with self._turn:
                self._users -= 1
                self._turn.notify_all()

    def reset(self) -> None:
        """Raises `Unavailable` when another reset or a request takes too long; nothing is reset then."""
        with self._alone():
            for call in self._before_closing:
                call()
            self.product.close()
            self.product = self._open(True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._turn:
            self._wait(lambda: not self._is_resetting, "another reset is under way")
            self._is_resetting = True
        try:
            with self._turn:
                self._wait(lambda: not self._users, "a request that began before takes long")
            yield
        finally:
            with self._turn:
                self._is_resetting = False
                self._turn.notify_all()

    def _wait(self, until: Callable[[], bool], busy: str) -> None:
        if not self._turn.wait_for(until, self._patience_s):
            raise Unavailable(f"{busy}; try again in some seconds")
