"""What the bill is worked out from: prices, a month's work, and what each piece of work was counted doing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.errors import Misconfigured
from shared.manifest import Manifest
from shared.yaml_file import read_yaml

FOLDER = Path(__file__).parent
SAMPLE_TENANTS = 2
"""Dealerships of the product on which the operations were counted."""

Counts = Mapping[str, Mapping[str, int]]
"""Of one operation: by function, how often each kind of call."""


class Price(BaseModel):
    """US dollars for one `unit`; `free` units a month cost nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: str = Field(min_length=3)
    item: str = Field(min_length=3)
    unit: str
    price: float = Field(gt=0)
    free: float = Field(ge=0)
    source: str = Field(pattern=r"^cloud\.google\.com/[a-z/-]+$")


@dataclass(frozen=True)
class Inputs:
    prices: Mapping[str, Price]
    workload: Mapping[str, Any]
    operations: Mapping[str, Counts]
    manifests: Mapping[str, Manifest]

    def calls(self, operation: str, function: str, dealerships: int) -> dict[str, float]:
        """What a function does within one operation. A run asks for every dealership, and there are more of
        them than when it was counted."""
        counts = {kind: float(number) for kind, number in self.operations[operation][function].items()}
        more = dealerships / SAMPLE_TENANTS - 1
        for kind, of_dealerships in (("reads", "dealership_reads"), ("round_trips", "dealership_trips")):
            if of_dealerships in counts:
                counts[kind] += counts[of_dealerships] * more
        return counts


def _price(key: str, said: object) -> Price:
    try:
        return Price.model_validate(said)
    except ValidationError as error:
        wrong = [f"[{'.'.join(map(str, one['loc']))}] {one['msg']}" for one in error.errors()]
        raise Misconfigured(f"shared/deploy/cost/prices.yaml: price [{key}]: {'; '.join(wrong)}") from error


def read_inputs(manifests: tuple[Manifest, ...], folder: Path = FOLDER) -> Inputs:
    """Raises `Misconfigured` when the workload names an operation nobody counted, or leaves one out."""
    workload = read_yaml(folder / "workload.yaml")
    operations = json.loads((folder / "operations.json").read_text(encoding="utf-8"))
    happening = {*workload["dealership"]["operations"], *workload["installation"]["runs"]}
    if different := sorted(happening ^ set(operations)):
        raise Misconfigured(f"workload.yaml and operations.json differ in the operations {different}")
    prices = read_yaml(folder / "prices.yaml")["prices"]
    return Inputs(
        {key: _price(key, price) for key, price in prices.items()},
        workload,
        operations,
        {manifest.name: manifest for manifest in manifests},
    )
