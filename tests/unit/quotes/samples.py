"""Findings, rules and lines for tests of the pure decisions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from functions.quotes.jobs import jobs_for
from functions.quotes.line import Finding, Line
from functions.quotes.pricing import priced
from shared.domain.components import catalogue
from shared.domain.price_item import PriceItem
from shared.domain.pricing_rules import PricingRules

RULES: dict[str, Any] = {
    "labour_rate_usd": "160.00",
    "shop_supplies_percent": "10",
    "shop_supplies_cap_usd": "40.00",
    "taxes": [{"name": "Sales tax", "percent": "10.25", "on": ["parts", "shop_supplies"]}],
}


def rules(**changes: Any) -> PricingRules:
    return PricingRules.model_validate({**RULES, **changes})


def finding(flag_id: str, component: str, zone: str, severity: str = "red") -> Finding:
    return Finding.model_validate(
        {"flag_id": flag_id, "component": component, "zone": zone, "severity": severity}
    )


def item(operation: str, hours: str = "1.0", parts: str = "100.00", **more: Any) -> PriceItem:
    fields = {"operation": operation, "description": operation, "labour_hours": hours, "parts_usd": parts}
    return PriceItem.model_validate({**fields, **more})


def lines_of(*findings: Finding, by: PricingRules | None = None, parts: str = "100.00") -> list[Line]:
    jobs = jobs_for(findings, catalogue())
    return [priced(job, item(job.operation, parts=parts), by or rules(), catalogue()) for job in jobs]


money = st.decimals(min_value=0, max_value=20_000, places=2)
percent = st.decimals(min_value=0, max_value=100, places=3)
zones = {name: component.zones for name, component in catalogue().components.items()}


@st.composite
def any_findings(draw: st.DrawFn, most: int = 8) -> list[Finding]:
    components = draw(st.lists(st.sampled_from(sorted(zones)), max_size=most))
    return [
        finding(
            f"f{place}", name, draw(st.sampled_from(zones[name])), draw(st.sampled_from(["red", "yellow"]))
        )
        for place, name in enumerate(components)
    ]


@st.composite
def any_rules(draw: st.DrawFn) -> PricingRules:
    taxed = st.lists(st.sampled_from(["labour", "parts", "shop_supplies"]), min_size=1, max_size=3)
    taxes = st.builds(lambda p, on: {"name": "tax", "percent": p, "on": on}, percent, taxed)
    return rules(
        labour_rate_usd=draw(money),
        shop_supplies_percent=draw(percent),
        shop_supplies_cap_usd=draw(st.none() | money),
        taxes=draw(st.lists(taxes, max_size=3)),
    )


@st.composite
def any_lines(draw: st.DrawFn, by: PricingRules) -> list[Line]:
    jobs = jobs_for(draw(any_findings()), catalogue())
    hours = st.decimals(min_value=0, max_value=40, places=2)
    return [
        priced(job, item(job.operation, str(draw(hours)), str(draw(money))), by, catalogue()) for job in jobs
    ]


CENT = Decimal("0.01")
