"""How a check that answers sentences fails: with all of them; an assertion on a list shows the first."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def nothing(found: Iterable[object]) -> None:
    said = [str(one) for one in found]
    if said:
        pytest.fail("\n".join(said), pytrace=False)
