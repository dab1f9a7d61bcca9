"""The dealership's own numbers for the watch over its books."""

from __future__ import annotations

from shared.domain.anomaly.paths import RULES
from shared.domain.anomaly.rules import AnomalyRules
from shared.runtime.work import UnitOfWork


class Rules(AnomalyRules):
    """As they hold."""


def present_rules(work: UnitOfWork) -> Rules:
    stored = work.get(RULES)
    return Rules.model_validate(stored.data if stored else {})


def change_rules(work: UnitOfWork, rules: Rules, *, by: str) -> Rules:
    before, after = present_rules(work).model_dump(mode="json"), rules.model_dump(mode="json")
    if before != after:
        work.put(RULES, {**after, "updated_at": work.now, "updated_by": by})
        changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        work.audit("anomaly_rules.changed", subject=RULES, actor=by, detail=changed)
    return rules
