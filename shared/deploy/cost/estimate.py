"""What an installation costs a month: counted operations × a dealership's month × list prices.

Pure arithmetic. The counts are measured (operations.json), the month and the prices are tables to check
and change (workload.yaml, prices.yaml).
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.deploy.cost.inputs import Inputs, Price
from shared.deploy.cost.usage import usage
from shared.errors import Misconfigured


@dataclass(frozen=True)
class Line:
    """One line of a bill: `quantity` in the price's unit, `dollars` for a month."""

    key: str
    price: Price
    quantity: float

    @property
    def dollars(self) -> float:
        return max(0.0, self.quantity - self.price.free) * self.price.price


def bill(inputs: Inputs, dealerships: int) -> list[Line]:
    """A month's bill. Raises `Misconfigured` for a use without a price, or a price without a use."""
    used = usage(inputs, dealerships)
    if different := sorted(set(used) ^ set(inputs.prices)):
        raise Misconfigured(f"prices.yaml and what is used differ in {different}")
    return [Line(key, price, used[key]) for key, price in inputs.prices.items()]


def total(lines: list[Line]) -> float:
    return sum(line.dollars for line in lines)


def unconsidered(inputs: Inputs) -> list[str]:
    """Functions that are in no counted operation and of which nobody said why; and the reverse."""
    counted = {function for counts in inputs.operations.values() for function in counts}
    return sorted((counted | set(inputs.workload["uncounted"])) ^ set(inputs.manifests))
