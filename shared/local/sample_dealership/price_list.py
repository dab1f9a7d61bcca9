"""What work costs in the sample: a price for every operation of the catalogue, and the rules of quotes.

The taxes are examples, no advice.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from shared.domain.components import catalogue
from shared.local.sample_dealership.profiles import Profile
from shared.yaml_file import read_yaml

_FILE = Path(__file__).with_name("price_list.yaml")
_CENT = Decimal("0.01")


def price_items(profile: Profile) -> list[dict[str, Any]]:
    """Rows of kind `price_items`: parts cost less where the pace is slower."""
    factor = Decimal("1.00") if profile.pace >= 1 else Decimal("0.92")
    return [
        {
            "operation": operation,
            "description": catalogue().operation(operation).title,
            "labour_hours": hours,
            "parts_usd": str((parts * factor).quantize(_CENT, ROUND_HALF_UP)),
        }
        for operation, (hours, parts) in read_yaml(_FILE).items()
    ]


def pricing_rules(profile: Profile) -> list[dict[str, Any]]:
    """The one row of kind `pricing_rules`."""
    sales_tax = {"name": "Sales tax", "percent": "10.25", "on": ["parts", "shop_supplies"]}
    return [
        {
            "rules_id": "default",
            "labour_rate_usd": "148.00" if profile.pace >= 1 else "126.00",
            "shop_supplies_percent": "8",
            "shop_supplies_cap_usd": "45.00",
            "taxes": [sales_tax],
        }
    ]
