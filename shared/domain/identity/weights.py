"""The numbers of the comparison: shipped ones in a versioned file, a tenant's own in a document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from math import log2
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from shared.domain.identity.levels import LEVELS

WEIGHTS_PATH = "identity_models/current"
"""Where a tenant's own weights lie, within the tenant."""

SHIPPED = Path(__file__).with_name("weights_v1.json")

Chances = dict[str, dict[str, float]]
"""Field → level → probability; the levels of a field sum to 1."""

_RAREST_BITS, _COMMONEST_BITS = 3.0, -4.0


class Weights(BaseModel):
    """What a comparison weighs.

    `m`: chances of a level on one person, `u`: on two. `prior_bits`: log2 odds that two records picked at
    random are one person. From `merge_at` bits a pair merges, from `review_at` a human looks at it.
    `frequencies`: field → value → share of the records that have it, for values common enough to count.
    `has_households`: several people live at one address. Always taken to be so until training has seen
    plenty of evidence that in this data a differing first name at one address is a wrong first name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    prior_bits: float
    merge_at: float
    review_at: float
    m: Chances
    u: Chances
    frequencies: Chances = {}
    has_households: bool = True

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        for chances in (self.m, self.u):
            for field, levels in LEVELS.items():
                if set(chances.get(field, {})) != set(levels):
                    raise ValueError(f"[{field}] needs a chance for each of {list(levels)}")
                if min(chances[field].values()) <= 0 or abs(sum(chances[field].values()) - 1) > 1e-6:
                    raise ValueError(f"the chances of [{field}] must be above 0 and sum to 1")
        return self

    def bits(self, field: str, level: str) -> float:
        """log2(m/u): how much this level says for (above 0) or against one person."""
        return log2(self.m[field][level] / self.u[field][level])

    def rarity_bits(self, field: str, value: str) -> float:
        """What agreeing on this value says beyond agreeing on an average one: rare ones more, common less.

        0 when no frequencies are known; a value not listed counts half as frequent as the rarest listed.
        """
        shares = self.frequencies.get(field)
        if not shares:
            return 0.0
        share = shares.get(value) or min(shares.values()) / 2
        return max(_COMMONEST_BITS, min(_RAREST_BITS, log2(self.u[field]["exact"] / share)))

    def to_data(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    return Weights.model_validate(json.loads(SHIPPED.read_text()))


def weights_from(data: Mapping[str, Any] | None) -> Weights:
    """A tenant's weights from its document, the shipped ones when it has none that fits."""
    if data is None:
        return shipped_weights()
    try:
        return Weights.model_validate(data["weights"])
    except ValidationError:
        # Learned by a version that compared other fields; the next night's training replaces it.
        return shipped_weights()
